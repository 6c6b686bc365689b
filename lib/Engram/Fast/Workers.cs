namespace Engram;

/// <summary>Runs independent parts of a work over the cores. Which core runs which part changes nothing in the result.</summary>
internal static class Workers
{
    /// <summary>Below so many operations one core is quicker than two.</summary>
    private const double WorthSharing = 1 << 18;

    /// <summary>Whether a work of so many operations goes over several cores.</summary>
    public static bool Share(double work) => work >= WorthSharing && get_num_threads() > 1;

    /// <summary>Runs part 0 … parts-1; <paramref name="work"/> is the number of operations of all.</summary>
    public static void Run(int parts, double work, Action<int> part, CancellationToken cancellation = default)
    {
        var threads = Math.Min(parts, get_num_threads());
        if (threads <= 1 || !Share(work))
        {
            for (var i = 0; i < parts; i++) part(i);
            return;
        }

        var next = -1;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            // One by one: whoever is free takes the next.
            for (int i; !cancellation.IsCancellationRequested && (i = Interlocked.Increment(ref next)) < parts;) part(i);
        });
        cancellation.ThrowIfCancellationRequested();
    }
}
