namespace Engram;

public static partial class Diff
{
    /// <summary>The Jacobian ∂f/∂x: x ↦ shape [output shape..., input shape...].</summary>
    /// <param name="f">Between tensors of any shapes.</param>
    /// <remarks>Reverse mode row by row, or forward mode column by column where there are far fewer inputs.</remarks>
    public static Func<Tensor, Tensor> Jacobian(Func<Tensor, Tensor> f) => JacobianBy(Evaluation.Exact(f));

    /// <summary>f(x) and its Jacobian.</summary>
    /// <inheritdoc cref="Jacobian"/>
    public static Func<Tensor, ValueAndJacobian> FJacobian(Func<Tensor, Tensor> f) =>
        FJacobianBy(Evaluation.Exact(f));

    /// <summary>Jv, the derivative of f in the direction v: (x, v) ↦ a tensor of the shape of f(x).</summary>
    /// <param name="f">Between tensors of any shapes; v has the shape of x.</param>
    /// <remarks>Forward mode by differentiating uᵀJ, which is linear in u, once more.</remarks>
    public static Func<Tensor, Tensor, Tensor> JacobianV(Func<Tensor, Tensor> f) => JacobianVBy(Evaluation.Exact(f));

    /// <summary>f(x) and Jv.</summary>
    /// <inheritdoc cref="JacobianV"/>
    public static Func<Tensor, Tensor, ValueAndDerivative> FJacobianV(Func<Tensor, Tensor> f) =>
        FJacobianVBy(Evaluation.Exact(f));

    /// <summary>Jᵀv in reverse mode: (x, v) ↦ a tensor of the shape of x.</summary>
    /// <param name="f">Between tensors of any shapes; v has the shape of f(x).</param>
    public static Func<Tensor, Tensor, Tensor> JacobianTv(Func<Tensor, Tensor> f) => JacobianTvBy(Evaluation.Exact(f));

    /// <summary>f(x) and Jᵀv.</summary>
    /// <inheritdoc cref="JacobianTv"/>
    public static Func<Tensor, Tensor, ValueAndProduct> FJacobianTv(Func<Tensor, Tensor> f) =>
        FJacobianTvBy(Evaluation.Exact(f));

    /// <summary>As <see cref="Jacobian"/>, by central differences.</summary>
    /// <param name="f">Between tensors of any shapes; float64 is recommended.</param>
    /// <param name="step">The step h; where null, one that balances rounding and truncation.</param>
    public static Func<Tensor, Tensor> NumJacobian(Func<Tensor, Tensor> f, double? step = null) =>
        JacobianBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="FJacobian"/>, by central differences.</summary>
    /// <inheritdoc cref="NumJacobian"/>
    public static Func<Tensor, ValueAndJacobian> NumFJacobian(Func<Tensor, Tensor> f, double? step = null) =>
        FJacobianBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="JacobianV"/>, by central differences.</summary>
    /// <inheritdoc cref="NumJacobian"/>
    public static Func<Tensor, Tensor, Tensor> NumJacobianV(Func<Tensor, Tensor> f, double? step = null) =>
        JacobianVBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="FJacobianV"/>, by central differences.</summary>
    /// <inheritdoc cref="NumJacobian"/>
    public static Func<Tensor, Tensor, ValueAndDerivative> NumFJacobianV(
        Func<Tensor, Tensor> f, double? step = null) =>
        FJacobianVBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="JacobianTv"/>, by central differences.</summary>
    /// <inheritdoc cref="NumJacobian"/>
    public static Func<Tensor, Tensor, Tensor> NumJacobianTv(Func<Tensor, Tensor> f, double? step = null) =>
        JacobianTvBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="FJacobianTv"/>, by central differences.</summary>
    /// <inheritdoc cref="NumJacobian"/>
    public static Func<Tensor, Tensor, ValueAndProduct> NumFJacobianTv(
        Func<Tensor, Tensor> f, double? step = null) =>
        FJacobianTvBy(Evaluation.Numeric(f, step));

    private static Func<Tensor, Tensor> JacobianBy(Evaluation.Runner run) => One(run, static at => at.Jacobian());

    private static Func<Tensor, ValueAndJacobian> FJacobianBy(Evaluation.Runner run) =>
        Many(run, static at => [at.Value, at.Jacobian()], static r => new ValueAndJacobian(r[0], r[1]));

    private static Func<Tensor, Tensor, Tensor> JacobianVBy(Evaluation.Runner run) =>
        One(run, static (at, v) => at.JacobianV(ForInput(v, at)));

    private static Func<Tensor, Tensor, ValueAndDerivative> FJacobianVBy(Evaluation.Runner run) =>
        Many(
            run,
            static (at, v) => [at.Value, at.JacobianV(ForInput(v, at))],
            static r => new ValueAndDerivative(r[0], r[1]));

    private static Func<Tensor, Tensor, Tensor> JacobianTvBy(Evaluation.Runner run) =>
        One(run, static (at, v) => at.JacobianTv(ForOutput(v, at)));

    private static Func<Tensor, Tensor, ValueAndProduct> FJacobianTvBy(Evaluation.Runner run) =>
        Many(
            run,
            static (at, v) => [at.Value, at.JacobianTv(ForOutput(v, at))],
            static r => new ValueAndProduct(r[0], r[1]));
}
