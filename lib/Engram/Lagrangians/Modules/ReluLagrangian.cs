namespace Engram;

/// <summary>The Lagrangian ½ Σ max(x, 0)², whose activation is max(x, 0). The text's <c>LRelu</c>.</summary>
/// <param name="dimensions">The number of trailing dimensions that are neurons.</param>
public sealed class ReluLagrangian(int dimensions = 1) : Lagrangian(nameof(ReluLagrangian), dimensions)
{
    /// <inheritdoc/>
    public override Tensor Terms(Tensor x) => Lagrangians.Relu(x);

    /// <inheritdoc/>
    public override Tensor Activation(Tensor x) => Activations.Relu(x);
}
