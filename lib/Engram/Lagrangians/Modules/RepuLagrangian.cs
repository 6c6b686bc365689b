namespace Engram;

/// <summary>The Lagrangian Σ max(x, 0)ⁿ / n, whose activation is max(x, 0)ⁿ⁻¹. The text's <c>LRepu</c>.</summary>
/// <param name="degree">The degree n, greater than 1; by default that of the rectified linear unit.</param>
/// <param name="dimensions">The number of trailing dimensions that are neurons.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="degree"/> is not greater than 1.</exception>
public sealed class RepuLagrangian(double degree = 2, int dimensions = 1)
    : Lagrangian(nameof(RepuLagrangian), dimensions)
{
    /// <summary>The degree n. It is not learnt.</summary>
    public double Degree { get; } = LagrangianGuard.Degree(degree);

    /// <inheritdoc/>
    public override Tensor Terms(Tensor x) => Lagrangians.Repu(x, Degree);

    /// <inheritdoc/>
    public override Tensor Activation(Tensor x) => Activations.Repu(x, Degree);
}
