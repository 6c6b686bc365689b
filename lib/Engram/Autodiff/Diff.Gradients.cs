namespace Engram;

public static partial class Diff
{
    /// <summary>∇f of a scalar-valued f: x ↦ a tensor of the shape of x.</summary>
    /// <param name="f">From a tensor of any shape to a scalar, shape [].</param>
    public static Func<Tensor, Tensor> Grad(Func<Tensor, Tensor> f) => GradBy(Evaluation.Exact(f));

    /// <summary>f(x) and ∇f(x).</summary>
    /// <inheritdoc cref="Grad"/>
    public static Func<Tensor, ValueAndGradient> FGrad(Func<Tensor, Tensor> f) => FGradBy(Evaluation.Exact(f));

    /// <summary>∇f(x)·v, the derivative of a scalar-valued f in the direction v: (x, v) ↦ a scalar.</summary>
    /// <param name="f">From a tensor of any shape to a scalar, shape []; v has the shape of x.</param>
    public static Func<Tensor, Tensor, Tensor> GradV(Func<Tensor, Tensor> f) => GradVBy(Evaluation.Exact(f));

    /// <summary>f(x) and ∇f(x)·v.</summary>
    /// <inheritdoc cref="GradV"/>
    public static Func<Tensor, Tensor, ValueAndDerivative> FGradV(Func<Tensor, Tensor> f) =>
        FGradVBy(Evaluation.Exact(f));

    /// <summary>As <see cref="Grad"/>, by central differences.</summary>
    /// <param name="f">From a tensor of any shape to a scalar, shape []; float64 is recommended.</param>
    /// <param name="step">The step h; where null, one that balances rounding and truncation.</param>
    public static Func<Tensor, Tensor> NumGrad(Func<Tensor, Tensor> f, double? step = null) =>
        GradBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="FGrad"/>, by central differences.</summary>
    /// <inheritdoc cref="NumGrad"/>
    public static Func<Tensor, ValueAndGradient> NumFGrad(Func<Tensor, Tensor> f, double? step = null) =>
        FGradBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="GradV"/>, by central differences.</summary>
    /// <inheritdoc cref="NumGrad"/>
    public static Func<Tensor, Tensor, Tensor> NumGradV(Func<Tensor, Tensor> f, double? step = null) =>
        GradVBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="FGradV"/>, by central differences.</summary>
    /// <inheritdoc cref="NumGrad"/>
    public static Func<Tensor, Tensor, ValueAndDerivative> NumFGradV(Func<Tensor, Tensor> f, double? step = null) =>
        FGradVBy(Evaluation.Numeric(f, step));

    private static Func<Tensor, Tensor> GradBy(Evaluation.Runner run) => One(run, static at => at.Gradient());

    private static Func<Tensor, ValueAndGradient> FGradBy(Evaluation.Runner run) =>
        Many(run, static at => [at.Value, at.Gradient()], static r => new ValueAndGradient(r[0], r[1]));

    private static Func<Tensor, Tensor, Tensor> GradVBy(Evaluation.Runner run) =>
        One(run, static (at, v) => Dot(at.Gradient(), ForInput(v, at)));

    private static Func<Tensor, Tensor, ValueAndDerivative> FGradVBy(Evaluation.Runner run) =>
        Many(
            run,
            static (at, v) => [at.Value, Dot(at.Gradient(), ForInput(v, at))],
            static r => new ValueAndDerivative(r[0], r[1]));
}
