namespace Engram;

public static partial class Diff
{
    /// <summary>As <see cref="Hessian"/>, by central differences of f itself.</summary>
    /// <param name="f">From a tensor of any shape to a scalar, shape []; float64 is recommended.</param>
    /// <param name="step">The step h; where null, one that balances rounding and truncation.</param>
    public static Func<Tensor, Tensor> NumHessian(Func<Tensor, Tensor> f, double? step = null) =>
        HessianBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="FHessian"/>, by central differences.</summary>
    /// <inheritdoc cref="NumHessian"/>
    public static Func<Tensor, ValueAndHessian> NumFHessian(Func<Tensor, Tensor> f, double? step = null) =>
        FHessianBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="GradHessian"/>, by central differences.</summary>
    /// <inheritdoc cref="NumHessian"/>
    public static Func<Tensor, GradientAndHessian> NumGradHessian(Func<Tensor, Tensor> f, double? step = null) =>
        GradHessianBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="FGradHessian"/>, by central differences.</summary>
    /// <inheritdoc cref="NumHessian"/>
    public static Func<Tensor, ValueGradientAndHessian> NumFGradHessian(
        Func<Tensor, Tensor> f, double? step = null) =>
        FGradHessianBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="HessianV"/>, by central differences.</summary>
    /// <inheritdoc cref="NumHessian"/>
    public static Func<Tensor, Tensor, Tensor> NumHessianV(Func<Tensor, Tensor> f, double? step = null) =>
        HessianVBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="FHessianV"/>, by central differences.</summary>
    /// <inheritdoc cref="NumHessian"/>
    public static Func<Tensor, Tensor, ValueAndProduct> NumFHessianV(Func<Tensor, Tensor> f, double? step = null) =>
        FHessianVBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="GradHessianV"/>, by central differences.</summary>
    /// <inheritdoc cref="NumHessian"/>
    public static Func<Tensor, Tensor, GradientVAndHessianV> NumGradHessianV(
        Func<Tensor, Tensor> f, double? step = null) =>
        GradHessianVBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="FGradHessianV"/>, by central differences.</summary>
    /// <inheritdoc cref="NumHessian"/>
    public static Func<Tensor, Tensor, ValueGradientVAndHessianV> NumFGradHessianV(
        Func<Tensor, Tensor> f, double? step = null) =>
        FGradHessianVBy(Evaluation.Numeric(f, step));
}
