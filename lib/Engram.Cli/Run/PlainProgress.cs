using System.Globalization;

namespace Engram.Cli;

/// <summary>A line when a notebook begins, and one when it ends.</summary>
internal sealed class PlainProgress(CliConsole console, RunOptions options) : RunProgress(console, options)
{
    public override void Start(Chapter chapter, int cells) =>
        Console.Out.WriteLine($"{Console.ShownPath(chapter.Source)}: {cells} {(cells == 1 ? "cell" : "cells")} …");

    public override void StartCell(int ordinal, string source)
    {
    }

    public override void Dispose()
    {
    }

    protected override void End(NotebookResult result, IReadOnlyList<string> problems)
    {
        foreach (var problem in problems) Console.Error.WriteLine(problem);
        var seconds = result.Seconds.ToString("0.00", CultureInfo.InvariantCulture);
        var state = result.State switch
        {
            NotebookState.Succeeded => "ran",
            NotebookState.Interrupted => "was interrupted",
            _ => "failed",
        };
        Console.Out.WriteLine($"{Console.ShownPath(result.Chapter.Source)}: {state} in {seconds} s");
    }
}
