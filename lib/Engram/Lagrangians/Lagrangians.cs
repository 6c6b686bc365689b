namespace Engram;

/// <summary>
/// The Lagrangians that act on each neuron alone: convex functions whose gradients are common activations.
/// </summary>
/// <remarks>
/// <para>
/// The functions of this file are elementwise: they return the shape of <c>x</c>, and the Lagrangian of a layer is
/// the sum over its neurons (the modules, and <c>NeuronLayer</c>, take that sum). Those of competing
/// neurons, such as <see cref="Softmax(Tensor, double, long)"/>, reduce an axis themselves. The gradients in closed
/// form are in <see cref="Activations"/>.
/// </para>
/// <para>
/// Where the mathematics is finite, value, gradient and Hessian-vector product are finite in float32 for |x| up to
/// 1e4. <see cref="Exp(Tensor, double)"/> and <see cref="Rexp(Tensor, double)"/> overflow where the exponential does.
/// </para>
/// <para>
/// Sources: D. Krotov and J. Hopfield, "Large associative memory problem in neurobiology and machine learning",
/// ICLR 2021; the page "Lagrangians" of HAMUX (B. Hoover and others, 2022).
/// </para>
/// </remarks>
public static partial class Lagrangians
{
    /// <summary>½ x², whose activation is x. Strictly convex, smooth. The text's <c>lagr_identity</c>.</summary>
    /// <param name="x">States of any shape, float32 or float64.</param>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="x"/> is not float32 or float64.</exception>
    public static Tensor Identity(Tensor x)
    {
        Guard.Floating(x);
        return Scope.Run(() => LagrangianFormulas.Identity(x));
    }

    /// <summary>
    /// The rectified power unit, max(x, 0)ⁿ / n, whose activation is max(x, 0)ⁿ⁻¹. Convex; differentiable for
    /// n &gt; 1, twice for n &gt; 2. The text's <c>lagr_repu</c>.
    /// </summary>
    /// <param name="x">States of any shape, float32 or float64.</param>
    /// <param name="degree">The degree n, greater than 1.</param>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="x"/> is not float32 or float64.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="degree"/> is not greater than 1.</exception>
    public static Tensor Repu(Tensor x, double degree)
    {
        Guard.Floating(x);
        LagrangianGuard.Degree(degree);
        return Scope.Run(() => LagrangianFormulas.Repu(x, degree));
    }

    /// <summary>
    /// The rectified linear unit, ½ max(x, 0)², whose activation is max(x, 0): <see cref="Repu"/> of degree 2.
    /// Convex, once differentiable. The text's <c>lagr_relu</c>.
    /// </summary>
    /// <inheritdoc cref="Identity"/>
    public static Tensor Relu(Tensor x) => Repu(x, 2);

    /// <summary>
    /// The exponential, exp(βx) / β, whose activation is exp(βx). Strictly convex, smooth; overflows where exp(βx)
    /// does. The text's <c>lagr_exp</c>, after M. Demircigil and others, "On a model of associative memory with huge
    /// storage capacity" (2017).
    /// </summary>
    /// <param name="x">States of any shape, float32 or float64.</param>
    /// <param name="beta">The inverse temperature β, greater than 0.</param>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="x"/> is not float32 or float64, or <paramref name="beta"/> is not one positive number.
    /// </exception>
    public static Tensor Exp(Tensor x, double beta = 1.0)
    {
        Guard.Floating(x);
        Guard.Positive(beta);
        return Scope.Run(() => LagrangianFormulas.Exp(x, Constant.Like(x, beta)));
    }

    /// <inheritdoc cref="Exp(Tensor, double)"/>
    public static Tensor Exp(Tensor x, Tensor beta)
    {
        Guard.Floating(x);
        LagrangianGuard.Parameter(beta);
        return Scope.Run(() => LagrangianFormulas.Exp(x, Constant.Like(x, beta)));
    }

    /// <summary>
    /// The rectified exponential, exp(βx̄) / β − x̄ with x̄ = max(x, 0), whose activation is exp(βx̄) − 1. Convex,
    /// once differentiable; overflows where exp(βx) does. The text's <c>lagr_rexp</c>.
    /// </summary>
    /// <inheritdoc cref="Exp(Tensor, double)"/>
    public static Tensor Rexp(Tensor x, double beta = 1.0)
    {
        Guard.Floating(x);
        Guard.Positive(beta);
        return Scope.Run(() => LagrangianFormulas.Rexp(x, Constant.Like(x, beta)));
    }

    /// <inheritdoc cref="Rexp(Tensor, double)"/>
    public static Tensor Rexp(Tensor x, Tensor beta)
    {
        Guard.Floating(x);
        LagrangianGuard.Parameter(beta);
        return Scope.Run(() => LagrangianFormulas.Rexp(x, Constant.Like(x, beta)));
    }

    /// <summary>
    /// The logarithm of the hyperbolic cosine, log cosh(βx) / β, whose activation is tanh(βx). Strictly convex,
    /// smooth, stable for every finite x. The text's <c>lagr_tanh</c>.
    /// </summary>
    /// <remarks>
    /// The text writes log(cosh(βx)), which is infinite in float32 from |βx| = 89 on, and gives it a gradient that
    /// forgets β. Here the value is stable, and β has its gradient.
    /// </remarks>
    /// <inheritdoc cref="Exp(Tensor, double)"/>
    public static Tensor Tanh(Tensor x, double beta = 1.0)
    {
        Guard.Floating(x);
        Guard.Positive(beta);
        return Scope.Run(() => LagrangianFormulas.Tanh(x, Constant.Like(x, beta)));
    }

    /// <inheritdoc cref="Tanh(Tensor, double)"/>
    public static Tensor Tanh(Tensor x, Tensor beta)
    {
        Guard.Floating(x);
        LagrangianGuard.Parameter(beta);
        return Scope.Run(() => LagrangianFormulas.Tanh(x, Constant.Like(x, beta)));
    }

    /// <summary>
    /// The softplus, s log(1 + exp(βx)) / β, whose activation is s σ(βx) with the logistic σ. Strictly convex,
    /// smooth, stable for every finite x. The text's <c>lagr_sigmoid</c>.
    /// </summary>
    /// <param name="x">States of any shape, float32 or float64.</param>
    /// <param name="beta">The inverse temperature β, greater than 0.</param>
    /// <param name="scale">The height s of the sigmoid, greater than 0.</param>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="x"/> is not float32 or float64, or β or the scale is not one positive number.
    /// </exception>
    public static Tensor Sigmoid(Tensor x, double beta = 1.0, double scale = 1.0)
    {
        Guard.Floating(x);
        Guard.Positive(beta);
        Guard.Positive(scale);
        return Scope.Run(
            () => LagrangianFormulas.Sigmoid(x, Constant.Like(x, beta), Constant.Like(x, scale)));
    }

    /// <inheritdoc cref="Sigmoid(Tensor, double, double)"/>
    public static Tensor Sigmoid(Tensor x, Tensor beta, Tensor scale)
    {
        Guard.Floating(x);
        LagrangianGuard.Parameter(beta);
        LagrangianGuard.Parameter(scale);
        return Scope.Run(
            () => LagrangianFormulas.Sigmoid(x, Constant.Like(x, beta), Constant.Like(x, scale)));
    }
}
