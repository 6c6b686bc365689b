namespace Engram;

/// <summary>
/// The kernel sum without its logarithm, E(v; Ξ) = −Σ_μ κ(√β v, √β ξ^μ), with the gradient β Σ_μ κ_μ (v − ξ^μ).
/// Source: distributed memory, "Viewing energy as a kernel sum". Accuracy as of <see cref="LogSumExpEnergy"/>.
/// </summary>
public sealed class KernelSumEnergy : ClosedFormEnergy
{
    private readonly MemorySet _set;

    /// <summary>The energy of given memories.</summary>
    /// <param name="memories">Ξ, shape [K, D], K ≥ 1.</param>
    /// <param name="inverseTemperature">β &gt; 0.</param>
    /// <exception cref="ArgumentException">No memory, a wrong shape or dtype, NaN or infinite values, or a wrong β.</exception>
    public KernelSumEnergy(Tensor memories, double inverseTemperature)
        : this(new MemorySet(memories, inverseTemperature)) => InverseTemperature = inverseTemperature;

    private KernelSumEnergy(MemorySet set)
        : base(set.Memories.shape[1], set.Memories.dtype, set.Memories.device) => _set = set;

    /// <summary>Ξ, the memories, shape [K, D].</summary>
    public Tensor Memories => _set.Memories;

    /// <summary>β, the inverse temperature.</summary>
    public double InverseTemperature { get; }

    internal override Tensor ValueRows(Tensor states) =>
        FastPaths.TakesExact(Memories, states)
            ? ExactEnergies.Of(Memories, states, InverseTemperature, logarithm: false, gradients: false).Value
            : PlainValueRows(states);

    internal override (Tensor Value, Tensor Gradient) ValueAndGradientRows(Tensor states)
    {
        if (!FastPaths.TakesExact(Memories, states)) return PlainValueAndGradientRows(states);
        var (value, gradient) = ExactEnergies.Of(Memories, states, InverseTemperature, logarithm: false, gradients: true);
        return (value, gradient!);
    }

    internal override Descent? FastDescent(Tensor state, DescentOptions options, CancellationToken cancellation) =>
        FastPaths.TakesExact(Memories, state)
            ? ExactDescents.Run(Memories, InverseTemperature, logarithm: false, state, options, cancellation)
            : null;

    /// <summary>Energies by libtorch's operations.</summary>
    internal Tensor PlainValueRows(Tensor states) =>
        Blocks.Rows(states, _set.RowBlock, rows => -Kernels(rows).sum(-1));

    /// <summary>Energies and gradients by libtorch's operations.</summary>
    internal (Tensor Value, Tensor Gradient) PlainValueAndGradientRows(Tensor states) =>
        Blocks.Rows(states, _set.RowBlock, rows =>
        {
            var kernels = Kernels(rows);
            var sum = kernels.sum(-1);
            return (-sum, (sum.unsqueeze(1) * rows - kernels.mm(Memories)) * InverseTemperature);
        });

    private Tensor Kernels(Tensor rows)
    {
        var (relative, offset) = _set.Exponents(rows);
        return (offset is null ? relative : relative - (offset * InverseTemperature).unsqueeze(1)).exp();
    }
}
