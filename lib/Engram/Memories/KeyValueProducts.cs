namespace Engram;

/// <summary>
/// AᵀA and AᵀX, of which V and the loss are made, in float64: AᵀA from float64 products, for V feels its rounding by
/// the square of A's condition; AᵀX from products in the input's dtype, summed in float64 over blocks of rows.
/// For the source's way both are single products in the input's dtype.
/// </summary>
internal sealed class KeyValueProducts
{
    // Long enough for the processor's full rate, short enough for float32's sums.
    private const long Rows = 1024;

    private readonly Tensor _gram;
    private readonly double _squares;

    /// <param name="solver">The way.</param>
    /// <param name="weights">A, shape [n, N].</param>
    /// <param name="targets">X, shape [n, d].</param>
    /// <param name="squares">‖X‖².</param>
    public KeyValueProducts(ValueSolver solver, Tensor weights, Tensor targets, double squares)
    {
        _squares = squares;
        (_gram, Cross) = solver == ValueSolver.NormalEquations
            ? (weights.T.mm(weights), weights.T.mm(targets))
            : InBlocks(weights, targets);
    }

    /// <summary>AᵀX, shape [N, d].</summary>
    public Tensor Cross { get; }

    /// <summary>AᵀA + λI, shape [N, N].</summary>
    public Tensor Ridged(double ridge)
    {
        var ridged = _gram.clone();
        ridged.diagonal(0, 0, 1).add_(ridge);
        return ridged;
    }

    /// <summary>½‖X - AV‖² = ½(‖X‖² - 2⟨AᵀX, V⟩ + ⟨AᵀA, VVᵀ⟩), without a pass over the rows.</summary>
    public double Loss(Tensor values)
    {
        var v = values.to(_gram.dtype);
        var cross = (Cross * v).sum(ScalarType.Float64).item<double>();
        var gram = (_gram * v.mm(v.T)).sum(ScalarType.Float64).item<double>();
        return Math.Max(0, 0.5 * (_squares - 2 * cross + gram));
    }

    private static (Tensor Gram, Tensor Cross) InBlocks(Tensor weights, Tensor targets)
    {
        var gram = Zeros(weights, weights.shape[1]);
        var cross = Zeros(weights, targets.shape[1]);
        foreach (var (from, count) in Blocks.Of(weights.shape[0], Rows))
        {
            using var block = torch.NewDisposeScope();
            var a = weights.narrow(0, from, count);
            cross.add_(MatrixProduct.Of(a.T, targets.narrow(0, from, count)));
            GramProduct.AddUpper(gram, a.to(ScalarType.Float64));
        }

        return (GramProduct.Whole(gram), cross);
    }

    private static Tensor Zeros(Tensor weights, long columns) =>
        torch.zeros(weights.shape[1], columns, dtype: ScalarType.Float64, device: weights.device);
}
