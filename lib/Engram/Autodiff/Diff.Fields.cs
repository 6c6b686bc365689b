namespace Engram;

public static partial class Diff
{
    /// <summary>The Laplacian ∇²f, the trace of the Hessian of a scalar-valued f: x ↦ a scalar.</summary>
    /// <param name="f">From a tensor of any shape to a scalar, shape [].</param>
    /// <exception cref="ArgumentException">When called: x is not float32 or float64, or f(x) is not a scalar.</exception>
    /// <exception cref="InvalidOperationException">When called: libtorch cannot differentiate f twice.</exception>
    /// <remarks>One row of the Hessian at a time; the Hessian itself is never held.</remarks>
    public static Func<Tensor, Tensor> Laplacian(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return x => Trace.RunOne(f, x, LaplacianOf);
    }

    /// <summary>As <see cref="Laplacian"/>, with the value.</summary>
    /// <inheritdoc cref="Laplacian"/>
    public static Func<Tensor, ValueAndLaplacian> FLaplacian(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return x =>
        {
            var results = Trace.Run(f, x, static trace => [trace.Value, LaplacianOf(trace)]);
            return new ValueAndLaplacian(results[0], results[1]);
        };
    }

    /// <summary>The divergence ∇·f, the trace of the Jacobian of a field f: x ↦ a scalar.</summary>
    /// <param name="f">From a tensor of any shape to one of the same shape.</param>
    /// <exception cref="ArgumentException">
    /// When called: x or f(x) is not float32 or float64, or their shapes differ.
    /// </exception>
    /// <exception cref="InvalidOperationException">When called: libtorch cannot differentiate f.</exception>
    /// <remarks>One row of the Jacobian at a time; the Jacobian itself is never held.</remarks>
    public static Func<Tensor, Tensor> Divergence(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return x => Trace.RunOne(f, x, DivergenceOf);
    }

    /// <summary>As <see cref="Divergence"/>, with the value.</summary>
    /// <inheritdoc cref="Divergence"/>
    public static Func<Tensor, ValueAndDivergence> FDivergence(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return x =>
        {
            var results = Trace.Run(f, x, static trace => [trace.Value, DivergenceOf(trace)]);
            return new ValueAndDivergence(results[0], results[1]);
        };
    }

    /// <summary>The curl ∇×f of a field f in three dimensions: x ↦ shape [3].</summary>
    /// <param name="f">From shape [3] to shape [3].</param>
    /// <exception cref="ArgumentException">
    /// When called: x or f(x) is not float32 or float64, or not of shape [3].
    /// </exception>
    /// <exception cref="InvalidOperationException">When called: libtorch cannot differentiate f.</exception>
    public static Func<Tensor, Tensor> Curl(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return x => Trace.RunOne(f, Three(x), static trace => CurlOf(JacobianOfField(trace)));
    }

    /// <summary>As <see cref="Curl"/>, with the value.</summary>
    /// <inheritdoc cref="Curl"/>
    public static Func<Tensor, ValueAndCurl> FCurl(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return x =>
        {
            var results = Trace.Run(f, Three(x), static trace => [trace.Value, CurlOf(JacobianOfField(trace))]);
            return new ValueAndCurl(results[0], results[1]);
        };
    }

    /// <summary><see cref="Curl"/> and divergence together.</summary>
    /// <inheritdoc cref="Curl"/>
    public static Func<Tensor, CurlAndDivergence> CurlDivergence(Func<Tensor, Tensor> f)
    {
        var all = FCurlDivergence(f);
        return x =>
        {
            var (value, curl, divergence) = all(x);
            value.Dispose();
            return new CurlAndDivergence(curl, divergence);
        };
    }

    /// <summary>As <see cref="CurlDivergence"/>, with the value.</summary>
    /// <inheritdoc cref="Curl"/>
    public static Func<Tensor, ValueCurlAndDivergence> FCurlDivergence(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return x =>
        {
            var results = Trace.Run(f, Three(x), static trace =>
            {
                var jacobian = JacobianOfField(trace);
                return [trace.Value, CurlOf(jacobian), jacobian.trace()];
            });
            return new ValueCurlAndDivergence(results[0], results[1], results[2]);
        };
    }

    private static Tensor Three(Tensor x) => Shaped(Guard.Floating(x), [3], nameof(x), "[3]");

    private static Tensor LaplacianOf(Trace trace) =>
        JacobianAssembly.Trace(trace.Gradient(record: true), trace.Input, trace.Attached);

    private static Tensor DivergenceOf(Trace trace) =>
        JacobianAssembly.Trace(SameShape(trace), trace.Input, trace.Attached);

    private static Tensor JacobianOfField(Trace trace)
    {
        SameShape(trace);
        return trace.Jacobian();
    }

    private static Tensor SameShape(Trace trace) =>
        Shaped(trace.Output, trace.Input.shape, "f", $"that of x, {Guard.Shape(trace.Input)},");

    private static Tensor Shaped(Tensor tensor, ReadOnlySpan<long> shape, string name, string wanted) =>
        tensor.shape.AsSpan().SequenceEqual(shape)
            ? tensor
            : throw new ArgumentException(
                $"{(name == "f" ? "f returned" : $"{name} has")} shape {Guard.Shape(tensor)}; {wanted} is wanted.", name);

    /// <summary>(J₂₁ − J₁₂, J₀₂ − J₂₀, J₁₀ − J₀₁).</summary>
    private static Tensor CurlOf(Tensor jacobian) =>
        torch.stack([
            jacobian[2, 1] - jacobian[1, 2],
            jacobian[0, 2] - jacobian[2, 0],
            jacobian[1, 0] - jacobian[0, 1],
        ]);
}
