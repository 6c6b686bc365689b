namespace Engram;

/// <summary>
/// Derivatives as functions of functions, in DiffSharp's grammar: a verb (<c>Grad</c>); <c>F…</c> also returns the
/// function's value; <c>…V</c> is a product with a vector; <c>Num…</c> is the same by finite differences.
/// </summary>
/// <remarks>
/// <para>Every derivative is itself such a function, so <c>Diff.Grad(Diff.Grad(f))</c> and a gradient of a function
/// that calls <see cref="Diff"/> inside work to any depth. What an outermost call returns is detached from every
/// graph, unless its input requires a gradient: then the caller has a graph of their own and the results stay in
/// it.</para>
/// <para>A function that does not depend on its input, or that leaves the graph (<c>detach</c>, <c>no_grad</c>),
/// has derivative zero. Inputs and outputs are dense float32 or float64 tensors.</para>
/// <para>DiffSharp's <c>diff</c> is <c>Derivative</c> here, since a class cannot hold a member of its own name.</para>
/// </remarks>
public static partial class Diff
{
    /// <summary>∇f for a scalar-valued f: x ↦ a tensor of the shape of x.</summary>
    /// <param name="f">From a tensor of any shape to a scalar, shape [].</param>
    /// <exception cref="ArgumentException">When called: x is not float32 or float64, or f(x) is not a scalar.</exception>
    /// <exception cref="InvalidOperationException">When called: libtorch cannot differentiate f.</exception>
    public static Func<Tensor, Tensor> Grad(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return x => Trace.RunOne(f, x, static trace => trace.Gradient());
    }

    /// <summary>As <see cref="Grad"/>, with the value.</summary>
    /// <inheritdoc cref="Grad"/>
    public static Func<Tensor, ValueAndGradient> FGrad(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return x =>
        {
            var results = Trace.Run(f, x, static trace => [trace.Value, trace.Gradient()]);
            return new ValueAndGradient(results[0], results[1]);
        };
    }

    /// <summary>∇f(x)·v, the derivative of a scalar-valued f in the direction v: (x, v) ↦ a scalar.</summary>
    /// <param name="f">From a tensor of any shape to a scalar, shape [].</param>
    /// <exception cref="ArgumentException">
    /// When called: as for <see cref="Grad"/>, or v is not of the shape, dtype and device of x.
    /// </exception>
    /// <exception cref="InvalidOperationException">When called: libtorch cannot differentiate f.</exception>
    public static Func<Tensor, Tensor, Tensor> GradV(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return (x, v) => Trace.RunOne(f, x, trace => Dot(trace.Gradient(), Direction(v, x)));
    }

    /// <summary>As <see cref="GradV"/>, with the value.</summary>
    /// <inheritdoc cref="GradV"/>
    public static Func<Tensor, Tensor, ValueAndDerivative> FGradV(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return (x, v) =>
        {
            var results = Trace.Run(f, x, trace => [trace.Value, Dot(trace.Gradient(), Direction(v, x))]);
            return new ValueAndDerivative(results[0], results[1]);
        };
    }

    private static Tensor Dot(Tensor a, Tensor b) => (a * b).sum();

    /// <summary>Checks v against the tensor it multiplies; a copy, so that no result shares its memory.</summary>
    private static Tensor Direction(Tensor v, Tensor like, string of = "x")
    {
        Guard.Like(Guard.Floating(v), like, nameof(v), of);
        return v.shape.AsSpan().SequenceEqual(like.shape)
            ? v.clone()
            : throw new ArgumentException(
                $"v has shape {Guard.Shape(v)}; that of {of}, {Guard.Shape(like)}, is wanted.", nameof(v));
    }
}
