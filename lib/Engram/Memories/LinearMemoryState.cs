namespace Engram;

/// <summary>
/// What a linear memory knows, all in float64 and of a size that does not grow with n: W, G = KKᵀ, its inverse
/// S = (G + λI)⁺, and the projector R = I - KK⁺ onto what no key spans (null where that is nothing, or with ridge).
/// Updated in place.
/// </summary>
internal sealed class LinearMemoryState : IDisposable
{
    private readonly Tensor _inverse;
    private Tensor? _residual;

    public LinearMemoryState(Tensor weights, Tensor gram, Tensor inverse, Tensor? residual, long? rank)
    {
        Weights = weights.DetachFromDisposeScope();
        Gram = gram.DetachFromDisposeScope();
        _inverse = inverse.DetachFromDisposeScope();
        _residual = residual?.DetachFromDisposeScope();
        Rank = rank;
    }

    /// <summary>W, shape [d_v, d_k].</summary>
    public Tensor Weights { get; }

    /// <summary>G = KKᵀ, shape [d_k, d_k].</summary>
    public Tensor Gram { get; }

    /// <summary>The keys' rank; null with ridge, where none is decided on.</summary>
    public long? Rank { get; private set; }

    /// <summary>The number of eigenvalues of KKᵀ that are not negligible.</summary>
    public static long NumericRank(Tensor gram, double tolerance)
    {
        using var scope = torch.NewDisposeScope();
        var eigenvalues = torch.linalg.eigvalsh(gram);
        // The Gram matrix knows squares only, so nothing finer than its own rounding can be told apart.
        var fraction = Math.Max(tolerance * tolerance, gram.shape[0] * torch.finfo(ScalarType.Float64).eps);
        return eigenvalues.greater(eigenvalues.max() * fraction).sum().item<long>();
    }

    /// <summary>√(λmax(G + λI)·λmax(S)): each factor is known to full relative accuracy.</summary>
    public double Condition(double ridge)
    {
        using var scope = torch.NewDisposeScope();
        var greatest = Greatest(Gram) + ridge;
        return greatest > 0 ? Math.Sqrt(greatest * Greatest(_inverse)) : double.NaN;
    }

    /// <summary>One more pair.</summary>
    public void Add(Tensor key, Tensor value, double tolerance)
    {
        var image = _inverse.mv(key);
        var gain = _residual?.mv(key) is { } fresh && IsIndependent(fresh, key, tolerance)
            ? AddIndependent(fresh, image, key)
            : AddDependent(image, key);
        Weights.addr_(value - Weights.mv(key), gain);
        Gram.addr_(key, key);
    }

    public void Dispose()
    {
        Weights.Dispose();
        Gram.Dispose();
        _inverse.Dispose();
        _residual?.Dispose();
    }

    private static double Greatest(Tensor symmetric) =>
        symmetric.numel() == 0 ? 0 : torch.linalg.eigvalsh(symmetric)[-1].item<double>();

    // 1e-10: the rounding that many updates leave in the projector.
    private static bool IsIndependent(Tensor fresh, Tensor key, double tolerance) =>
        fresh.norm().item<double>() > Math.Max(tolerance, 1e-10) * key.norm().item<double>();

    // The key has a part c = Rk that no earlier key has: b = c/(cᵀc).
    private Tensor AddIndependent(Tensor fresh, Tensor image, Tensor key)
    {
        var gain = fresh / fresh.dot(fresh);
        _inverse.addr_(gain, image, alpha: -1).addr_(image, gain, alpha: -1);
        _inverse.addr_(gain * (key.dot(image) + 1), gain);
        _residual!.addr_(fresh, gain, alpha: -1);
        Rank++;
        if (Rank != key.shape[0]) return gain;
        _residual.Dispose();
        _residual = null;
        return gain;
    }

    // The key lies in the span of the others: b = Sk/(1 + kᵀSk), Sherman and Morrison's.
    private Tensor AddDependent(Tensor image, Tensor key)
    {
        var gain = image / (key.dot(image) + 1);
        _inverse.addr_(gain, image, alpha: -1);
        return gain;
    }
}
