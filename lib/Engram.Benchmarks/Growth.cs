using System.Diagnostics;

namespace Engram.Benchmarks;

/// <summary>Time and memory as the sizes grow: exact against distributed.</summary>
internal static class Growth
{
    private const double Beta = 2;

    // The memories where K does not grow.
    private const long Memories = 1000;

    /// <summary>Measures the series of one variable (K, Y, B or D), or of all, and draws all that were ever measured.</summary>
    public static int Run(string? only)
    {
        if (only is not null && Array.TrueForAll(Variables, variable => variable.Unit != only))
        {
            Console.Error.WriteLine($"Nothing grows by the name {only}; K, Y, B and D do.");
            return 2;
        }

        foreach (var (unit, measure) in Variables)
        {
            if (only is not null && only != unit) continue;
            Series[] measured = [.. measure()];
            GrowthChart.Keep(unit, measured);
            foreach (var series in measured) Console.WriteLine(series.Text);
            if (measured[^1].Crossing(measured[^2]) is { } crossing)
                Console.WriteLine($"The distributed energy is the quicker one from {unit} = {crossing:0} on");
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
        PrngKey.Create(seed).Normal([count, dimension]).div_(Math.Sqrt(dimension));

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
            Console.WriteLine($"Peak memory of this process while {count} memories were added to T: {ResidentMemory.Peak >> 20} MiB");
            distributed.Add(At(count, () =>
            {
                using var fresh = new DrDam(PrngKey.Create(1), 64, 100_000, Beta);
                var energy = fresh.Approximate(memory.ToTensor());
                return Stopwatches.Best(() => energy.Value(query));
            }));
            exact.Add(At(count, () =>
            {
                var energy = new LogSumExpEnergy(Vectors(3, count, 64), Beta);
                return Stopwatches.Best(() => energy.Value(query));
            }));
        }

        return
        [
            new("Adding K memories to T", "K", adding),
            new("Distributed energy", "K", distributed),
            new("Exact energy", "K", exact),
        ];
    }

    private static void Stream(DistributedMemory memory, long count)
    {
        for (long from = 0; from < count; from += 10_000)
        {
            using var chunk = NewDisposeScope();
            memory.Add(Vectors((int)(from / 10_000) + 10, Math.Min(10_000, count - from), 64));
        }
    }

    private static IEnumerable<Series> ByFeatures() =>
        Both("Y", Decades(3, 6), (features, exact) => Time(features, 10, 64, features, exact));

    private static IEnumerable<Series> ByQueries() =>
        Both("B", Decades(0, 4), (queries, exact) => Time(queries, queries, 64, 100_000, exact));

    private static IEnumerable<Series> ByDimension() =>
        Both("D", [2, 8, 32, 128, 512, 1024], (dimension, exact) => Time(dimension, 10, dimension, 100_000, exact));

    private static IEnumerable<Series> Both(string unit, long[] sizes, Func<long, bool, Point> at) =>
    [
        new("Distributed energy and gradient", unit, [.. sizes.Select(size => at(size, false))]),
        new("Exact energy and gradient", unit, [.. sizes.Select(size => at(size, true))]),
    ];

    // An energy with gradient of some queries; the memory is that of all that it needs.
    private static Point Time(long size, long count, long dimension, long features, bool exact) => At(size, () =>
    {
        using var scope = NewDisposeScope();
        var memories = Vectors(2, Memories, dimension);
        using var dam = exact ? null : new DrDam(PrngKey.Create(1), dimension, features, Beta);
        IEnergy energy = dam is null ? new LogSumExpEnergy(memories, Beta) : dam.Approximate(dam.Consolidate(memories));
        var queries = Vectors(3, count, dimension);
        return Stopwatches.Best(() => energy.ValueAndGradient(queries));
    });
}
