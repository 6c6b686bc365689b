namespace Engram;

/// <summary>
/// Symmetric positive random features Φ(x) = exp(−‖z‖²) [exp⟨ω¹, z⟩ …, exp(−⟨ω¹, z⟩) …] / √(2Y) with z = √β x, F = 2Y.
/// Source: Choromanski et al. 2021, for the RBF kernel; distributed memory, "Examples of random features".
/// </summary>
/// <remarks>
/// The mean is that of <see cref="PositiveExpFeatures"/>, and the variance is never larger. Its bounds on the range
/// hold here as well. The draft of the source prints neither exp(−‖z‖²) nor the 2 under the root.
/// </remarks>
/// <param name="frequencies">ω, shape [Y, D], rows of standard normal law.</param>
/// <param name="inverseTemperature">β &gt; 0.</param>
public sealed class SymmetricExpFeatures(Tensor frequencies, double inverseTemperature)
    : RandomFeatures(frequencies, inverseTemperature, parts: 2, norm: Math.Sqrt(0.5))
{
    private protected override FeatureSums.Kind Kind => FeatureSums.Kind.SymmetricExp;

    private protected override Tensor[] Elements(Tensor projections, Tensor z, long from)
    {
        var square = z.square().sum(-1, true);
        return [(projections - square).exp(), (-projections - square).exp()];
    }

    private protected override Tensor Slopes(Tensor[] elements, Tensor weights, Tensor projections, long from) =>
        elements[0] * weights[0] - elements[1] * weights[1];

    private protected override Tensor Complete(Tensor gradient, Tensor value, Tensor z) =>
        gradient - 2 * value.unsqueeze(-1) * z;
}
