using System.Globalization;

namespace Engram.Cli;

/// <summary>What is said when all notebooks have ended: their seconds and those of their cells.</summary>
internal static class RunSummary
{
    private const int Width = 100;

    public static void Write(IReadOnlyList<NotebookResult> results, CliConsole console)
    {
        console.Out.WriteLine();
        var width = results.Max(result => Name(result).Length);
        foreach (var result in results)
        {
            var target = result.Problem is null && result.State != NotebookState.NotRun
                ? $"  {console.ShownPath(result.Chapter.Target)}" : "";
            console.Out.WriteLine(
                $"{Name(result).PadRight(width)}  {State(result.State),-11}  {Count(result),9}  {Seconds(result.Seconds),9}{target}");
            WriteCells(result, console.Out);
        }

        if (results.Count > 1)
            console.Out.WriteLine($"{"in all".PadRight(width)}  {"",-11}  {"",9}  {Seconds(results.Sum(result => result.Seconds)),9}");
    }

    private static void WriteCells(NotebookResult result, TextWriter to)
    {
        var line = "   ";
        foreach (var cell in result.Cells)
        {
            var text = $" {cell.Number}: {cell.Seconds.ToString(cell.Seconds < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture)}";
            if (line.Length + text.Length > Width)
            {
                to.WriteLine(line);
                line = "   ";
            }

            line += text;
        }

        if (result.Cells.Count > 0) to.WriteLine(line);
    }

    private static string Name(NotebookResult result) => Path.GetFileName(result.Chapter.Source);

    private static string Count(NotebookResult result) =>
        $"{result.Cells.Count} {(result.Cells.Count == 1 ? "cell" : "cells")}";

    private static string Seconds(double seconds) => seconds.ToString("0.00", CultureInfo.InvariantCulture) + " s";

    private static string State(NotebookState state) => state switch
    {
        NotebookState.Succeeded => "ok",
        NotebookState.Failed => "FAILED",
        NotebookState.Interrupted => "interrupted",
        _ => "not run",
    };
}
