namespace Engram;

/// <summary>
/// Activations in closed form: the gradient of each Lagrangian in <see cref="Lagrangians"/>, under the same name.
/// </summary>
/// <remarks>
/// Each keeps the shape of its states and is itself differentiable, in the states and in its parameters.
/// <see cref="Of"/> gives the activation of any other Lagrangian.
/// </remarks>
public static partial class Activations
{
    /// <summary>The activation of any Lagrangian, x ↦ ∂L/∂x, by automatic differentiation.</summary>
    /// <remarks>
    /// What the Lagrangian returns is summed, so that elementwise forms, and batches whose rows do not depend on each
    /// other, need nothing more. The result can be differentiated again, in the states and in what the Lagrangian
    /// captures. A Lagrangian that does not depend on its states has activation 0.
    /// </remarks>
    /// <param name="lagrangian">A differentiable function of the states.</param>
    /// <returns>A function that keeps the shape of its states.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="lagrangian"/> is null.</exception>
    public static Func<Tensor, Tensor> Of(Func<Tensor, Tensor> lagrangian)
    {
        ArgumentNullException.ThrowIfNull(lagrangian);
        return x => Scope.Run(() => Gradients.OfSum(lagrangian, Guard.Floating(x)));
    }

    /// <summary>x.</summary>
    /// <inheritdoc cref="Lagrangians.Identity"/>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    public static Tensor Identity(Tensor x)
    {
        Guard.Floating(x);
        return Scope.Run(() => LagrangianFormulas.IdentityActivation(x));
    }

    /// <summary>max(x, 0)ⁿ⁻¹.</summary>
    /// <inheritdoc cref="Lagrangians.Repu"/>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    public static Tensor Repu(Tensor x, double degree)
    {
        Guard.Floating(x);
        LagrangianGuard.Degree(degree);
        return Scope.Run(() => LagrangianFormulas.RepuActivation(x, degree));
    }

    /// <summary>max(x, 0).</summary>
    /// <inheritdoc cref="Lagrangians.Relu"/>
    public static Tensor Relu(Tensor x) => Repu(x, 2);

    /// <summary>exp(βx).</summary>
    /// <inheritdoc cref="Lagrangians.Exp(Tensor, double)"/>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    public static Tensor Exp(Tensor x, double beta = 1.0)
    {
        Guard.Floating(x);
        Guard.Positive(beta);
        return Scope.Run(() => LagrangianFormulas.ExpActivation(x, Constant.Like(x, beta)));
    }

    /// <inheritdoc cref="Exp(Tensor, double)"/>
    public static Tensor Exp(Tensor x, Tensor beta)
    {
        Guard.Floating(x);
        LagrangianGuard.Parameter(beta);
        return Scope.Run(() => LagrangianFormulas.ExpActivation(x, Constant.Like(x, beta)));
    }

    /// <summary>exp(β max(x, 0)) − 1.</summary>
    /// <inheritdoc cref="Lagrangians.Rexp(Tensor, double)"/>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    public static Tensor Rexp(Tensor x, double beta = 1.0)
    {
        Guard.Floating(x);
        Guard.Positive(beta);
        return Scope.Run(() => LagrangianFormulas.RexpActivation(x, Constant.Like(x, beta)));
    }

    /// <inheritdoc cref="Rexp(Tensor, double)"/>
    public static Tensor Rexp(Tensor x, Tensor beta)
    {
        Guard.Floating(x);
        LagrangianGuard.Parameter(beta);
        return Scope.Run(() => LagrangianFormulas.RexpActivation(x, Constant.Like(x, beta)));
    }

    /// <summary>tanh(βx).</summary>
    /// <inheritdoc cref="Lagrangians.Tanh(Tensor, double)"/>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    public static Tensor Tanh(Tensor x, double beta = 1.0)
    {
        Guard.Floating(x);
        Guard.Positive(beta);
        return Scope.Run(() => LagrangianFormulas.TanhActivation(x, Constant.Like(x, beta)));
    }

    /// <inheritdoc cref="Tanh(Tensor, double)"/>
    public static Tensor Tanh(Tensor x, Tensor beta)
    {
        Guard.Floating(x);
        LagrangianGuard.Parameter(beta);
        return Scope.Run(() => LagrangianFormulas.TanhActivation(x, Constant.Like(x, beta)));
    }

    /// <summary>s σ(βx), with the logistic σ.</summary>
    /// <inheritdoc cref="Lagrangians.Sigmoid(Tensor, double, double)"/>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    public static Tensor Sigmoid(Tensor x, double beta = 1.0, double scale = 1.0)
    {
        Guard.Floating(x);
        Guard.Positive(beta);
        Guard.Positive(scale);
        return Scope.Run(() => LagrangianFormulas.SigmoidActivation(x, Constant.Like(x, beta), Constant.Like(x, scale)));
    }

    /// <inheritdoc cref="Sigmoid(Tensor, double, double)"/>
    public static Tensor Sigmoid(Tensor x, Tensor beta, Tensor scale)
    {
        Guard.Floating(x);
        LagrangianGuard.Parameter(beta);
        LagrangianGuard.Parameter(scale);
        return Scope.Run(() => LagrangianFormulas.SigmoidActivation(x, Constant.Like(x, beta), Constant.Like(x, scale)));
    }
}
