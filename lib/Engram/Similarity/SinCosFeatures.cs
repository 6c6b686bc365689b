namespace Engram;

/// <summary>
/// Trigonometric random features Φ(x) = [cos⟨ω¹, √β x⟩ … cos⟨ωʸ, √β x⟩, sin⟨ω¹, √β x⟩ … sin⟨ωʸ, √β x⟩] / √Y, F = 2Y.
/// Source: Rahimi and Recht 2007; <c>sin_cos_phi</c> of distributed memory.
/// </summary>
/// <param name="frequencies">ω, shape [Y, D], rows of standard normal law.</param>
/// <param name="inverseTemperature">β &gt; 0.</param>
public sealed class SinCosFeatures(Tensor frequencies, double inverseTemperature)
    : RandomFeatures(frequencies, inverseTemperature, parts: 2, norm: 1)
{
    private protected override FeatureSums.Kind Kind => FeatureSums.Kind.SinCos;

    private protected override Tensor[] Elements(Tensor projections, Tensor z, long from) =>
        [projections.cos(), projections.sin()];

    private protected override Tensor Slopes(Tensor[] elements, Tensor weights, Tensor projections, long from) =>
        elements[0] * weights[1] - elements[1] * weights[0];
}
