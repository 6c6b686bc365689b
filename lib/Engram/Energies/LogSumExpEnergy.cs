namespace Engram;

/// <summary>
/// The log-sum-exp energy E(v; Ξ) = −1/β log Σ_μ exp(−β/2 ‖v − ξ^μ‖²), with the gradient v − Σ_μ softmax_μ ξ^μ.
/// Source: distributed memory, equation 1; <c>lse_energy</c> there.
/// </summary>
/// <remarks>
/// Up to K·D = 1024 distances are differences, and the energy is good to some ε of its size. Above it they are
/// products about the mean of the memories, with an absolute error of some ε·R², R the largest distance from that mean.
/// The memories are not copied: do not change them in place.
/// </remarks>
public sealed class LogSumExpEnergy : ClosedFormEnergy
{
    private readonly MemorySet _set;

    /// <summary>The energy of given memories.</summary>
    /// <param name="memories">Ξ, shape [K, D], K ≥ 1.</param>
    /// <param name="inverseTemperature">β &gt; 0.</param>
    /// <exception cref="ArgumentException">No memory, a wrong shape or dtype, NaN or infinite values, or a wrong β.</exception>
    public LogSumExpEnergy(Tensor memories, double inverseTemperature)
        : this(new MemorySet(memories, inverseTemperature)) => InverseTemperature = inverseTemperature;

    private LogSumExpEnergy(MemorySet set)
        : base(set.Memories.shape[1], set.Memories.dtype, set.Memories.device) => _set = set;

    /// <summary>Ξ, the memories, shape [K, D].</summary>
    public Tensor Memories => _set.Memories;

    /// <summary>β, the inverse temperature.</summary>
    public double InverseTemperature { get; }

    internal override Tensor ValueRows(Tensor states) =>
        FastPaths.TakesExact(Memories, states)
            ? ExactEnergies.Of(Memories, states, InverseTemperature, logarithm: true, gradients: false).Value
            : PlainValueRows(states);

    internal override (Tensor Value, Tensor Gradient) ValueAndGradientRows(Tensor states)
    {
        if (!FastPaths.TakesExact(Memories, states)) return PlainValueAndGradientRows(states);
        var (value, gradient) = ExactEnergies.Of(Memories, states, InverseTemperature, logarithm: true, gradients: true);
        return (value, gradient!);
    }

    internal override Descent? FastDescent(Tensor state, DescentOptions options, CancellationToken cancellation) =>
        FastPaths.TakesExact(Memories, state)
            ? ExactDescents.Run(Memories, InverseTemperature, logarithm: true, state, options, cancellation)
            : null;

    /// <summary>Energies by libtorch's operations.</summary>
    internal Tensor PlainValueRows(Tensor states) =>
        Blocks.Rows(states, _set.RowBlock, rows =>
        {
            var (relative, offset) = _set.Exponents(rows);
            return Shifted(relative.logsumexp(1), offset);
        });

    /// <summary>Energies and gradients by libtorch's operations.</summary>
    internal (Tensor Value, Tensor Gradient) PlainValueAndGradientRows(Tensor states) =>
        Blocks.Rows(states, _set.RowBlock, rows =>
        {
            var (relative, offset) = _set.Exponents(rows);
            var value = Shifted(relative.logsumexp(1), offset);
            return (value, rows - relative.softmax(1).mm(Memories));
        });

    private Tensor Shifted(Tensor logSum, Tensor? offset)
    {
        var value = logSum * (-1 / InverseTemperature);
        return offset is null ? value : value + offset;
    }
}
