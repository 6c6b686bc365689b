namespace Engram;

/// <summary>
/// Kohonen's optimal linear associative mapping: the matrix W with least ‖V - WK‖², and least ‖W‖ among those,
/// W = VK⁺. Source: Kohonen and Ruohonen, "Representation of associated data by matrix operators" (1973).
/// </summary>
/// <remarks>
/// As in the source, a key is a column: K has shape [d_k, n] and V [d_v, n]. The memory holds matrices of
/// d_k × d_k and d_v × d_k in float64 whatever n is, and fits without a matrix of n × n.
/// </remarks>
public sealed class LinearMemory : IDisposable
{
    private readonly LinearMemoryState _state;
    private readonly LinearMemoryOptions _options;
    private readonly Tensor _weights;

    private LinearMemory(LinearMemoryState state, LinearMemoryOptions options, Tensor keys)
    {
        (_state, _options) = (state, options);
        Pairs = keys.shape[1];
        _weights = state.Weights.to(keys.dtype, copy: true).DetachFromDisposeScope();
    }

    /// <summary>W, shape [d_v, d_k], dtype and device of the keys. Owned by the memory: clone it to keep it.</summary>
    public Tensor Weights => _weights;

    /// <summary>The number n of pairs that were stored.</summary>
    public long Pairs { get; private set; }

    /// <summary>The number of linearly independent keys, to the tolerance; at most d_k and at most n.</summary>
    public long Rank => _state.Rank ?? LinearMemoryState.NumericRank(_state.Gram, Tolerance);

    /// <summary>
    /// The greatest over the least singular value of the keys within their range (with ridge, of [K, √λ I]): about
    /// by how much an error in a key or value may grow in W. 1 for orthonormal keys, NaN for an empty memory.
    /// </summary>
    public double Condition => _state.Condition(_options.Ridge);

    /// <summary>Fits values to keys (hetero-association).</summary>
    /// <param name="keys">K, shape [d_k, n], float32 or float64; n may be 0, less than, equal to or more than d_k.</param>
    /// <param name="values">V, shape [d_v, n], the dtype and device of the keys.</param>
    /// <param name="options">Ridge and tolerance.</param>
    /// <exception cref="ArgumentException">Wrong shapes or dtypes, or values that are not finite.</exception>
    public static LinearMemory Fit(Tensor keys, Tensor values, LinearMemoryOptions? options = null)
    {
        options ??= new();
        Check(options);
        Guard.Finite(Guard.Rank(Guard.Floating(keys), 2));
        if (keys.shape[0] == 0) throw new ArgumentException("keys has shape [0, n]; at least one row is wanted.", nameof(keys));
        Guard.Finite(Guard.Rank(Guard.Like(values, keys), 2));
        if (values.shape[1] != keys.shape[1])
            throw new ArgumentException(
                $"values has shape {Guard.Shape(values)}; [d, {keys.shape[1]}], a column for each key, is wanted.",
                nameof(values));
        TorchNatives.Load();
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.no_grad();
        var tolerance = options.Tolerance ?? DefaultTolerance(keys.shape[0], keys.shape[1], keys.dtype);
        return new(LinearMemorySolver.Solve(keys, values, options.Ridge, tolerance), options, keys);
    }

    /// <summary>Fits keys to themselves (auto-association): W is then the projector onto their span.</summary>
    /// <param name="keys">K, shape [d, n].</param>
    /// <param name="options">Ridge and tolerance.</param>
    /// <exception cref="ArgumentException">As <see cref="Fit"/>.</exception>
    public static LinearMemory FitAuto(Tensor keys, LinearMemoryOptions? options = null) => Fit(keys, keys, options);

    /// <summary>Wk for each column k.</summary>
    /// <param name="keys">Shape [d_k] for one key, or [..., d_k, m].</param>
    /// <returns>Shape [d_v], or [..., d_v, m].</returns>
    /// <exception cref="ArgumentException">Another d_k, dtype or device.</exception>
    public Tensor Recall(Tensor keys)
    {
        Guard.Like(keys, _weights);
        if (keys.dim() == 0 || keys.shape[keys.dim() == 1 ? 0 : ^2] != _weights.shape[1])
            throw new ArgumentException(
                $"keys has shape {Guard.Shape(keys)}; [{_weights.shape[1]}] or [..., {_weights.shape[1]}, m] is wanted.",
                nameof(keys));
        return Scope.Run(() => keys.dim() == 2 ? MatrixProduct.Of(_weights, keys) : torch.matmul(_weights, keys));
    }

    /// <summary>
    /// Stores one more pair, as if all had been fitted together: O(d²), whatever n is. Source: Greville (1960) for W;
    /// Meyer (1973) for the inverse Gram matrix.
    /// </summary>
    /// <param name="key">Shape [d_k].</param>
    /// <param name="value">Shape [d_v].</param>
    /// <exception cref="ArgumentException">Wrong shapes or dtypes, or values that are not finite.</exception>
    public void Add(Tensor key, Tensor value)
    {
        Guard.Finite(Guard.LastDimension(Guard.Rank(Guard.Like(key, _weights), 1), _weights.shape[1]));
        Guard.Finite(Guard.LastDimension(Guard.Rank(Guard.Like(value, _weights), 1), _weights.shape[0]));
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.no_grad();
        _state.Add(key.to(ScalarType.Float64), value.to(ScalarType.Float64), Tolerance);
        _weights.copy_(_state.Weights);
        Pairs++;
    }

    /// <summary>Frees the memory's tensors.</summary>
    public void Dispose()
    {
        _weights.Dispose();
        _state.Dispose();
    }

    private double Tolerance => _options.Tolerance ?? DefaultTolerance(_weights.shape[1], Pairs, _weights.dtype);

    private static double DefaultTolerance(long d, long n, ScalarType dtype) =>
        Math.Max(d, n) * torch.finfo(dtype).eps;

    private static void Check(LinearMemoryOptions options)
    {
        if (!(options.Ridge >= 0 && double.IsFinite(options.Ridge)))
            throw new ArgumentOutOfRangeException(
                nameof(options), options.Ridge, "Ridge must be finite and not negative.");
        if (options.Tolerance is { } tolerance && !(tolerance >= 0 && tolerance < 1))
            throw new ArgumentOutOfRangeException(
                nameof(options), tolerance, "Tolerance must be at least 0 and less than 1.");
    }
}
