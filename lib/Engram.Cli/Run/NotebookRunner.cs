using System.Diagnostics;
using Engram.Notebooks;

namespace Engram.Cli;

/// <summary>Runs the cells of one notebook and keeps what they show.</summary>
/// <param name="document">The notebook.</param>
/// <param name="engine">What runs its cells.</param>
/// <param name="options">How.</param>
/// <param name="listener">Hears how it goes on.</param>
internal sealed class NotebookRunner(
    NotebookDocument document, ICellRunner engine, RunOptions options, IRunListener listener)
{
    /// <summary>How long a cell that was asked to stop may take to do so before the notebook is given up.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly OutputCollector collector = new();
    private readonly List<CellResult> results = [];
    private readonly CellPlan plan = new(document, options);

    /// <summary>The cells that ran.</summary>
    public IReadOnlyList<CellResult> Results => results;

    /// <summary>Whether a cell goes on although it was asked to stop: the engine is not to be used any more.</summary>
    public bool IsStuck { get; private set; }

    /// <summary>How many cells are to run.</summary>
    public int Count => plan.Count;

    /// <summary>Runs them all, or up to the first that fails, or until the user stops.</summary>
    /// <returns>The notebook with the outputs of what ran, and how it ended.</returns>
    public async Task<(NotebookDocument Executed, NotebookState State)> RunAsync(CancellationToken cancellation)
    {
        // A limit is set to what a cell does, not to the start of the engine under it.
        if (options.Timeout is not null) await engine.ReadyAsync(cancellation);
        var state = NotebookState.Succeeded;
        var isOver = false;
        var cells = new List<NotebookCell>();
        foreach (var cell in plan.Cells(engine))
        {
            if (isOver || cancellation.IsCancellationRequested || !plan.Runs(cell))
            {
                cells.Add(cell);
                continue;
            }

            var (executed, result) = await RunAsync(cell, cancellation);
            cells.Add(executed);
            if (result.Error is null) continue;
            state = cancellation.IsCancellationRequested ? NotebookState.Interrupted : NotebookState.Failed;
            isOver = !options.KeepGoing || state == NotebookState.Interrupted || IsStuck;
        }

        if (cancellation.IsCancellationRequested && results.Count < plan.Count) state = NotebookState.Interrupted;
        return (document with { Cells = cells }, state);
    }

    private async Task<(NotebookCell, CellResult)> RunAsync(NotebookCell cell, CancellationToken cancellation)
    {
        var number = results.Count + 1;
        listener.StartCell(number, cell.Source);
        collector.StartCell(number);
        var watch = Stopwatch.StartNew();
        var error = await RunInTimeAsync(cell, cancellation);
        var result = new CellResult(number, watch.Elapsed.TotalSeconds, error);
        results.Add(result);
        listener.EndCell(result);
        return (cell with { ExecutionCount = number, Outputs = collector.Outputs }, result);
    }

    private async Task<CellError?> RunInTimeAsync(NotebookCell cell, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        if (options.Timeout is { } seconds) limit.CancelAfter(TimeSpan.FromSeconds(seconds));

        CellError? error = null;
        var isOpen = true;
        void Hear(CellEvent happened)
        {
            lock (collector)
            {
                if (!isOpen) return;
                if (happened is CellFailed failed)
                    happened = new CellFailed(error = limit.IsCancellationRequested ? TooLong(failed.Error) : failed.Error);
                collector.Hear(happened);
            }
        }

        var run = RunSafelyAsync(cell, Hear, either.Token);
        var stopped = new TaskCompletionSource();
        using var registration = either.Token.Register(async () =>
        {
            await Task.Delay(Grace, CancellationToken.None);
            stopped.TrySetResult();
        });
        if (await Task.WhenAny(run, stopped.Task) != run)
        {
            IsStuck = true;
            Hear(new CellFailed(new CellError(
                "NotStopped", "The cell was asked to stop and goes on; the notebook is given up.", null, [])));
        }

        lock (collector) isOpen = false;
        return error;
    }

    // An engine that itself fails is an error of the cell, not the end of the program.
    private async Task RunSafelyAsync(NotebookCell cell, Action<CellEvent> hear, CancellationToken cancellation)
    {
        try
        {
            await engine.RunAsync(cell.Source, cell.Language, hear, cancellation);
        }
        catch (Exception e)
        {
            hear(new CellFailed(new CellError(e.GetType().FullName ?? "", e.Message, null, e.ToString().Split('\n'))));
        }
    }

    private CellError TooLong(CellError stopped) => stopped with
    {
        Name = "Timeout",
        Message = FormattableString.Invariant($"The cell ran longer than {options.Timeout} s and was stopped."),
    };
}
