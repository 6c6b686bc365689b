namespace Engram;

/// <summary>V for given attention, and what the loss needs of the same products.</summary>
/// <param name="Values">V, shape [N, d], the dtype of the targets.</param>
/// <param name="Loss">½‖X - AV‖².</param>
internal readonly record struct SolvedValues(Tensor Values, double Loss);

/// <summary>The minimum of ‖X - AV‖² + λ‖V‖² by V, in closed form.</summary>
internal static class KeyValueSolver
{
    /// <summary>As <see cref="Solve(ValueSolver, Tensor, Tensor, double, double)"/>, where ‖X‖² is not known yet.</summary>
    public static SolvedValues Solve(ValueSolver solver, Tensor weights, Tensor targets, double ridge) =>
        Solve(solver, weights, targets, ridge, Squares(targets));

    /// <summary>‖X‖², summed in float64.</summary>
    public static double Squares(Tensor targets)
    {
        var sum = 0d;
        foreach (var (from, count) in Blocks.Of(targets.shape[0], 1024))
        {
            using var scope = torch.NewDisposeScope();
            sum += targets.narrow(0, from, count).square().sum(ScalarType.Float64).item<double>();
        }

        return sum;
    }

    /// <summary>Solves for all rows at once.</summary>
    /// <param name="solver">How.</param>
    /// <param name="weights">A, shape [n, N].</param>
    /// <param name="targets">X, shape [n, d].</param>
    /// <param name="ridge">λ.</param>
    /// <param name="squares">‖X‖².</param>
    public static SolvedValues Solve(
        ValueSolver solver, Tensor weights, Tensor targets, double ridge, double squares)
    {
        CudaSolvers.Load(weights);
        var products = new KeyValueProducts(solver, weights, targets, squares);
        var values = solver switch
        {
            ValueSolver.Qr => ByQr(weights, targets, ridge),
            ValueSolver.NormalEquations => ByElimination(products, ridge),
            _ => ByCholesky(products, ridge) ?? ByQr(weights, targets, ridge),
        };
        return new(values.to(targets.dtype), products.Loss(values));
    }

    private static Tensor ByElimination(KeyValueProducts products, double ridge)
    {
        var (values, info) = torch.linalg.solve_ex(products.Ridged(ridge), products.Cross);
        return info.item<int>() == 0
            ? values
            : throw new ArithmeticException(
                "The normal equations are singular in this dtype; ValueSolver.Cholesky or .Qr solves them.");
    }

    private static Tensor? ByCholesky(KeyValueProducts products, double ridge)
    {
        var (factor, info) = torch.linalg.cholesky_ex(products.Ridged(ridge));
        return info.item<int>() == 0 ? torch.cholesky_solve(products.Cross, factor) : null;
    }

    // The least squares of [A; √λ I] V = [X; 0]: the zeros drop out of the right-hand side.
    private static Tensor ByQr(Tensor weights, Tensor targets, double ridge)
    {
        var (a, x) = (weights.to(ScalarType.Float64), targets.to(ScalarType.Float64));
        var root = torch.eye(a.shape[1], dtype: a.dtype, device: a.device) * Math.Sqrt(ridge);
        var (q, r) = torch.linalg.qr(torch.cat([a, root], 0));
        return torch.linalg.solve_triangular(r, q.narrow(0, 0, a.shape[0]).T.mm(x), upper: true);
    }
}
