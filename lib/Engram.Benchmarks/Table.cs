namespace Engram.Benchmarks;

/// <summary>The table: the kit, its plain way, PyTorch, and the floor.</summary>
internal static class Table
{
    public static int Run(IReadOnlySet<string> names, bool peer)
    {
        var ceilings = Ceilings.Measure();
        Console.WriteLine($"Ceilings: {ceilings}");
        var other = peer ? Peer.Run() : null;
        if (other is not null) Console.WriteLine($"Peer: {other.About}");
        Console.WriteLine("Milliseconds, best of five.");
        Console.WriteLine();
        Console.WriteLine("| workload | Engram | plain | floor | PyTorch, best form | ratio | target | autograd | ratio | target |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var workload in Workloads.All)
            if (names.Count == 0 || names.Contains(workload.Name))
                Console.WriteLine(Line(workload, ceilings, other));
        return 0;
    }

    private static string Line(Workload workload, Ceilings ceilings, Peer? peer)
    {
        using var scope = NewDisposeScope();
        var work = workload.Prepare();
        var kit = Stopwatches.Best(work);
        var plain = workload.HasPlain ? Plain(work) : (double?)null;
        var forms = peer?[workload.Name] ?? [];
        var best = forms.Where(form => form.Form != "autograd").OrderBy(form => form.Seconds).FirstOrDefault();
        var autograd = forms.FirstOrDefault(form => form.Form == "autograd");
        return $"| {workload.Title} | {Text(kit)} | {Text(plain)} | {Text(ceilings.Floor(workload.Cost))} " +
            $"| {(best.Form is null ? "" : $"{Text(best.Seconds)} ({best.Form})")} | {Ratio(best, kit)} | {Target(workload.Target)} " +
            $"| {(autograd.Form is null ? "" : Text(autograd.Seconds))} | {Ratio(autograd, kit)} | {Target(workload.AutogradTarget ?? 0)} |";
    }

    private static double Plain(Action work)
    {
        EngramOptions.FastPaths = false;
        try
        {
            return Stopwatches.Best(work);
        }
        finally
        {
            EngramOptions.FastPaths = true;
        }
    }

    private static string Text(double? seconds) =>
        seconds is not { } s ? "" : s >= 0.01 ? $"{s * 1e3:0.0}" : s >= 0.001 ? $"{s * 1e3:0.00}" : $"{s * 1e3:0.0000}";

    private static string Ratio((string Form, double Seconds) peer, double kit) =>
        peer.Form is null ? "" : $"{peer.Seconds / kit:0.0}×";

    private static string Target(double ratio) => ratio > 0 ? $"{ratio:0}×" : "";
}
