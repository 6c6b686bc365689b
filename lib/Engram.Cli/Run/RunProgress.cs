namespace Engram.Cli;

/// <summary>Shows how a run goes on: live on a terminal, as plain lines elsewhere. Errors are told in both alike.</summary>
internal abstract class RunProgress(CliConsole console, RunOptions options) : IRunListener, IDisposable
{
    private readonly List<CellResult> failures = [];

    /// <summary>Where it writes.</summary>
    protected CliConsole Console { get; } = console;

    /// <summary>The progress that fits the console.</summary>
    public static RunProgress Create(CliConsole console, RunOptions options, IReadOnlyList<Chapter> chapters) =>
        console.IsTerminal ? new LiveProgress(console, options, chapters) : new PlainProgress(console, options);

    /// <inheritdoc/>
    public abstract void Start(Chapter chapter, int cells);

    /// <inheritdoc/>
    public abstract void StartCell(int ordinal, string source);

    /// <inheritdoc/>
    public virtual void EndCell(CellResult cell)
    {
        if (cell.Error is not null) failures.Add(cell);
    }

    /// <inheritdoc/>
    public void End(NotebookResult result)
    {
        var lines = new List<string>();
        foreach (var failure in failures) lines.AddRange(Told(result.Chapter, failure));
        failures.Clear();
        if (result.Problem is { } problem) lines.Add($"{ShortName(result.Chapter, problem)}{problem}");
        End(result, lines);
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Shows that a notebook has ended.</summary>
    /// <param name="result">How.</param>
    /// <param name="problems">The lines that say what went wrong.</param>
    protected abstract void End(NotebookResult result, IReadOnlyList<string> problems);

    private IEnumerable<string> Told(Chapter chapter, CellResult failure)
    {
        var error = failure.Error!;
        var line = error.Line is { } number ? $", line {number}" : "";
        var message = error.Message.TrimEnd().Replace("\n", "\n    ");
        yield return $"{Console.ShownPath(chapter.Source)}, cell {failure.Number}{line}: {error.Name}: {message}";
        if (!options.Traceback) yield break;
        foreach (var trace in error.Traceback) yield return "    " + CliConsole.Plain(trace);
    }

    // A document's own complaint names the file already.
    private string ShortName(Chapter chapter, string problem) =>
        problem.StartsWith(chapter.Source, StringComparison.Ordinal) || problem.StartsWith(chapter.Target, StringComparison.Ordinal)
            ? "" : Console.ShownPath(chapter.Source) + ": ";
}
