namespace Engram;

/// <summary>How a <see cref="LinearMemory"/> is fitted.</summary>
public sealed record LinearMemoryOptions
{
    /// <summary>λ ≥ 0: the minimum of ‖V - WK‖² + λ‖W‖² is taken. 0, the default, is Kohonen's pseudoinverse.</summary>
    public double Ridge { get; init; }

    /// <summary>
    /// Singular values of the keys below this fraction of the greatest count as zero. By default, as in
    /// <c>torch.linalg.pinv</c>, max(d, n) times the dtype's machine epsilon.
    /// </summary>
    public double? Tolerance { get; init; }
}
