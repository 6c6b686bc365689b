namespace Engram;

/// <summary>Cuts large work into blocks, so that no intermediate grows with the product of two sizes.</summary>
internal static class Blocks
{
    /// <summary>
    /// The number of elements an intermediate may have: 1 MiB of float32 on the CPU, which stays in cache; 128 MiB on
    /// a device, where few large operations are quicker than many.
    /// </summary>
    public static long Elements(Tensor input) => input.device_type == DeviceType.CPU ? 1 << 18 : 1 << 25;

    /// <summary>The ranges [from, from + count) that cover [0, total), none longer than <paramref name="length"/>.</summary>
    public static IEnumerable<(long From, long Count)> Of(long total, long length)
    {
        length = Math.Max(1, length);
        for (long from = 0; from < total; from += length)
            yield return (from, Math.Min(length, total - from));
    }

    /// <summary>Applies a function of rows [N, …] → [N, …] in blocks of rows.</summary>
    public static Tensor Rows(Tensor rows, long length, Func<Tensor, Tensor> compute)
    {
        if (rows.shape[0] <= length) return compute(rows);
        var parts = Of(rows.shape[0], length)
            .Select(block => Scope.Run(() => compute(rows.narrow(0, block.From, block.Count)))).ToList();
        return cat(parts, 0);
    }

    /// <summary>As <see cref="Rows(Tensor,long,Func{Tensor,Tensor})"/>, for two results.</summary>
    public static (Tensor First, Tensor Second) Rows(Tensor rows, long length, Func<Tensor, (Tensor, Tensor)> compute)
    {
        if (rows.shape[0] <= length) return compute(rows);
        var parts = Of(rows.shape[0], length)
            .Select(block => Scope.Run(() => compute(rows.narrow(0, block.From, block.Count)))).ToList();
        return (cat(parts.Select(p => p.Item1).ToList(), 0), cat(parts.Select(p => p.Item2).ToList(), 0));
    }
}
