namespace Engram;

public static partial class Diff
{
    /// <summary>The Laplacian ∇²f, the trace of the Hessian of a scalar-valued f: x ↦ a scalar.</summary>
    /// <param name="f">From a tensor of any shape to a scalar, shape [].</param>
    /// <remarks>One row of the Hessian at a time; the Hessian itself is never held.</remarks>
    public static Func<Tensor, Tensor> Laplacian(Func<Tensor, Tensor> f) => LaplacianBy(Evaluation.Exact(f));

    /// <summary>f(x) and its Laplacian.</summary>
    /// <inheritdoc cref="Laplacian"/>
    public static Func<Tensor, ValueAndLaplacian> FLaplacian(Func<Tensor, Tensor> f) =>
        FLaplacianBy(Evaluation.Exact(f));

    /// <summary>The divergence ∇·f, the trace of the Jacobian of a field f: x ↦ a scalar.</summary>
    /// <param name="f">From a tensor of any shape to one of the same shape.</param>
    /// <remarks>One row of the Jacobian at a time; the Jacobian itself is never held.</remarks>
    public static Func<Tensor, Tensor> Divergence(Func<Tensor, Tensor> f) => DivergenceBy(Evaluation.Exact(f));

    /// <summary>f(x) and its divergence.</summary>
    /// <inheritdoc cref="Divergence"/>
    public static Func<Tensor, ValueAndDivergence> FDivergence(Func<Tensor, Tensor> f) =>
        FDivergenceBy(Evaluation.Exact(f));

    /// <summary>The curl ∇×f of a field f in three dimensions: x ↦ shape [3].</summary>
    /// <param name="f">From shape [3] to shape [3].</param>
    public static Func<Tensor, Tensor> Curl(Func<Tensor, Tensor> f) => CurlBy(Evaluation.Exact(f));

    /// <summary>f(x) and its curl.</summary>
    /// <inheritdoc cref="Curl"/>
    public static Func<Tensor, ValueAndCurl> FCurl(Func<Tensor, Tensor> f) => FCurlBy(Evaluation.Exact(f));

    /// <summary>Curl and divergence.</summary>
    /// <inheritdoc cref="Curl"/>
    public static Func<Tensor, CurlAndDivergence> CurlDivergence(Func<Tensor, Tensor> f) =>
        CurlDivergenceBy(Evaluation.Exact(f));

    /// <summary>f(x), its curl and its divergence.</summary>
    /// <inheritdoc cref="Curl"/>
    public static Func<Tensor, ValueCurlAndDivergence> FCurlDivergence(Func<Tensor, Tensor> f) =>
        FCurlDivergenceBy(Evaluation.Exact(f));

    private static Func<Tensor, Tensor> LaplacianBy(Evaluation.Runner run) => One(run, static at => at.Laplacian());

    private static Func<Tensor, ValueAndLaplacian> FLaplacianBy(Evaluation.Runner run) =>
        Many(run, static at => [at.Value, at.Laplacian()], static r => new ValueAndLaplacian(r[0], r[1]));

    private static Func<Tensor, Tensor> DivergenceBy(Evaluation.Runner run) =>
        One(run, static at => Field(at).Divergence());

    private static Func<Tensor, ValueAndDivergence> FDivergenceBy(Evaluation.Runner run) =>
        Many(run, static at => [at.Value, Field(at).Divergence()], static r => new ValueAndDivergence(r[0], r[1]));

    private static Func<Tensor, Tensor> CurlBy(Evaluation.Runner run) => One(run, static at => CurlOf(Field3(at)));

    private static Func<Tensor, ValueAndCurl> FCurlBy(Evaluation.Runner run) =>
        Many(run, static at => [at.Value, CurlOf(Field3(at))], static r => new ValueAndCurl(r[0], r[1]));

    private static Func<Tensor, CurlAndDivergence> CurlDivergenceBy(Evaluation.Runner run) =>
        Many(run, CurlThenDivergence, static r => new CurlAndDivergence(r[0], r[1]));

    private static Func<Tensor, ValueCurlAndDivergence> FCurlDivergenceBy(Evaluation.Runner run) =>
        Many(
            run,
            static at => [at.Value, .. CurlThenDivergence(at)],
            static r => new ValueCurlAndDivergence(r[0], r[1], r[2]));

    private static Tensor[] CurlThenDivergence(Evaluation at)
    {
        var jacobian = Field3(at);
        return [CurlOf(jacobian), jacobian.trace()];
    }

    private static Evaluation Field(Evaluation at) =>
        SameShape(at.Output, at.Input)
            ? at
            : throw new ArgumentException(
                $"f returned shape {Guard.Shape(at.Output)}; that of x, {Guard.Shape(at.Input)}, is wanted.", "f");

    /// <summary>The Jacobian of a field in three dimensions.</summary>
    private static Tensor Field3(Evaluation at) =>
        at.Input.shape is [3]
            ? Field(at).Jacobian()
            : throw new ArgumentException($"x has shape {Guard.Shape(at.Input)}; [3] is wanted.", "x");

    /// <summary>(J₂₁ − J₁₂, J₀₂ − J₂₀, J₁₀ − J₀₁).</summary>
    private static Tensor CurlOf(Tensor jacobian) =>
        torch.stack([
            jacobian[2, 1] - jacobian[1, 2],
            jacobian[0, 2] - jacobian[2, 0],
            jacobian[1, 0] - jacobian[0, 1],
        ]);
}
