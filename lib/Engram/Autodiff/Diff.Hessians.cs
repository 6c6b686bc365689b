namespace Engram;

public static partial class Diff
{
    /// <summary>The Hessian ∂²f/∂x² of a scalar-valued f: x ↦ shape [input shape..., input shape...].</summary>
    /// <param name="f">From a tensor of any shape to a scalar, shape [].</param>
    public static Func<Tensor, Tensor> Hessian(Func<Tensor, Tensor> f) => HessianBy(Evaluation.Exact(f));

    /// <summary>f(x) and its Hessian.</summary>
    /// <inheritdoc cref="Hessian"/>
    public static Func<Tensor, ValueAndHessian> FHessian(Func<Tensor, Tensor> f) => FHessianBy(Evaluation.Exact(f));

    /// <summary>∇f(x) and the Hessian.</summary>
    /// <inheritdoc cref="Hessian"/>
    public static Func<Tensor, GradientAndHessian> GradHessian(Func<Tensor, Tensor> f) =>
        GradHessianBy(Evaluation.Exact(f));

    /// <summary>f(x), ∇f(x) and the Hessian.</summary>
    /// <inheritdoc cref="Hessian"/>
    public static Func<Tensor, ValueGradientAndHessian> FGradHessian(Func<Tensor, Tensor> f) =>
        FGradHessianBy(Evaluation.Exact(f));

    /// <summary>Hv, the Hessian of a scalar-valued f times a vector, without the Hessian: (x, v) ↦ the shape of x.</summary>
    /// <param name="f">From a tensor of any shape to a scalar, shape []; v has the shape of x.</param>
    public static Func<Tensor, Tensor, Tensor> HessianV(Func<Tensor, Tensor> f) => HessianVBy(Evaluation.Exact(f));

    /// <summary>f(x) and Hv.</summary>
    /// <inheritdoc cref="HessianV"/>
    public static Func<Tensor, Tensor, ValueAndProduct> FHessianV(Func<Tensor, Tensor> f) =>
        FHessianVBy(Evaluation.Exact(f));

    /// <summary>∇f(x)·v and Hv.</summary>
    /// <inheritdoc cref="HessianV"/>
    public static Func<Tensor, Tensor, GradientVAndHessianV> GradHessianV(Func<Tensor, Tensor> f) =>
        GradHessianVBy(Evaluation.Exact(f));

    /// <summary>f(x), ∇f(x)·v and Hv.</summary>
    /// <inheritdoc cref="HessianV"/>
    public static Func<Tensor, Tensor, ValueGradientVAndHessianV> FGradHessianV(Func<Tensor, Tensor> f) =>
        FGradHessianVBy(Evaluation.Exact(f));

    private static Func<Tensor, Tensor> HessianBy(Evaluation.Runner run) => One(run, static at => at.Hessian());

    private static Func<Tensor, ValueAndHessian> FHessianBy(Evaluation.Runner run) =>
        Many(run, static at => [at.Value, at.Hessian()], static r => new ValueAndHessian(r[0], r[1]));

    private static Func<Tensor, GradientAndHessian> GradHessianBy(Evaluation.Runner run) =>
        Many(
            run,
            static at =>
            {
                // First the Hessian, which records the gradient, so that it is computed once.
                var hessian = at.Hessian();
                return [at.Gradient(), hessian];
            },
            static r => new GradientAndHessian(r[0], r[1]));

    private static Func<Tensor, ValueGradientAndHessian> FGradHessianBy(Evaluation.Runner run) =>
        Many(
            run,
            static at =>
            {
                var hessian = at.Hessian();
                return [at.Value, at.Gradient(), hessian];
            },
            static r => new ValueGradientAndHessian(r[0], r[1], r[2]));

    private static Func<Tensor, Tensor, Tensor> HessianVBy(Evaluation.Runner run) =>
        One(run, static (at, v) => at.HessianV(ForInput(v, at)));

    private static Func<Tensor, Tensor, ValueAndProduct> FHessianVBy(Evaluation.Runner run) =>
        Many(
            run,
            static (at, v) => [at.Value, at.HessianV(ForInput(v, at))],
            static r => new ValueAndProduct(r[0], r[1]));

    private static Func<Tensor, Tensor, GradientVAndHessianV> GradHessianVBy(Evaluation.Runner run) =>
        Many(run, SlopeAndCurvature, static r => new GradientVAndHessianV(r[0], r[1]));

    private static Func<Tensor, Tensor, ValueGradientVAndHessianV> FGradHessianVBy(Evaluation.Runner run) =>
        Many(
            run,
            static (at, v) => [at.Value, .. SlopeAndCurvature(at, v)],
            static r => new ValueGradientVAndHessianV(r[0], r[1], r[2]));

    private static Tensor[] SlopeAndCurvature(Evaluation at, Tensor v)
    {
        var direction = ForInput(v, at);
        var curvature = at.HessianV(direction);
        return [Dot(at.Gradient(), direction), curvature];
    }
}
