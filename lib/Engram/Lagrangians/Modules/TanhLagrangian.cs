namespace Engram;

/// <summary>The Lagrangian Σ log cosh(βx) / β, whose activation is tanh(βx), with a learnable β. The text's <c>LTanh</c>.</summary>
/// <param name="beta">The first β, greater than 0.</param>
/// <param name="minBeta">The smallest β that is used, greater than 0.</param>
/// <param name="dimensions">The number of trailing dimensions that are neurons.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
public sealed class TanhLagrangian(double beta = 1.0, double minBeta = 1e-6, int dimensions = 1)
    : TemperedLagrangian(nameof(TanhLagrangian), beta, minBeta, dimensions)
{
    /// <inheritdoc/>
    public override Tensor Terms(Tensor x) => Scope.Run(() => Lagrangians.Tanh(x, ClampedBeta));

    /// <inheritdoc/>
    public override Tensor Activation(Tensor x) => Scope.Run(() => Activations.Tanh(x, ClampedBeta));
}
