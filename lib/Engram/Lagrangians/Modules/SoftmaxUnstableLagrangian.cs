namespace Engram;

/// <summary><see cref="SoftmaxLagrangian"/> written by hand, value and gradient: infinite or undefined in float32 from βx = 89 on. The text's <c>LSoftmaxUnstable</c>.</summary>
/// <param name="beta">The first β, greater than 0.</param>
/// <param name="axis">The axis along which neurons compete, negative: counted from the end, whatever the batch.</param>
/// <param name="minBeta">The smallest β that is used, greater than 0.</param>
/// <param name="dimensions">The number of trailing dimensions that are neurons.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range, or the axis is not a neurons' one.</exception>
public sealed class SoftmaxUnstableLagrangian(double beta = 1.0, long axis = -1, double minBeta = 1e-6, int dimensions = 1)
    : TemperedLagrangian(nameof(SoftmaxUnstableLagrangian), beta, minBeta, dimensions)
{
    /// <summary>The axis along which neurons compete, counted from the end.</summary>
    public long Axis { get; } = LagrangianGuard.NeuronAxis(axis, dimensions);

    /// <inheritdoc/>
    public override Tensor Terms(Tensor x) => Scope.Run(() => Lagrangians.SoftmaxUnstable(x, ClampedBeta, Axis));
}
