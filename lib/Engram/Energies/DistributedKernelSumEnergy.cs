namespace Engram;

/// <summary>
/// The approximate kernel sum without its logarithm, E(v; T) = −⟨Φ(v), T⟩: no clip, and a gradient everywhere.
/// Source: distributed memory, "Simplifying the kernel sum with random features".
/// </summary>
public sealed class DistributedKernelSumEnergy : ClosedFormEnergy
{
    private readonly FeatureSum _sum;

    /// <summary>The energy of a distributed memory.</summary>
    /// <param name="featureMap">Φ; its β is the energy's.</param>
    /// <param name="memory">T, shape [F].</param>
    /// <exception cref="ArgumentException">T of a wrong shape, dtype or device, or with NaN or infinite values.</exception>
    public DistributedKernelSumEnergy(IFeatureMap featureMap, Tensor memory)
        : this(new FeatureSum(featureMap, memory))
    {
    }

    private DistributedKernelSumEnergy(FeatureSum sum)
        : base(sum.Map.Dimension, sum.Memory.dtype, sum.Memory.device) => _sum = sum;

    /// <summary>Φ, the feature map.</summary>
    public IFeatureMap FeatureMap => _sum.Map;

    /// <summary>T, the distributed memory, shape [F].</summary>
    public Tensor Memory => _sum.Memory;

    internal override Tensor ValueRows(Tensor states) => -_sum.Value(states);

    internal override (Tensor Value, Tensor Gradient) ValueAndGradientRows(Tensor states)
    {
        var (sum, slope) = _sum.ValueAndGradient(states);
        return (-sum, -slope);
    }
}
