namespace Engram;

/// <summary>
/// The Lagrangian γ √(Σ x² + ε) + Σ δx, whose activation is γ x / √(Σ x² + ε) + δ, with learnable γ and δ.
/// The text's <c>LSphericalNorm</c>.
/// </summary>
public sealed class SphericalNormLagrangian : NormLagrangian
{
    /// <summary>A norm with one shift for all neurons.</summary>
    /// <param name="gamma">The first scale γ, at least 0.</param>
    /// <param name="delta">The first shift δ.</param>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <param name="axis">The axis that is normalised, negative: counted from the end, whatever the batch.</param>
    /// <param name="dimensions">The number of trailing dimensions that are neurons.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public SphericalNormLagrangian(
        double gamma = 1.0, double delta = 0.0, double epsilon = 1e-5, long axis = -1, int dimensions = 1)
        : base(nameof(SphericalNormLagrangian), gamma, delta, epsilon, axis, dimensions)
    {
    }

    /// <summary>A norm with a shift for each neuron.</summary>
    /// <param name="gamma">The first scale γ, at least 0.</param>
    /// <param name="delta">The first shifts δ, copied; they broadcast to the states.</param>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <param name="axis">The axis that is normalised, negative: counted from the end, whatever the batch.</param>
    /// <param name="dimensions">The number of trailing dimensions that are neurons.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    /// <exception cref="ArgumentException"><paramref name="delta"/> is not float32 or float64.</exception>
    public SphericalNormLagrangian(
        double gamma, Tensor delta, double epsilon = 1e-5, long axis = -1, int dimensions = 1)
        : base(nameof(SphericalNormLagrangian), gamma, delta, epsilon, axis, dimensions)
    {
    }

    /// <inheritdoc/>
    public override Tensor Terms(Tensor x) =>
        Scope.Run(() => Lagrangians.SphericalNorm(x, ClampedGamma, Delta, Axis, Epsilon));

    /// <inheritdoc/>
    public override Tensor Activation(Tensor x) =>
        Scope.Run(() => Activations.SphericalNorm(x, ClampedGamma, Delta, Axis, Epsilon));
}
