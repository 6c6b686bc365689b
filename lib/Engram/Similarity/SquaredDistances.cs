namespace Engram;

/// <summary>Squared Euclidean distances between rows, in the way that fits the size.</summary>
/// <remarks>
/// Few short rows: by differences, with a relative error of some ε. Else by products,
/// ½‖x−y‖² = ½‖x‖² + ½‖y‖² − ⟨x, y⟩, after moving the origin to the mean of Y, with an absolute error of some ε·R²,
/// R the largest distance from that mean.
/// </remarks>
internal static class SquaredDistances
{
    private const long DirectLimit = 1024;

    /// <summary>Whether a set of <paramref name="rows"/> rows is compared by differences.</summary>
    public static bool Direct(long rows, long dimension) => rows * dimension <= DirectLimit;

    /// <summary>½‖x−y‖² for every pair.</summary>
    /// <param name="x">[N, D].</param>
    /// <param name="y">[M, D].</param>
    /// <returns>[N, M].</returns>
    public static Tensor Halved(Tensor x, Tensor y)
    {
        var (count, dimension) = (y.shape[0], y.shape[1]);
        if (Direct(count, dimension))
            return Blocks.Rows(x, Blocks.Elements(x) / (count * dimension), rows => Differences(rows, y));
        var centre = y.mean([0], true);
        var (a, b) = (x - centre, y - centre);
        var halved = HalfNorms(a).unsqueeze(1) + HalfNorms(b) - a.mm(b.t());
        return halved.requires_grad ? halved : halved.clamp_min_(0);
    }

    /// <summary>½‖x‖² of each row.</summary>
    public static Tensor HalfNorms(Tensor rows) => rows.square().sum(-1) * 0.5;

    /// <summary>½‖x−y‖² by differences.</summary>
    public static Tensor Differences(Tensor x, Tensor y) => HalfNorms(x.unsqueeze(1) - y);
}
