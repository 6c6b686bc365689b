namespace Engram;

// The Lagrangians of neurons that compete along an axis: each reduces that axis.
public static partial class Lagrangians
{
    /// <summary>
    /// The log-sum-exp, log Σ exp(βxᵢ) / β, whose activation is the softmax of βx. Convex (not strictly: a constant
    /// may be added to x), smooth, stable for every finite x. The text's <c>lagr_softmax</c>.
    /// </summary>
    /// <param name="x">States, float32 or float64, of at least one dimension.</param>
    /// <param name="beta">The inverse temperature β, greater than 0.</param>
    /// <param name="axis">The axis along which neurons compete; from the end where negative.</param>
    /// <returns>The shape of <paramref name="x"/> without <paramref name="axis"/>.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="x"/> is not float32 or float64 or lacks the axis, or β is not one positive number.
    /// </exception>
    public static Tensor Softmax(Tensor x, double beta = 1.0, long axis = -1)
    {
        LagrangianGuard.Axis(x, axis);
        Guard.Positive(beta);
        return Scope.Run(() => LagrangianFormulas.Softmax(x, Constant.Like(x, beta), axis));
    }

    /// <inheritdoc cref="Softmax(Tensor, double, long)"/>
    public static Tensor Softmax(Tensor x, Tensor beta, long axis = -1)
    {
        LagrangianGuard.Axis(x, axis);
        LagrangianGuard.Parameter(beta);
        return Scope.Run(() => LagrangianFormulas.Softmax(x, Constant.Like(x, beta), axis));
    }

    /// <summary>
    /// <see cref="Softmax(Tensor, double, long)"/> as one would write it by hand: exponentials, sum, logarithm.
    /// Infinite in float32 from βx = 89 on, and for comparison only. The text's <c>lagr_softmax_unstable</c>.
    /// </summary>
    /// <inheritdoc cref="Softmax(Tensor, double, long)"/>
    public static Tensor SoftmaxUnstable(Tensor x, double beta = 1.0, long axis = -1)
    {
        LagrangianGuard.Axis(x, axis);
        Guard.Positive(beta);
        return Scope.Run(() => LagrangianFormulas.SoftmaxUnstable(x, Constant.Like(x, beta), axis));
    }

    /// <inheritdoc cref="SoftmaxUnstable(Tensor, double, long)"/>
    public static Tensor SoftmaxUnstable(Tensor x, Tensor beta, long axis = -1)
    {
        LagrangianGuard.Axis(x, axis);
        LagrangianGuard.Parameter(beta);
        return Scope.Run(() => LagrangianFormulas.SoftmaxUnstable(x, Constant.Like(x, beta), axis));
    }

    /// <summary>
    /// The log-sum-exp with a silent rival at 0, log(1 + Σ exp(βxᵢ)) / β, whose activation is the softmax with an
    /// extra 1 in its denominator, so that all neurons may be quiet. Strictly convex, smooth, stable for every
    /// finite x. HAMUX's <c>lagr_ghostmax</c>.
    /// </summary>
    /// <inheritdoc cref="Softmax(Tensor, double, long)"/>
    public static Tensor Ghostmax(Tensor x, double beta = 1.0, long axis = -1)
    {
        LagrangianGuard.Axis(x, axis);
        Guard.Positive(beta);
        return Scope.Run(() => LagrangianFormulas.Ghostmax(x, Constant.Like(x, beta), axis));
    }

    /// <inheritdoc cref="Ghostmax(Tensor, double, long)"/>
    public static Tensor Ghostmax(Tensor x, Tensor beta, long axis = -1)
    {
        LagrangianGuard.Axis(x, axis);
        LagrangianGuard.Parameter(beta);
        return Scope.Run(() => LagrangianFormulas.Ghostmax(x, Constant.Like(x, beta), axis));
    }

    /// <summary>
    /// The Lagrangian of layer normalisation, D γ √(Var x + ε) + Σ δᵢxᵢ, whose activation is
    /// γ (x − mean) / √(Var x + ε) + δ. Convex for γ ≥ 0; smooth for ε &gt; 0. The text's <c>lagr_layernorm</c>.
    /// </summary>
    /// <remarks>
    /// The text adds the sum of δx over all axes to every entry, so that a tensor of several rows counts it several
    /// times; here each row has its own.
    /// </remarks>
    /// <param name="x">States, float32 or float64, of at least one dimension.</param>
    /// <param name="gamma">The scale γ, at least 0.</param>
    /// <param name="delta">The shift δ.</param>
    /// <param name="axis">The axis that is normalised, D long; from the end where negative.</param>
    /// <param name="epsilon">ε, at least 0, added to the variance.</param>
    /// <returns>The shape of <paramref name="x"/> without <paramref name="axis"/>.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="x"/> is not float32 or float64 or lacks the axis, a parameter is not finite, γ is not one
    /// number at least 0, δ does not broadcast to <paramref name="x"/>, or ε is negative.
    /// </exception>
    public static Tensor LayerNorm(
        Tensor x, double gamma = 1.0, double delta = 0.0, long axis = -1, double epsilon = 1e-5)
    {
        LagrangianGuard.Axis(x, axis);
        LagrangianGuard.Norm(gamma, delta, epsilon);
        return Scope.Run(
            () => LagrangianFormulas.LayerNorm(x, Constant.Like(x, gamma), Constant.Like(x, delta), axis, epsilon));
    }

    /// <inheritdoc cref="LayerNorm(Tensor, double, double, long, double)"/>
    public static Tensor LayerNorm(
        Tensor x, Tensor gamma, Tensor delta, long axis = -1, double epsilon = 1e-5)
    {
        LagrangianGuard.Axis(x, axis);
        LagrangianGuard.Norm(x, gamma, delta, epsilon);
        return Scope.Run(
            () => LagrangianFormulas.LayerNorm(x, Constant.Like(x, gamma), Constant.Like(x, delta), axis, epsilon));
    }

    /// <summary>
    /// The Lagrangian of the spherical norm, γ √(Σ xᵢ² + ε) + Σ δᵢxᵢ, whose activation is γ x / √(Σ xᵢ² + ε) + δ.
    /// Convex for γ ≥ 0; smooth for ε &gt; 0. The text's <c>lagr_spherical_norm</c>.
    /// </summary>
    /// <inheritdoc cref="LayerNorm(Tensor, double, double, long, double)"/>
    public static Tensor SphericalNorm(
        Tensor x, double gamma = 1.0, double delta = 0.0, long axis = -1, double epsilon = 1e-5)
    {
        LagrangianGuard.Axis(x, axis);
        LagrangianGuard.Norm(gamma, delta, epsilon);
        return Scope.Run(() => LagrangianFormulas.SphericalNorm(
            x, Constant.Like(x, gamma), Constant.Like(x, delta), axis, epsilon));
    }

    /// <inheritdoc cref="SphericalNorm(Tensor, double, double, long, double)"/>
    public static Tensor SphericalNorm(
        Tensor x, Tensor gamma, Tensor delta, long axis = -1, double epsilon = 1e-5)
    {
        LagrangianGuard.Axis(x, axis);
        LagrangianGuard.Norm(x, gamma, delta, epsilon);
        return Scope.Run(() => LagrangianFormulas.SphericalNorm(
            x, Constant.Like(x, gamma), Constant.Like(x, delta), axis, epsilon));
    }
}
