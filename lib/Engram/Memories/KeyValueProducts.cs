namespace Engram;

/// <summary>
/// AᵀA and AᵀX, of which V and the loss are made, in float64: AᵀA from float64 products, for V feels its rounding by
/// the square of A's condition; AᵀX from products in the input's dtype, summed in float64 over blocks of rows.
/// For the source's way both are single products in the input's dtype.
/// </summary>
internal sealed class KeyValueProducts
{
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
            : (MatrixProduct.Gram(weights), MatrixProduct.Cross(weights, targets));
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
        var gram = (_gram * MatrixProduct.Of(v, v.T)).sum(ScalarType.Float64).item<double>();
        return Math.Max(0, 0.5 * (_squares - 2 * cross + gram));
    }
}
