using System.Text.Json;

namespace Engram.Benchmarks;

/// <summary>The table: the kit, its plain way, PyTorch, and the floor.</summary>
internal static class Table
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <param name="names">The lines; all where there is none.</param>
    /// <param name="peer">Whether PyTorch is measured too.</param>
    /// <param name="asInstalled">Whether PyTorch is as it was installed.</param>
    /// <param name="rounds">How often both are measured, one after the other; the best of each counts.</param>
    public static int Run(IReadOnlySet<string> names, bool peer, bool asInstalled, int rounds)
    {
        var ceilings = Ceilings.Measure();
        Console.WriteLine($"Ceilings: {ceilings}");
        var other = peer ? new Peer(asInstalled) : null;
        var results = Workloads.All.Where(workload => names.Count == 0 || names.Contains(workload.Name))
            .Select(workload => new Result(workload, ceilings.Floor(workload.Cost))).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            other?.Run(names);
            if (other is not null && round == 0) Console.WriteLine($"Peer: {other.About}");
            foreach (var result in results) result.Measure();
        }

        foreach (var result in results) result.Peer = other?[result.Workload.Name] ?? [];
        string[] lines =
        [
            rounds == 1 ? "Milliseconds, best of five." : $"Milliseconds, best of {rounds} rounds of five.",
            "",
            "| workload | Engram | plain | floor | PyTorch, best form | ratio | target | PyTorch, as written | ratio | target |",
            "|---|---|---|---|---|---|---|---|---|---|",
            .. results.Select(Line),
        ];
        foreach (var line in lines) Console.WriteLine(line);
        Write(ceilings, other, results, lines);
        return 0;
    }

    /// <summary>One line's seconds.</summary>
    private sealed class Result(Workload workload, double floor)
    {
        public Workload Workload => workload;

        public double Kit { get; private set; } = double.PositiveInfinity;

        public double? Plain { get; private set; }

        public double Floor => floor;

        public IReadOnlyList<(string Form, double Seconds)> Peer { get; set; } = [];

        public void Measure()
        {
            using var scope = NewDisposeScope();
            var work = workload.Prepare();
            Kit = Math.Min(Kit, Stopwatches.Best(work));
            if (workload.HasPlain && Workloads.Device.type == DeviceType.CPU)
                Plain = Math.Min(Plain ?? double.PositiveInfinity, WithoutFastPaths(work));
        }

        /// <summary>The form with a target of its own: what a user writes first.</summary>
        public (string Form, double Seconds) AsWritten => Peer.FirstOrDefault(form => form.Form is "autograd" or "pinv");

        /// <summary>The quickest of the other forms.</summary>
        public (string Form, double Seconds) Best =>
            Peer.Where(form => form.Form is not ("autograd" or "pinv")).OrderBy(form => form.Seconds).FirstOrDefault();
    }

    private static string Line(Result result) =>
        $"| {result.Workload.Title} | {Text(result.Kit)} | {Text(result.Plain)} | {Text(result.Floor)} " +
        $"| {Form(result.Best)} | {Ratio(result.Best, result.Kit)} | {Target(result.Workload.Target)} " +
        $"| {Form(result.AsWritten)} | {Ratio(result.AsWritten, result.Kit)} | {Target(result.Workload.AsWrittenTarget ?? 0)} |";

    private static string Form((string Form, double Seconds) peer) =>
        peer.Form is null ? "" : $"{Text(peer.Seconds)} ({peer.Form})";

    private static void Write(Ceilings ceilings, Peer? peer, Result[] results, string[] lines)
    {
        var folder = Directory.CreateDirectory(Path.Combine("artifacts", "benchmarks")).FullName;
        File.WriteAllLines(Path.Combine(folder, "table.md"), [$"Ceilings: {ceilings}", $"Peer: {peer?.About}", .. lines]);
        var content = new
        {
            ceilings,
            peer = peer?.About,
            workloads = results.Select(r => new
            {
                r.Workload.Name,
                r.Kit,
                r.Plain,
                r.Floor,
                peer = r.Peer.ToDictionary(form => form.Form, form => form.Seconds),
            }),
        };
        File.WriteAllText(Path.Combine(folder, "table.json"), JsonSerializer.Serialize(content, Indented));
        Console.WriteLine("Written: artifacts/benchmarks/table.md and table.json (seconds)");
    }

    private static double WithoutFastPaths(Action work)
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
