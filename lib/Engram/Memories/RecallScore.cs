namespace Engram;

/// <summary>How close recalled columns are to the stored ones, averaged over the columns.</summary>
/// <param name="Cosine">The mean cosine similarity; 1 is perfect.</param>
/// <param name="Distance">The mean Euclidean distance; 0 is perfect.</param>
public readonly record struct RecallScore(double Cosine, double Distance)
{
    /// <summary>Both means over all columns.</summary>
    /// <param name="actual">Shape [..., d, n].</param>
    /// <param name="recalled">The same shape, dtype and device.</param>
    /// <exception cref="ArgumentException">Shapes, dtypes or devices that differ, or no column at all.</exception>
    public static RecallScore Of(Tensor actual, Tensor recalled)
    {
        using var cosines = ColumnCosines(actual, recalled);
        using var distances = ColumnDistances(actual, recalled);
        if (cosines.numel() == 0)
            throw new ArgumentException($"actual has shape {Guard.Shape(actual)}; it holds no column.", nameof(actual));
        using var scope = torch.NewDisposeScope();
        return new(Mean(cosines), Mean(distances));
    }

    /// <summary>The score of guessing: two independent matrices of standard normal numbers.</summary>
    /// <param name="d">Their rows.</param>
    /// <param name="n">Their columns.</param>
    /// <param name="generator">Where the numbers come from; torch's own generator by default.</param>
    public static RecallScore OfRandom(long d, long n = 1000, torch.Generator? generator = null)
    {
        Guard.AtLeast(d, 1);
        Guard.AtLeast(n, 1);
        TorchNatives.Load();
        using var scope = torch.NewDisposeScope();
        var first = torch.randn([d, n], generator: generator);
        return Of(first, torch.randn([d, n], generator: generator));
    }

    /// <summary>The cosine similarity of each pair of columns.</summary>
    /// <param name="actual">Shape [..., d, n].</param>
    /// <param name="recalled">The same shape, dtype and device.</param>
    /// <returns>Shape [..., n]; 0 where a column is zero.</returns>
    /// <exception cref="ArgumentException">Shapes, dtypes or devices that differ.</exception>
    public static Tensor ColumnCosines(Tensor actual, Tensor recalled)
    {
        Check(actual, recalled);
        return Scope.Run(() => torch.nn.functional.cosine_similarity(actual, recalled, dim: -2));
    }

    /// <summary>The Euclidean distance of each pair of columns.</summary>
    /// <param name="actual">Shape [..., d, n].</param>
    /// <param name="recalled">The same shape, dtype and device.</param>
    /// <returns>Shape [..., n].</returns>
    /// <exception cref="ArgumentException">Shapes, dtypes or devices that differ.</exception>
    public static Tensor ColumnDistances(Tensor actual, Tensor recalled)
    {
        Check(actual, recalled);
        return Scope.Run(() => (actual - recalled).norm(dim: -2));
    }

    private static double Mean(Tensor values) => values.mean().to(ScalarType.Float64).item<double>();

    private static void Check(Tensor actual, Tensor recalled)
    {
        Guard.Like(recalled, Guard.Floating(actual));
        if (actual.dim() < 2)
            throw new ArgumentException(
                $"actual has shape {Guard.Shape(actual)}; [..., d, n] is wanted.", nameof(actual));
        if (!actual.shape.SequenceEqual(recalled.shape))
            throw new ArgumentException(
                $"recalled has shape {Guard.Shape(recalled)}; that of actual, {Guard.Shape(actual)}, is wanted.",
                nameof(recalled));
    }
}
