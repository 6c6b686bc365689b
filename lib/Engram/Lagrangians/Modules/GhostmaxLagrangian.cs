namespace Engram;

/// <summary>The Lagrangian log(1 + Σ exp(βx)) / β, whose activation is the softmax with an extra 1 below, with a learnable β. HAMUX's <c>lagr_ghostmax</c> as a module.</summary>
/// <param name="beta">The first β, greater than 0.</param>
/// <param name="axis">The axis along which neurons compete, negative: counted from the end, whatever the batch.</param>
/// <param name="minBeta">The smallest β that is used, greater than 0.</param>
/// <param name="dimensions">The number of trailing dimensions that are neurons.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range, or the axis is not a neurons' one.</exception>
public sealed class GhostmaxLagrangian(double beta = 1.0, long axis = -1, double minBeta = 1e-6, int dimensions = 1)
    : TemperedLagrangian(nameof(GhostmaxLagrangian), beta, minBeta, dimensions)
{
    /// <summary>The axis along which neurons compete, counted from the end.</summary>
    public long Axis { get; } = LagrangianGuard.NeuronAxis(axis, dimensions);

    /// <inheritdoc/>
    public override Tensor Terms(Tensor x) => Scope.Run(() => Lagrangians.Ghostmax(x, ClampedBeta, Axis));

    /// <inheritdoc/>
    public override Tensor Activation(Tensor x) => Scope.Run(() => Activations.Ghostmax(x, ClampedBeta, Axis));
}
