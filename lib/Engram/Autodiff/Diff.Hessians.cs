namespace Engram;

public static partial class Diff
{
    /// <summary>The Hessian ∂²f/∂x² of a scalar-valued f: x ↦ shape [input shape..., input shape...].</summary>
    /// <param name="f">From a tensor of any shape to a scalar, shape [].</param>
    /// <exception cref="ArgumentException">When called: x is not float32 or float64, or f(x) is not a scalar.</exception>
    /// <exception cref="InvalidOperationException">When called: libtorch cannot differentiate f twice.</exception>
    public static Func<Tensor, Tensor> Hessian(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return x => Trace.RunOne(f, x, static trace => HessianOf(trace, trace.Gradient(record: true)));
    }

    /// <summary>As <see cref="Hessian"/>, with the value.</summary>
    /// <inheritdoc cref="Hessian"/>
    public static Func<Tensor, ValueAndHessian> FHessian(Func<Tensor, Tensor> f)
    {
        var all = FGradHessian(f);
        return x =>
        {
            var (value, gradient, hessian) = all(x);
            gradient.Dispose();
            return new ValueAndHessian(value, hessian);
        };
    }

    /// <summary>Gradient and <see cref="Hessian"/> together.</summary>
    /// <inheritdoc cref="Hessian"/>
    public static Func<Tensor, GradientAndHessian> GradHessian(Func<Tensor, Tensor> f)
    {
        var all = FGradHessian(f);
        return x =>
        {
            var (value, gradient, hessian) = all(x);
            value.Dispose();
            return new GradientAndHessian(gradient, hessian);
        };
    }

    /// <summary>As <see cref="GradHessian"/>, with the value.</summary>
    /// <inheritdoc cref="Hessian"/>
    public static Func<Tensor, ValueGradientAndHessian> FGradHessian(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return x =>
        {
            var results = Trace.Run(f, x, static trace =>
            {
                var gradient = trace.Gradient(record: true);
                return [trace.Value, gradient, HessianOf(trace, gradient)];
            });
            return new ValueGradientAndHessian(results[0], results[1], results[2]);
        };
    }

    /// <summary>Hv, the Hessian of a scalar-valued f times a vector, without the Hessian: (x, v) ↦ the shape of x.</summary>
    /// <param name="f">From a tensor of any shape to a scalar, shape [].</param>
    /// <exception cref="ArgumentException">
    /// When called: as for <see cref="Hessian"/>, or v is not of the shape, dtype and device of x.
    /// </exception>
    /// <exception cref="InvalidOperationException">When called: libtorch cannot differentiate f twice.</exception>
    public static Func<Tensor, Tensor, Tensor> HessianV(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return (x, v) => Trace.RunOne(f, x, trace => Curvature(trace, trace.Gradient(record: true), Direction(v, x)));
    }

    /// <summary>As <see cref="HessianV"/>, with the value.</summary>
    /// <inheritdoc cref="HessianV"/>
    public static Func<Tensor, Tensor, ValueAndProduct> FHessianV(Func<Tensor, Tensor> f)
    {
        var all = FGradHessianV(f);
        return (x, v) =>
        {
            var (value, slope, product) = all(x, v);
            slope.Dispose();
            return new ValueAndProduct(value, product);
        };
    }

    /// <summary>∇f(x)·v and Hv together.</summary>
    /// <inheritdoc cref="HessianV"/>
    public static Func<Tensor, Tensor, GradientVAndHessianV> GradHessianV(Func<Tensor, Tensor> f)
    {
        var all = FGradHessianV(f);
        return (x, v) =>
        {
            var (value, slope, product) = all(x, v);
            value.Dispose();
            return new GradientVAndHessianV(slope, product);
        };
    }

    /// <summary>As <see cref="GradHessianV"/>, with the value.</summary>
    /// <inheritdoc cref="HessianV"/>
    public static Func<Tensor, Tensor, ValueGradientVAndHessianV> FGradHessianV(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return (x, v) =>
        {
            var results = Trace.Run(f, x, trace =>
            {
                var (gradient, direction) = (trace.Gradient(record: true), Direction(v, x));
                return [trace.Value, Dot(gradient, direction), Curvature(trace, gradient, direction)];
            });
            return new ValueGradientVAndHessianV(results[0], results[1], results[2]);
        };
    }

    private static Tensor HessianOf(Trace trace, Tensor gradient) =>
        JacobianAssembly.Rows(gradient, trace.Input, trace.Attached);

    private static Tensor Curvature(Trace trace, Tensor gradient, Tensor v) =>
        GuardedGradient.Product(gradient, trace.Input, v, keepGraph: false, record: trace.Attached);
}
