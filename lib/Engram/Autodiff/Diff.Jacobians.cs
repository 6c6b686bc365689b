namespace Engram;

public static partial class Diff
{
    /// <summary>The Jacobian ∂f/∂x: x ↦ shape [output shape..., input shape...].</summary>
    /// <param name="f">Between tensors of any shapes.</param>
    /// <exception cref="ArgumentException">When called: x or f(x) is not float32 or float64.</exception>
    /// <exception cref="InvalidOperationException">When called: libtorch cannot differentiate f.</exception>
    /// <remarks>Reverse mode row by row, or forward mode column by column where there are far fewer inputs.</remarks>
    public static Func<Tensor, Tensor> Jacobian(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return x => Trace.RunOne(f, x, static trace => trace.Jacobian());
    }

    /// <summary>As <see cref="Jacobian"/>, with the value.</summary>
    /// <inheritdoc cref="Jacobian"/>
    public static Func<Tensor, ValueAndJacobian> FJacobian(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return x =>
        {
            var results = Trace.Run(f, x, static trace => [trace.Value, trace.Jacobian()]);
            return new ValueAndJacobian(results[0], results[1]);
        };
    }

    /// <summary>Jv, the derivative of f in the direction v: (x, v) ↦ a tensor of the shape of f(x).</summary>
    /// <param name="f">Between tensors of any shapes.</param>
    /// <exception cref="ArgumentException">
    /// When called: as for <see cref="Jacobian"/>, or v is not of the shape, dtype and device of x.
    /// </exception>
    /// <exception cref="InvalidOperationException">When called: libtorch cannot differentiate f twice.</exception>
    /// <remarks>Forward mode by differentiating vᵀJ, which is linear in its v, once more.</remarks>
    public static Func<Tensor, Tensor, Tensor> JacobianV(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return (x, v) => Trace.RunOne(f, x, trace => trace.Push(Direction(v, x)));
    }

    /// <summary>As <see cref="JacobianV"/>, with the value.</summary>
    /// <inheritdoc cref="JacobianV"/>
    public static Func<Tensor, Tensor, ValueAndDerivative> FJacobianV(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return (x, v) =>
        {
            var results = Trace.Run(f, x, trace => [trace.Value, trace.Push(Direction(v, x))]);
            return new ValueAndDerivative(results[0], results[1]);
        };
    }

    /// <summary>Jᵀv in reverse mode: (x, v) ↦ a tensor of the shape of x.</summary>
    /// <param name="f">Between tensors of any shapes.</param>
    /// <exception cref="ArgumentException">
    /// When called: as for <see cref="Jacobian"/>, or v is not of the shape, dtype and device of f(x).
    /// </exception>
    /// <exception cref="InvalidOperationException">When called: libtorch cannot differentiate f.</exception>
    public static Func<Tensor, Tensor, Tensor> JacobianTv(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return (x, v) => Trace.RunOne(f, x, trace => trace.Pull(Direction(v, trace.Output, "f(x)")));
    }

    /// <summary>As <see cref="JacobianTv"/>, with the value.</summary>
    /// <inheritdoc cref="JacobianTv"/>
    public static Func<Tensor, Tensor, ValueAndProduct> FJacobianTv(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return (x, v) =>
        {
            var results = Trace.Run(f, x, trace => [trace.Value, trace.Pull(Direction(v, trace.Output, "f(x)"))]);
            return new ValueAndProduct(results[0], results[1]);
        };
    }
}
