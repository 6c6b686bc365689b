namespace Engram;

/// <summary>
/// Positive random features Φ(x) = exp(−‖z‖²) [exp⟨ω¹, z⟩ … exp⟨ωʸ, z⟩] / √Y with z = √β x, F = Y.
/// Source: Choromanski et al. 2021, for the RBF kernel.
/// </summary>
/// <remarks>
/// E exp⟨ω, x + y⟩ = exp(½‖x + y‖²), so that E⟨Φ(x), Φ(y)⟩ = exp(½‖x + y‖² − ‖x‖² − ‖y‖²) = exp(−½‖x − y‖²).
/// The exponents are added before the exponential: ⟨ω, z⟩ − ‖z‖² ≤ ‖ω‖²/4, so that no feature overflows in float32
/// up to about D = 350. The variance grows with ‖x + y‖: the map is for vectors near the origin.
/// </remarks>
/// <param name="frequencies">ω, shape [Y, D], rows of standard normal law.</param>
/// <param name="inverseTemperature">β &gt; 0.</param>
public sealed class PositiveExpFeatures(Tensor frequencies, double inverseTemperature)
    : RandomFeatures(frequencies, inverseTemperature, parts: 1, norm: 1)
{
    private protected override FeatureSums.Kind Kind => FeatureSums.Kind.PositiveExp;

    private protected override Tensor[] Elements(Tensor projections, Tensor z, long from) =>
        [(projections - z.square().sum(-1, true)).exp()];

    private protected override Tensor Slopes(Tensor[] elements, Tensor weights, Tensor projections, long from) =>
        elements[0] * weights[0];

    private protected override Tensor Complete(Tensor gradient, Tensor value, Tensor z) =>
        gradient - 2 * value.unsqueeze(-1) * z;
}
