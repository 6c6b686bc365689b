namespace Engram;

/// <summary>The Lagrangian ½ Σ x², whose activation is x. The text's <c>LIdentity</c>.</summary>
/// <param name="dimensions">The number of trailing dimensions that are neurons.</param>
public sealed class IdentityLagrangian(int dimensions = 1) : Lagrangian(nameof(IdentityLagrangian), dimensions)
{
    /// <inheritdoc/>
    public override Tensor Terms(Tensor x) => Lagrangians.Identity(x);

    /// <inheritdoc/>
    public override Tensor Activation(Tensor x) => Activations.Identity(x);
}
