namespace Engram;

/// <summary>The Lagrangian Σ exp(βx̄) / β − x̄ with x̄ = max(x, 0), whose activation is exp(βx̄) − 1, with a learnable β. The text's <c>LRexp</c>.</summary>
/// <param name="beta">The first β, greater than 0.</param>
/// <param name="minBeta">The smallest β that is used, greater than 0.</param>
/// <param name="dimensions">The number of trailing dimensions that are neurons.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
public sealed class RexpLagrangian(double beta = 1.0, double minBeta = 1e-6, int dimensions = 1)
    : TemperedLagrangian(nameof(RexpLagrangian), beta, minBeta, dimensions)
{
    /// <inheritdoc/>
    public override Tensor Terms(Tensor x) => Scope.Run(() => Lagrangians.Rexp(x, ClampedBeta));

    /// <inheritdoc/>
    public override Tensor Activation(Tensor x) => Scope.Run(() => Activations.Rexp(x, ClampedBeta));
}
