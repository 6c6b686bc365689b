namespace Engram;

/// <summary>
/// Trigonometric random features with a bias, Φ(x) = √(2/Y) [cos(⟨ω¹, √β x⟩ + b¹) … cos(⟨ωʸ, √β x⟩ + bʸ)], F = Y.
/// Source: Rahimi and Recht 2007.
/// </summary>
public sealed class CosFeatures : RandomFeatures
{
    /// <summary>A map on given frequencies and biases.</summary>
    /// <param name="frequencies">ω, shape [Y, D], rows of standard normal law.</param>
    /// <param name="biases">b, shape [Y], uniform in [0, 2π): see <see cref="Engram.Frequencies.Biases"/>.</param>
    /// <param name="inverseTemperature">β &gt; 0.</param>
    /// <exception cref="ArgumentException">Wrong shapes or dtypes, NaN or infinite values, or a wrong β.</exception>
    public CosFeatures(Tensor frequencies, Tensor biases, double inverseTemperature)
        : base(frequencies, inverseTemperature, parts: 1, norm: Math.Sqrt(2))
    {
        Guard.Like(Guard.Vector(biases, Features), frequencies, nameof(biases));
        Biases = biases;
    }

    /// <summary>b, the biases, shape [Y].</summary>
    public Tensor Biases { get; }

    private protected override FeatureSums.Kind Kind => FeatureSums.Kind.Cos;

    private protected override Tensor? Shifts => Biases;

    private protected override Tensor[] Elements(Tensor projections, Tensor z, long from) =>
        [Shifted(projections, from).cos()];

    private protected override Tensor Slopes(Tensor[] elements, Tensor weights, Tensor projections, long from) =>
        Shifted(projections, from).sin() * -weights[0];

    private Tensor Shifted(Tensor projections, long from) =>
        projections + Biases.narrow(0, from, projections.shape[^1]);
}
