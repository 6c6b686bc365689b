namespace Engram;

public static partial class Diff
{
    /// <summary>df/dx of a function of a scalar: x ↦ a tensor of the shape of f(x). DiffSharp's <c>diff</c>.</summary>
    /// <param name="f">From a scalar, shape [], to a tensor of any shape.</param>
    /// <exception cref="ArgumentException">When called: x is not a float32 or float64 scalar.</exception>
    /// <exception cref="InvalidOperationException">When called: libtorch cannot differentiate f.</exception>
    public static Func<Tensor, Tensor> Derivative(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return x => Trace.RunOne(f, Scalar(x), Slope);
    }

    /// <summary>As <see cref="Derivative"/>, with the value.</summary>
    /// <inheritdoc cref="Derivative"/>
    public static Func<Tensor, ValueAndDerivative> FDerivative(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return x =>
        {
            var results = Trace.Run(f, Scalar(x), static trace => [trace.Value, Slope(trace)]);
            return new ValueAndDerivative(results[0], results[1]);
        };
    }

    /// <summary>The n-th derivative of a function of a scalar, n ≥ 0. DiffSharp's <c>diffn</c>.</summary>
    /// <param name="n">The order; 0 is f itself.</param>
    /// <param name="f">From a scalar, shape [], to a tensor of any shape.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is negative.</exception>
    /// <exception cref="ArgumentException">When called: x is not a float32 or float64 scalar.</exception>
    /// <exception cref="InvalidOperationException">When called: libtorch cannot differentiate f n times.</exception>
    public static Func<Tensor, Tensor> DerivativeN(int n, Func<Tensor, Tensor> f)
    {
        var all = Derivatives(n, f);
        return x => Keep(all(x), n, n)[n];
    }

    /// <summary>As <see cref="DerivativeN"/>, with the value.</summary>
    /// <inheritdoc cref="DerivativeN"/>
    public static Func<Tensor, ValueAndDerivative> FDerivativeN(int n, Func<Tensor, Tensor> f)
    {
        var all = Derivatives(n, f);
        return x =>
        {
            var orders = Keep(all(x), 0, n);
            return new ValueAndDerivative(orders[0], orders[n]);
        };
    }

    /// <summary>The value and every derivative up to the n-th of a function of a scalar. DiffSharp's <c>ffdiffn</c>.</summary>
    /// <returns>x ↦ n + 1 tensors of the shape of f(x), by order.</returns>
    /// <inheritdoc cref="DerivativeN"/>
    public static Func<Tensor, Tensor[]> Derivatives(int n, Func<Tensor, Tensor> f)
    {
        Guard.AtLeast(n, 0);
        ArgumentNullException.ThrowIfNull(f);
        return x => Trace.Run(f, Scalar(x), trace => Tower(trace, n));
    }

    private static Tensor Scalar(Tensor x) => Guard.Rank(Guard.Floating(x), 0);

    private static Tensor Slope(Trace trace) => trace.Slope(trace.Output, trace.Attached);

    private static Tensor[] Tower(Trace trace, int n)
    {
        var orders = new Tensor[n + 1];
        orders[0] = trace.Value;
        for (var (i, y) = (1, trace.Output); i <= n; i++)
            orders[i] = y = trace.Slope(y, record: i < n || trace.Attached);
        return orders;
    }

    private static Tensor[] Keep(Tensor[] orders, int one, int other)
    {
        for (var i = 0; i < orders.Length; i++)
            if (i != one && i != other) orders[i].Dispose();
        return orders;
    }
}
