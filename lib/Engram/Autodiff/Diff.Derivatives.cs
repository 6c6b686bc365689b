namespace Engram;

public static partial class Diff
{
    /// <summary>df/dx of a function of a scalar: x ↦ a tensor of the shape of f(x). DiffSharp's <c>diff</c>.</summary>
    /// <param name="f">From a scalar, shape [], to a tensor of any shape.</param>
    public static Func<Tensor, Tensor> Derivative(Func<Tensor, Tensor> f) => DerivativeBy(1, Evaluation.Exact(f));

    /// <summary>f(x) and df/dx.</summary>
    /// <inheritdoc cref="Derivative"/>
    public static Func<Tensor, ValueAndDerivative> FDerivative(Func<Tensor, Tensor> f) =>
        FDerivativeBy(1, Evaluation.Exact(f));

    /// <summary>The n-th derivative of a function of a scalar. DiffSharp's <c>diffn</c>.</summary>
    /// <param name="n">The order, n ≥ 0; order 0 is f itself.</param>
    /// <param name="f">From a scalar, shape [], to a tensor of any shape.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is negative.</exception>
    public static Func<Tensor, Tensor> DerivativeN(int n, Func<Tensor, Tensor> f) =>
        DerivativeBy(n, Evaluation.Exact(f));

    /// <summary>f(x) and its n-th derivative.</summary>
    /// <inheritdoc cref="DerivativeN"/>
    public static Func<Tensor, ValueAndDerivative> FDerivativeN(int n, Func<Tensor, Tensor> f) =>
        FDerivativeBy(n, Evaluation.Exact(f));

    /// <summary>f(x) and every derivative up to the n-th. DiffSharp's <c>ffdiffn</c>.</summary>
    /// <returns>x ↦ n + 1 tensors of the shape of f(x), by order.</returns>
    /// <inheritdoc cref="DerivativeN"/>
    public static Func<Tensor, Tensor[]> Derivatives(int n, Func<Tensor, Tensor> f) =>
        DerivativesBy(n, Evaluation.Exact(f));

    /// <summary>As <see cref="Derivative"/>, by central differences.</summary>
    /// <param name="f">From a scalar, shape [], to a tensor of any shape; float64 is recommended.</param>
    /// <param name="step">The step h; where null, one that balances rounding and truncation.</param>
    public static Func<Tensor, Tensor> NumDerivative(Func<Tensor, Tensor> f, double? step = null) =>
        DerivativeBy(1, Evaluation.Numeric(f, step));

    /// <summary>As <see cref="FDerivative"/>, by central differences.</summary>
    /// <inheritdoc cref="NumDerivative"/>
    public static Func<Tensor, ValueAndDerivative> NumFDerivative(Func<Tensor, Tensor> f, double? step = null) =>
        FDerivativeBy(1, Evaluation.Numeric(f, step));

    /// <summary>As <see cref="DerivativeN"/>, by central differences.</summary>
    /// <param name="n">The order, n ≥ 0; order 0 is f itself.</param>
    /// <param name="f">From a scalar, shape [], to a tensor of any shape; float64 is recommended.</param>
    /// <param name="step">The step h; where null, one that balances rounding and truncation.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is negative.</exception>
    public static Func<Tensor, Tensor> NumDerivativeN(int n, Func<Tensor, Tensor> f, double? step = null) =>
        DerivativeBy(n, Evaluation.Numeric(f, step));

    /// <summary>As <see cref="FDerivativeN"/>, by central differences.</summary>
    /// <inheritdoc cref="NumDerivativeN"/>
    public static Func<Tensor, ValueAndDerivative> NumFDerivativeN(
        int n, Func<Tensor, Tensor> f, double? step = null) =>
        FDerivativeBy(n, Evaluation.Numeric(f, step));

    /// <summary>As <see cref="Derivatives"/>, by central differences.</summary>
    /// <inheritdoc cref="NumDerivativeN"/>
    public static Func<Tensor, Tensor[]> NumDerivatives(int n, Func<Tensor, Tensor> f, double? step = null) =>
        DerivativesBy(n, Evaluation.Numeric(f, step));

    private static Func<Tensor, Tensor[]> DerivativesBy(int n, Evaluation.Runner run)
    {
        Guard.AtLeast(n, 0);
        return x => run(Scalar(x), at => at.Derivatives(n));
    }

    private static Func<Tensor, Tensor> DerivativeBy(int n, Evaluation.Runner run)
    {
        Guard.AtLeast(n, 0);
        return x => run(Scalar(x), at => [at.Derivatives(n)[n]])[0];
    }

    private static Func<Tensor, ValueAndDerivative> FDerivativeBy(int n, Evaluation.Runner run)
    {
        Guard.AtLeast(n, 0);
        return Many(
            (x, ask) => run(Scalar(x), ask),
            at => [at.Value, at.Derivatives(n)[n]],
            static r => new ValueAndDerivative(r[0], r[1]));
    }

    private static Tensor Scalar(Tensor x)
    {
        Evaluation.CheckInput(x);
        return Guard.Rank(x, 0);
    }
}
