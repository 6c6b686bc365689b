using System.Diagnostics;

namespace Engram.Benchmarks;

/// <summary>Times a piece of work: the best of several runs, after it is warm.</summary>
internal static class Stopwatches
{
    /// <summary>Seconds of the best run. Short work is repeated within a run, up to about a tenth of a second.</summary>
    public static double Best(Action work, int runs = 5)
    {
        using var scope = NewDisposeScope();
        work();
        var once = Seconds(work, 1);
        var repeats = (int)Math.Clamp(0.1 / Math.Max(once, 1e-7), 1, 10_000);
        // Long enough for the runtime to have compiled the work anew with what it learned.
        if (repeats > 1) Seconds(work, repeats);
        var best = double.PositiveInfinity;
        for (var run = 0; run < runs; run++)
        {
            best = Math.Min(best, Seconds(work, repeats) / repeats);
            if (best > 5) break;
        }

        return best;
    }

    private static double Seconds(Action work, int repeats)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < repeats; i++)
        {
            using var scope = NewDisposeScope();
            work();
        }

        // A device answers before its work is done.
        if (Workloads.Device.type == DeviceType.CUDA) cuda.synchronize();
        return watch.Elapsed.TotalSeconds;
    }
}
