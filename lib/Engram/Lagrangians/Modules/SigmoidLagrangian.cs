using TorchSharp.Modules;

namespace Engram;

/// <summary>
/// The Lagrangian Σ s log(1 + exp(βx)) / β, whose activation is s σ(βx), with learnable β and s. The text's
/// <c>LSigmoid</c>.
/// </summary>
public sealed class SigmoidLagrangian : TemperedLagrangian
{
    private const string ScaleName = "scale";

    /// <summary>A sigmoid of a first steepness and height.</summary>
    /// <param name="beta">The first β, greater than 0.</param>
    /// <param name="scale">The first height s, greater than 0.</param>
    /// <param name="minBeta">The smallest β that is used, greater than 0.</param>
    /// <param name="dimensions">The number of trailing dimensions that are neurons.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public SigmoidLagrangian(double beta = 1.0, double scale = 1.0, double minBeta = 1e-6, int dimensions = 1)
        : base(nameof(SigmoidLagrangian), beta, minBeta, dimensions) => Learn(ScaleName, Guard.Positive(scale));

    /// <summary>The learnable height s as the optimiser sees it, a number; where negative, 0 is used.</summary>
    public Parameter Scale => get_parameter(ScaleName)!;

    /// <inheritdoc/>
    public override Tensor Terms(Tensor x) => Scope.Run(() => Lagrangians.Sigmoid(x, ClampedBeta, Scale.clamp_min(0)));

    /// <inheritdoc/>
    public override Tensor Activation(Tensor x) =>
        Scope.Run(() => Activations.Sigmoid(x, ClampedBeta, Scale.clamp_min(0)));
}
