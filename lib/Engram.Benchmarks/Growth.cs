using System.Diagnostics;

namespace Engram.Benchmarks;

/// <summary>Time and memory as the sizes grow: exact against distributed.</summary>
internal static class Growth
{
    private const double Beta = 2;

    /// <summary>Measures the series of one variable (K, Y, B or D), or of all, and draws all that were ever measured.</summary>
    public static int Run(string? only)
    {
        foreach (var (unit, measure) in Variables)
        {
            if (only is not null && only != unit) continue;
            Series[] measured = [.. measure()];
            GrowthChart.Keep(unit, measured);
            foreach (var series in measured) Console.WriteLine(series.Text);
        }

        using var self = Process.GetCurrentProcess();
        Console.WriteLine($"Peak memory of this process: {self.PeakWorkingSet64 >> 20} MiB");
        GrowthChart.Write();
        return 0;
    }

    private static (string Unit, Func<IEnumerable<Series>> Measure)[] Variables { get; } =
        [("K", ByMemories), ("Y", ByFeatures), ("B", ByQueries), ("D", ByDimension)];

    // The seconds of some work, and the peak of resident memory that it took beyond what was there before.
    private static Point At(long size, Func<double> seconds)
    {
        GC.Collect();
        var before = ResidentMemory.Restart();
        var time = seconds();
        Console.Error.WriteLine($"{size}: {time:0.000000} s");
        return new(size, time, Math.Max(0.1, (ResidentMemory.Peak - before) / 1048576.0));
    }

    private static double Once(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

    private static long[] Decades(int from, int to) => [.. Enumerable.Range(from, to - from + 1).Select(e => (long)Math.Pow(10, e))];

    private static Tensor Vectors(int seed, long count, long dimension) =>
        PrngKey.Create(seed).Normal([count, dimension]) / Math.Sqrt(dimension);

    // K grows: adding to T is a stream; an energy of T does not see K, the exact one does.
    private static IEnumerable<Series> ByMemories()
    {
        using var scope = NewDisposeScope();
        using var dam = new DrDam(PrngKey.Create(1), 64, 100_000, Beta);
        var query = Vectors(2, 1, 64);
        List<Point> adding = [], distributed = [], exact = [];
        foreach (var count in Decades(2, 6))
        {
            using var inner = NewDisposeScope();
            using var memory = new DistributedMemory(dam.FeatureMap);
            adding.Add(At(count, () => Once(() => Stream(memory, count))));
            var approximate = memory.ToEnergy();
            distributed.Add(At(count, () => Stopwatches.Best(() => approximate.Value(query))));
            exact.Add(At(count, () =>
            {
                var energy = new LogSumExpEnergy(Vectors(3, count, 64), Beta);
                return Stopwatches.Best(() => energy.Value(query));
            }));
        }

        return
        [
            new("Adding K memories to T as a stream", "K", adding),
            new("Distributed energy of one query", "K", distributed),
            new("Exact energy of one query", "K", exact),
        ];
    }

    private static void Stream(DistributedMemory memory, long count)
    {
        foreach (var chunk in Chunks(count))
            using (chunk)
                memory.Add(chunk);
    }

    private static IEnumerable<Tensor> Chunks(long count)
    {
        for (long from = 0; from < count; from += 10_000)
            yield return Vectors((int)(from / 10_000) + 10, Math.Min(10_000, count - from), 64);
    }

    private static IEnumerable<Series> ByFeatures() =>
        [new("Distributed energy with gradient, 10 queries", "Y", [.. Decades(3, 6).Select(features => Features(features, 64, features))])];

    private static Point Features(long size, long dimension, long features) => At(size, () =>
    {
        using var scope = NewDisposeScope();
        using var dam = new DrDam(PrngKey.Create(1), dimension, features, Beta);
        var energy = dam.Approximate(dam.Consolidate(Vectors(2, 20, dimension)));
        var queries = Vectors(3, 10, dimension);
        return Stopwatches.Best(() => energy.ValueAndGradient(queries));
    });

    private static IEnumerable<Series> ByQueries()
    {
        using var scope = NewDisposeScope();
        using var dam = new DrDam(PrngKey.Create(1), 64, 100_000, Beta);
        var memories = Vectors(2, 1000, 64);
        IEnergy exact = dam.Exact(memories), distributed = dam.Approximate(dam.Consolidate(memories));
        Point Time(IEnergy energy, long count) => At(count, () =>
        {
            using var inner = NewDisposeScope();
            var queries = Vectors(3, count, 64);
            return Stopwatches.Best(() => energy.ValueAndGradient(queries), runs: 3);
        });

        return
        [
            new("Distributed energy with gradient, Y=1e5", "B", [.. Decades(0, 4).Select(b => Time(distributed, b))]),
            new("Exact energy with gradient, K=1,000", "B", [.. Decades(0, 4).Select(b => Time(exact, b))]),
        ];
    }

    private static IEnumerable<Series> ByDimension() =>
        [new("Distributed energy with gradient, 10 queries", "D", [.. new long[] { 2, 8, 32, 128, 512, 1024 }.Select(d => Features(d, d, 100_000))])];
}
