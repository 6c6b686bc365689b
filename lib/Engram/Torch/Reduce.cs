namespace Engram;

/// <summary>Sums over the dimensions behind a batch.</summary>
internal static class Reduce
{
    /// <summary>The sum over all dimensions but the first few, which are the batch.</summary>
    public static Tensor Trailing(Tensor tensor, int batchDimensions)
    {
        var trailing = Enumerable.Range(batchDimensions, (int)tensor.dim() - batchDimensions);
        return trailing.Any() ? tensor.sum([.. trailing.Select(i => (long)i)]) : tensor;
    }
}
