namespace Engram;

// The activations of neurons that compete along an axis.
public static partial class Activations
{
    /// <summary>The softmax of βx along an axis.</summary>
    /// <inheritdoc cref="Lagrangians.Softmax(Tensor, double, long)"/>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    public static Tensor Softmax(Tensor x, double beta = 1.0, long axis = -1)
    {
        LagrangianGuard.Axis(x, axis);
        Guard.Positive(beta);
        return Scope.Run(() => LagrangianFormulas.SoftmaxActivation(x, Constant.Like(x, beta), axis));
    }

    /// <inheritdoc cref="Softmax(Tensor, double, long)"/>
    public static Tensor Softmax(Tensor x, Tensor beta, long axis = -1)
    {
        LagrangianGuard.Axis(x, axis);
        LagrangianGuard.Parameter(beta);
        return Scope.Run(() => LagrangianFormulas.SoftmaxActivation(x, Constant.Like(x, beta), axis));
    }

    /// <summary>The softmax of βx with an extra 1 in its denominator, so that it may sum to less than 1.</summary>
    /// <inheritdoc cref="Lagrangians.Ghostmax(Tensor, double, long)"/>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    public static Tensor Ghostmax(Tensor x, double beta = 1.0, long axis = -1)
    {
        LagrangianGuard.Axis(x, axis);
        Guard.Positive(beta);
        return Scope.Run(() => LagrangianFormulas.GhostmaxActivation(x, Constant.Like(x, beta), axis));
    }

    /// <inheritdoc cref="Ghostmax(Tensor, double, long)"/>
    public static Tensor Ghostmax(Tensor x, Tensor beta, long axis = -1)
    {
        LagrangianGuard.Axis(x, axis);
        LagrangianGuard.Parameter(beta);
        return Scope.Run(() => LagrangianFormulas.GhostmaxActivation(x, Constant.Like(x, beta), axis));
    }

    /// <summary>γ (x − mean) / √(Var x + ε) + δ along an axis.</summary>
    /// <inheritdoc cref="Lagrangians.LayerNorm(Tensor, double, double, long, double)"/>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    public static Tensor LayerNorm(
        Tensor x, double gamma = 1.0, double delta = 0.0, long axis = -1, double epsilon = 1e-5)
    {
        LagrangianGuard.Axis(x, axis);
        LagrangianGuard.Norm(gamma, delta, epsilon);
        return Scope.Run(() => LagrangianFormulas.LayerNormActivation(
            x, Constant.Like(x, gamma), Constant.Like(x, delta), axis, epsilon));
    }

    /// <inheritdoc cref="LayerNorm(Tensor, double, double, long, double)"/>
    public static Tensor LayerNorm(
        Tensor x, Tensor gamma, Tensor delta, long axis = -1, double epsilon = 1e-5)
    {
        LagrangianGuard.Axis(x, axis);
        LagrangianGuard.Norm(x, gamma, delta, epsilon);
        return Scope.Run(() => LagrangianFormulas.LayerNormActivation(
            x, Constant.Like(x, gamma), Constant.Like(x, delta), axis, epsilon));
    }

    /// <summary>γ x / √(Σ xᵢ² + ε) + δ along an axis.</summary>
    /// <inheritdoc cref="Lagrangians.SphericalNorm(Tensor, double, double, long, double)"/>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    public static Tensor SphericalNorm(
        Tensor x, double gamma = 1.0, double delta = 0.0, long axis = -1, double epsilon = 1e-5)
    {
        LagrangianGuard.Axis(x, axis);
        LagrangianGuard.Norm(gamma, delta, epsilon);
        return Scope.Run(() => LagrangianFormulas.SphericalNormActivation(
            x, Constant.Like(x, gamma), Constant.Like(x, delta), axis, epsilon));
    }

    /// <inheritdoc cref="SphericalNorm(Tensor, double, double, long, double)"/>
    public static Tensor SphericalNorm(
        Tensor x, Tensor gamma, Tensor delta, long axis = -1, double epsilon = 1e-5)
    {
        LagrangianGuard.Axis(x, axis);
        LagrangianGuard.Norm(x, gamma, delta, epsilon);
        return Scope.Run(() => LagrangianFormulas.SphericalNormActivation(
            x, Constant.Like(x, gamma), Constant.Like(x, delta), axis, epsilon));
    }
}
