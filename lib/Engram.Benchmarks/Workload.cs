namespace Engram.Benchmarks;

/// <summary>One line of the table.</summary>
/// <param name="Name">The name that the peer's script knows it by.</param>
/// <param name="Title">What it is.</param>
/// <param name="Target">The ratio to PyTorch's best form that is aimed at.</param>
/// <param name="Cost">What it cannot do without.</param>
/// <param name="Prepare">Makes the inputs and answers the work.</param>
internal sealed record Workload(string Name, string Title, double Target, Cost Cost, Func<Action> Prepare)
{
    /// <summary>The same work with the fused loops switched off: libtorch's operations one after the other.</summary>
    public bool HasPlain { get; init; } = true;

    /// <summary>The target against the form that a user writes first, where that is another.</summary>
    public double? AsWrittenTarget { get; init; }
}
