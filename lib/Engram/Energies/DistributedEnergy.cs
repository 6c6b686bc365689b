namespace Engram;

/// <summary>
/// The approximate log-sum-exp energy Ẽ(v; T) = −1/β log max(⟨Φ(v), T⟩, ε) of a distributed memory T = Σ_μ Φ(ξ^μ).
/// Source: distributed memory, equation 2; <c>approx_lse_energy</c> there.
/// </summary>
/// <remarks>
/// Random features may give a product that is not positive: there the energy is cut to −1/β log ε, and the gradient
/// is 0, as the source's clip has it.
/// </remarks>
public sealed class DistributedEnergy : ClosedFormEnergy
{
    private readonly FeatureSum _sum;

    /// <summary>The energy of a distributed memory.</summary>
    /// <param name="featureMap">Φ; its β is the energy's.</param>
    /// <param name="memory">T, shape [F].</param>
    /// <param name="clip">ε &gt; 0.</param>
    /// <exception cref="ArgumentException">T of a wrong shape, dtype or device, with NaN or infinite values, or a wrong ε.</exception>
    public DistributedEnergy(IFeatureMap featureMap, Tensor memory, double clip = 1e-10)
        : this(new FeatureSum(featureMap, memory)) => Clip = Guard.Positive(clip);

    private DistributedEnergy(FeatureSum sum)
        : base(sum.Map.Dimension, sum.Memory.dtype, sum.Memory.device) => _sum = sum;

    /// <summary>Φ, the feature map.</summary>
    public IFeatureMap FeatureMap => _sum.Map;

    /// <summary>T, the distributed memory, shape [F].</summary>
    public Tensor Memory => _sum.Memory;

    /// <summary>ε, the least kernel sum.</summary>
    public double Clip { get; }

    /// <summary>β, the inverse temperature.</summary>
    public double InverseTemperature => FeatureMap.InverseTemperature;

    internal override Tensor ValueRows(Tensor states) => Log(_sum.Value(states).clamp_min(Clip));

    internal override (Tensor Value, Tensor Gradient) ValueAndGradientRows(Tensor states)
    {
        var (sum, slope) = _sum.ValueAndGradient(states);
        var clipped = sum.clamp_min(Clip);
        var factor = where(sum.ge(Clip), -1 / (InverseTemperature * clipped), zeros_like(sum));
        return (Log(clipped), slope * factor.unsqueeze(1));
    }

    private Tensor Log(Tensor clipped) => clipped.log() * (-1 / InverseTemperature);
}
