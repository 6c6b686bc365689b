namespace Engram;

/// <summary>Runs independent parts of a work over the cores. Which core runs which part changes nothing in the result.</summary>
internal static class Workers
{
    /// <summary>Below so many operations one core is quicker than two.</summary>
    private const double WorthSharing = 1 << 19;

    /// <summary>Runs part 0 … parts-1; <paramref name="work"/> is the number of operations of all.</summary>
    public static void Run(int parts, double work, Action<int> part, CancellationToken cancellation = default)
    {
        var threads = Math.Min(parts, get_num_threads());
        if (threads <= 1 || work < WorthSharing)
        {
            for (var i = 0; i < parts; i++) part(i);
            return;
        }

        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, part);
    }
}
