namespace Engram;

public static partial class Diff
{
    /// <summary>As <see cref="Laplacian"/>, by central differences.</summary>
    /// <param name="f">From a tensor of any shape to a scalar, shape []; float64 is recommended.</param>
    /// <param name="step">The step h; where null, one that balances rounding and truncation.</param>
    public static Func<Tensor, Tensor> NumLaplacian(Func<Tensor, Tensor> f, double? step = null) =>
        LaplacianBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="FLaplacian"/>, by central differences.</summary>
    /// <inheritdoc cref="NumLaplacian"/>
    public static Func<Tensor, ValueAndLaplacian> NumFLaplacian(Func<Tensor, Tensor> f, double? step = null) =>
        FLaplacianBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="Divergence"/>, by central differences.</summary>
    /// <param name="f">From a tensor of any shape to one of the same shape; float64 is recommended.</param>
    /// <param name="step">The step h; where null, one that balances rounding and truncation.</param>
    public static Func<Tensor, Tensor> NumDivergence(Func<Tensor, Tensor> f, double? step = null) =>
        DivergenceBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="FDivergence"/>, by central differences.</summary>
    /// <inheritdoc cref="NumDivergence"/>
    public static Func<Tensor, ValueAndDivergence> NumFDivergence(Func<Tensor, Tensor> f, double? step = null) =>
        FDivergenceBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="Curl"/>, by central differences.</summary>
    /// <param name="f">From shape [3] to shape [3]; float64 is recommended.</param>
    /// <param name="step">The step h; where null, one that balances rounding and truncation.</param>
    public static Func<Tensor, Tensor> NumCurl(Func<Tensor, Tensor> f, double? step = null) =>
        CurlBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="FCurl"/>, by central differences.</summary>
    /// <inheritdoc cref="NumCurl"/>
    public static Func<Tensor, ValueAndCurl> NumFCurl(Func<Tensor, Tensor> f, double? step = null) =>
        FCurlBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="CurlDivergence"/>, by central differences.</summary>
    /// <inheritdoc cref="NumCurl"/>
    public static Func<Tensor, CurlAndDivergence> NumCurlDivergence(Func<Tensor, Tensor> f, double? step = null) =>
        CurlDivergenceBy(Evaluation.Numeric(f, step));

    /// <summary>As <see cref="FCurlDivergence"/>, by central differences.</summary>
    /// <inheritdoc cref="NumCurl"/>
    public static Func<Tensor, ValueCurlAndDivergence> NumFCurlDivergence(
        Func<Tensor, Tensor> f, double? step = null) =>
        FCurlDivergenceBy(Evaluation.Numeric(f, step));
}
