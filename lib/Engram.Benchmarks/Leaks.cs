using System.Diagnostics;

namespace Engram.Benchmarks;

/// <summary>Whether memory stays flat, and whether two threads at once get right answers.</summary>
internal static class Leaks
{
    private const double Allowed = 20;

    public static int Run()
    {
        var flat = new[]
        {
            Flat("100,000 descents", 100_000, Descents()),
            Flat("100,000 descents by libtorch's operations", 100_000, Descents(), fast: false),
            Flat("10,000 gradients by autodiff", 10_000, Gradients()),
            Flat("10,000 gradients of a distributed energy", 10_000, Distributed()),
        };
        return flat.All(f => f) & Threads() ? 0 : 1;
    }

    private static Action Descents()
    {
        var energy = new LogSumExpEnergy(PrngKey.Create(1).Normal([8, 2]), 1);
        var query = PrngKey.Create(2).Normal([1, 2]);
        var options = new DescentOptions { Steps = 10, RecordStates = 5, RecordGradients = true };
        return () => EnergyDescent.Run(energy, query, options).Dispose();
    }

    private static Action Gradients()
    {
        var energy = Energy.Of(v => v.square().sum(-1));
        var query = PrngKey.Create(2).Normal([4, 8]);
        return () => Discard(energy.ValueAndGradient(query));
    }

    private static Action Distributed()
    {
        var dam = new DrDam(PrngKey.Create(1), 8, 1000, 1);
        var energy = dam.Approximate(dam.Consolidate(PrngKey.Create(3).Normal([5, 8])));
        var query = PrngKey.Create(2).Normal([4, 8]);
        return () => Discard(energy.ValueAndGradient(query));
    }

    private static void Discard(EnergyGradient at)
    {
        at.Value.Dispose();
        at.Gradient.Dispose();
    }

    private static bool Flat(string title, int count, Action work, bool fast = true)
    {
        EngramOptions.FastPaths = fast;
        // Until the collector has come by itself: the room for new objects, which follows the processor's cache, is no leak.
        var collections = GC.CollectionCount(0);
        for (var i = 0; i < count / 10 || (i < count && GC.CollectionCount(0) < collections + 2); i++) work();
        var before = Resident();
        for (var i = 0; i < count; i++) work();
        var grown = Resident() - before;
        EngramOptions.FastPaths = true;
        Console.WriteLine($"{title}: {Math.Round(grown, 1):+0.0;-0.0;0.0} MiB {(grown < Allowed ? "flat" : "GROWS")}");
        return grown < Allowed;
    }

    private static double Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64 / 1048576.0;
    }

    private static bool Threads()
    {
        using var scope = NewDisposeScope();
        var energy = new LogSumExpEnergy(PrngKey.Create(1).Normal([20, 30]), 1);
        var dam = new DrDam(PrngKey.Create(1), 30, 20_000, 1);
        var approximate = dam.Approximate(dam.Consolidate(PrngKey.Create(3).Normal([5, 30])));
        var query = PrngKey.Create(2).Normal([40, 30]);
        var options = new DescentOptions { Steps = 20 };
        float[][] Answers()
        {
            using var inner = NewDisposeScope();
            return [EnergyDescent.Run(energy, query, options).State.data<float>().ToArray(),
                EnergyDescent.Run(approximate, query, options).State.data<float>().ToArray()];
        }

        var alone = Answers();
        var right = true;
        var threads = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 50; i++)
                if (!Answers().Zip(alone).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second))) right = false;
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Console.WriteLine($"Two threads at once: {(right ? "right, to the bit" : "WRONG")}");
        return right;
    }
}
