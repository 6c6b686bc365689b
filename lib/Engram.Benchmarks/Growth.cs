using System.Diagnostics;

namespace Engram.Benchmarks;

/// <summary>Time and memory as the sizes grow: exact against distributed.</summary>
internal static class Growth
{
    private const double Beta = 2;

    private sealed record Series(string Title, string Unit, IReadOnlyList<(double Size, double Seconds)> Points)
    {
        /// <summary>The slope on logarithmic axes by least squares: 1 is proportional growth.</summary>
        public double Slope
        {
            get
            {
                var logs = Points.Select(p => (X: Math.Log(p.Size), Y: Math.Log(p.Seconds))).ToArray();
                var (x, y) = (logs.Average(l => l.X), logs.Average(l => l.Y));
                return logs.Sum(l => (l.X - x) * (l.Y - y)) / logs.Sum(l => (l.X - x) * (l.X - x));
            }
        }
    }

    public static int Run()
    {
        Series[] all = [.. ByMemories(), ByFeatures(), .. ByQueries(), ByDimension()];
        foreach (var series in all)
        {
            Console.WriteLine($"{series.Title} (slope {series.Slope:0.00})");
            foreach (var (size, seconds) in series.Points) Console.WriteLine($"  {series.Unit} = {size,9:0}   {seconds * 1e3,12:0.000} ms");
        }

        Console.WriteLine($"Peak memory: {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB");
        GrowthChart.Write(all.Select(s => ($"{s.Title}, slope {s.Slope:0.00}", s.Unit, s.Points)));
        return 0;
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
        List<(double, double)> adding = [], distributed = [], exact = [];
        foreach (var count in Decades(2, 6))
        {
            using var inner = NewDisposeScope();
            using var memory = new DistributedMemory(dam.FeatureMap);
            var watch = Stopwatch.StartNew();
            foreach (var chunk in Chunks(count)) using (chunk) memory.Add(chunk);
            adding.Add((count, watch.Elapsed.TotalSeconds));
            var approximate = memory.ToEnergy();
            distributed.Add((count, Stopwatches.Best(() => approximate.Value(query))));
            var energy = new LogSumExpEnergy(Vectors(3, count, 64), Beta);
            exact.Add((count, Stopwatches.Best(() => energy.Value(query))));
            Console.Error.WriteLine($"K = {count}: {adding[^1].Item2:0.0} s");
        }

        return
        [
            new("Adding K memories as a stream, D=64, Y=1e5", "K", adding),
            new("Distributed energy of one query, K memories in T", "K", distributed),
            new("Exact energy of one query, K memories", "K", exact),
        ];
    }

    private static IEnumerable<Tensor> Chunks(long count)
    {
        for (long from = 0; from < count; from += 10_000)
            yield return Vectors((int)(from / 10_000) + 10, Math.Min(10_000, count - from), 64);
    }

    private static Series ByFeatures() =>
        new("Distributed energy with gradient of 10 queries, D=64", "Y", [.. Decades(3, 6).Select(features =>
        {
            using var scope = NewDisposeScope();
            using var dam = new DrDam(PrngKey.Create(1), 64, features, Beta);
            var energy = dam.Approximate(dam.Consolidate(Vectors(2, 20, 64)));
            var queries = Vectors(3, 10, 64);
            return ((double)features, Stopwatches.Best(() => energy.ValueAndGradient(queries)));
        })]);

    private static IEnumerable<Series> ByQueries()
    {
        using var scope = NewDisposeScope();
        using var dam = new DrDam(PrngKey.Create(1), 64, 100_000, Beta);
        var memories = Vectors(2, 1000, 64);
        IEnergy exact = dam.Exact(memories), distributed = dam.Approximate(dam.Consolidate(memories));
        (double, double) Time(IEnergy energy, long count)
        {
            var queries = Vectors(3, count, 64);
            return (count, Stopwatches.Best(() => energy.ValueAndGradient(queries)));
        }

        return
        [
            new("Distributed energy with gradient of B queries, D=64, Y=1e5", "B", [.. Decades(0, 4).Select(b => Time(distributed, b))]),
            new("Exact energy with gradient of B queries, D=64, K=1,000", "B", [.. Decades(0, 4).Select(b => Time(exact, b))]),
        ];
    }

    private static Series ByDimension() =>
        new("Distributed energy with gradient of 10 queries, Y=1e5", "D", [.. new long[] { 2, 8, 32, 128, 512, 1024 }.Select(d =>
        {
            using var scope = NewDisposeScope();
            using var dam = new DrDam(PrngKey.Create(1), d, 100_000, Beta);
            var energy = dam.Approximate(dam.Consolidate(Vectors(2, 20, d)));
            var queries = Vectors(3, 10, d);
            return ((double)d, Stopwatches.Best(() => energy.ValueAndGradient(queries)));
        })]);
}
