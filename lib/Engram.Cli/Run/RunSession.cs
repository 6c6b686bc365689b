using System.Diagnostics;
using Engram.Notebooks;

namespace Engram.Cli;

/// <summary>Runs notebooks one after the other, each in a fresh engine, and writes what ran.</summary>
internal sealed class RunSession(RunOptions options, Func<string, ICellRunner> engines, IRunListener listener)
{
    /// <summary>The exit codes.</summary>
    public const int Success = 0, Failure = 1, Interrupted = 130;

    /// <summary>Runs notebooks, shows how it goes on, and sums up.</summary>
    /// <returns>0 where all ran, 1 where one failed, 130 where the user stopped.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<Chapter> chapters, RunOptions options, CliConsole console, Func<string, ICellRunner> engines,
        CancellationToken cancellation = default)
    {
        using var interrupts = new Interrupts(cancellation);
        using var progress = RunProgress.Create(console, options, chapters);
        var session = new RunSession(options, engines, progress);
        var results = new List<NotebookResult>();
        foreach (var chapter in chapters)
        {
            results.Add(interrupts.Token.IsCancellationRequested
                ? new NotebookResult(chapter, NotebookState.NotRun, [], 0)
                : await session.RunAsync(chapter, interrupts.Token));
        }

        progress.Dispose();
        RunSummary.Write(results, console);
        return results.Exists(result => result.State is NotebookState.Interrupted or NotebookState.NotRun) ? Interrupted
            : results.Exists(result => result.State == NotebookState.Failed) ? Failure
            : Success;
    }

    private async Task<NotebookResult> RunAsync(Chapter chapter, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var result = await TryRunAsync(chapter, cancellation) with { Seconds = watch.Elapsed.TotalSeconds };
        listener.End(result);
        GC.Collect();
        return result;
    }

    private async Task<NotebookResult> TryRunAsync(Chapter chapter, CancellationToken cancellation)
    {
        NotebookRunner? runner = null;
        NotebookResult Ended(NotebookState state, string? problem = null) =>
            new(chapter, state, runner?.Results ?? [], 0, problem);

        try
        {
            var document = Documents.Open(chapter.Source);
            var engine = engines(Path.GetDirectoryName(chapter.Source)!);
            try
            {
                runner = new NotebookRunner(document, engine, options, listener);
                listener.Start(chapter, runner.Count);
                var (executed, state) = await runner.RunAsync(cancellation);
                var problem = options.Images ? await TryAddPicturesAsync(executed, cancellation) : null;
                Documents.Save(executed.ForJupyter(), chapter.Target);
                return problem is null ? Ended(state) : Ended(NotebookState.Failed, problem);
            }
            finally
            {
                if (runner is not { IsStuck: true }) engine.Dispose();
            }
        }
        catch (Exception e) when (e is DocumentException or ParameterException)
        {
            return Ended(NotebookState.Failed, e.Message);
        }
    }

    private static async Task<string?> TryAddPicturesAsync(NotebookDocument executed, CancellationToken cancellation)
    {
        try
        {
            if (!cancellation.IsCancellationRequested) await StillPictures.AddAsync(executed, cancellation);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or OperationCanceledException)
        {
            return $"Its charts have no pictures: {e.Message}";
        }
    }
}
