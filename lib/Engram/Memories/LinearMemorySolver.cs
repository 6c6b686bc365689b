namespace Engram;

/// <summary>
/// Fits W to keys and values: through a Cholesky factor of the smaller Gram matrix in float64 where its condition
/// leaves full accuracy to the input's dtype, else through the singular value decomposition of the keys.
/// </summary>
internal static class LinearMemorySolver
{
    // What a product in float32 may cost: 6e-8 times the condition of KKᵀ.
    private const double WellConditioned = 32;

    public static LinearMemoryState Solve(Tensor keys, Tensor values, double ridge, double tolerance)
    {
        CudaSolvers.Load(keys);
        var gram = MatrixProduct.Gram(keys.T);
        // What Cholesky may lose: 1e-8 of float32's 6e-8, 1e-12 in float64; and no singular value may be negligible.
        var limit = Math.Min(keys.dtype == ScalarType.Float32 ? 1e8 : 1e4, Math.Pow(tolerance, -2));
        if (keys.shape[1] == 0) return Empty(gram, Zeros(keys, values.shape[0]), ridge);
        return (keys.shape[1] < keys.shape[0] && ridge == 0
                ? ThroughColumns(keys, values, gram, limit)
                : ThroughRows(keys, values, gram, ridge, limit))
            ?? ThroughSingularValues(keys, values, gram, ridge, tolerance);
    }

    private static Tensor Zeros(Tensor keys, long rows) =>
        torch.zeros(rows, keys.shape[0], dtype: ScalarType.Float64, device: keys.device);

    private static Tensor Identity(Tensor gram) => torch.eye(gram.shape[0], dtype: gram.dtype, device: gram.device);

    private static LinearMemoryState Empty(Tensor gram, Tensor cross, double ridge) =>
        ridge > 0
            ? new(cross, gram, Identity(gram) / ridge, residual: null, rank: null)
            : new(cross, gram, torch.zeros_like(gram), Identity(gram), rank: 0);

    // d ≤ n, or ridge: S = (KKᵀ + λI)⁻¹ and W = VKᵀS.
    private static LinearMemoryState? ThroughRows(Tensor keys, Tensor values, Tensor gram, double ridge, double limit)
    {
        var (inverse, condition) = Inverse(ridge > 0 ? gram + Identity(gram) * ridge : gram);
        if (inverse is null || condition > limit) return null;
        var cross = MatrixProduct.Cross(values.T, keys.T, wide: condition > WellConditioned * WellConditioned);
        return new(MatrixProduct.Of(cross, inverse), gram, inverse, residual: null, rank: ridge > 0 ? null : gram.shape[0]);
    }

    // n < d: with P = K(KᵀK)⁻¹ = (K⁺)ᵀ, W = VPᵀ and S = PPᵀ.
    private static LinearMemoryState? ThroughColumns(Tensor keys, Tensor values, Tensor gram, double limit)
    {
        var (k, v) = (keys.to(ScalarType.Float64), values.to(ScalarType.Float64));
        var (inverse, condition) = Inverse(MatrixProduct.Gram(k));
        if (inverse is null || condition > limit) return null;
        var p = MatrixProduct.Of(k, inverse);
        return new(MatrixProduct.Of(v, p.T), gram, MatrixProduct.Of(p, p.T), Identity(gram) - MatrixProduct.Of(p, k.T), keys.shape[1]);
    }

    private static LinearMemoryState ThroughSingularValues(
        Tensor keys, Tensor values, Tensor gram, double ridge, double tolerance)
    {
        var (u, sigma, vh) = torch.linalg.svd(keys.to(ScalarType.Float64), fullMatrices: false);
        var rank = sigma.greater(sigma.max() * tolerance).sum().item<long>();
        (u, sigma, vh) = (u.narrow(1, 0, rank), sigma.narrow(0, 0, rank), vh.narrow(0, 0, rank));
        var shrunk = sigma * sigma + ridge;
        var weights = (values.to(ScalarType.Float64).mm(vh.T) * (sigma / shrunk)).mm(u.T);
        if (ridge == 0)
            return new(weights, gram, (u / shrunk).mm(u.T), Identity(gram) - u.mm(u.T), rank);
        // Where no key reaches, λ alone is inverted.
        var inverse = (u * (1 / shrunk - 1 / ridge)).mm(u.T) + Identity(gram) / ridge;
        return new(weights, gram, inverse, residual: null, rank: null);
    }

    // The inverse and the condition in the 1-norm; null where it is not positive definite.
    private static (Tensor? Inverse, double Condition) Inverse(Tensor gram)
    {
        var (factor, info) = torch.linalg.cholesky_ex(gram);
        if (info.item<int>() != 0) return (null, double.PositiveInfinity);
        var inverse = torch.cholesky_inverse(factor);
        return (inverse, OneNorm(gram) * OneNorm(inverse));
    }

    private static double OneNorm(Tensor matrix) => matrix.abs().sum(dim: 0).max().item<double>();
}
