namespace Engram.Notebooks;

/// <summary>Runs cells: finds directives, hands code to its language, and tells the frontend what happens.</summary>
public sealed class Engine : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private readonly EventQueue events = new();
    private readonly List<CellEvent> late = [];
    private CellThread thread = new();
    private volatile RunningCell? running;
    private bool prepared;

    /// <summary>Makes an engine. Its languages start when their first cell comes.</summary>
    /// <param name="languages">The languages that cells may be written in; the engine disposes them.</param>
    /// <param name="options">Where it works and what helps it; null for the defaults.</param>
    public Engine(IReadOnlyList<ILanguage> languages, EngineOptions? options = null)
    {
        Options = options ?? new EngineOptions();
        Languages = languages;
        Runner = new CellRunner(this);
    }

    /// <summary>The languages that cells may be written in.</summary>
    public IReadOnlyList<ILanguage> Languages { get; }

    /// <summary>Where it works and what helps it.</summary>
    public EngineOptions Options { get; }

    /// <summary>How many cells have been started. A frontend with a count of its own may set it.</summary>
    public int ExecutionCount { get; set; }

    /// <summary>The engine whose cell this code belongs to, by what started it; null outside of cells.</summary>
    public static Engine? Current => ConsoleRouter.Current;

    /// <summary>Cancelled when the running cell is to stop; none while no cell runs.</summary>
    public CancellationToken Cancellation => running?.Cancellation ?? CancellationToken.None;

    /// <summary>The running cell; null while none runs.</summary>
    internal RunningCell? Running => running;

    /// <summary>The values that <c>#!value</c> keeps.</summary>
    internal ValueStore Store { get; } = new();

    /// <summary>The names of all directives, with their signs.</summary>
    internal IEnumerable<string> DirectiveNames => Runner.DirectiveNames;

    private CellRunner Runner { get; }

    /// <summary>Runs one cell to its end. Cells wait for each other.</summary>
    /// <param name="code">The cell's text, directives included.</param>
    /// <param name="language">The language of a cell that names none.</param>
    /// <param name="hear">Hears the cell's events, one at a time, in order, on a thread of the engine's.</param>
    /// <param name="cancellation">Stops the cell; the engine and its variables live on.</param>
    /// <param name="input">Answers what the cell asks its reader; null where nobody can.</param>
    /// <returns>Whether it ended without an error.</returns>
    public Task<bool> RunAsync(
        string code,
        string language,
        Action<CellEvent> hear,
        CancellationToken cancellation = default,
        IInput? input = null) =>
        Task.Factory.StartNew(
            () => Run(code, language, hear, cancellation, input),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>As <see cref="RunAsync"/>, and the calling thread waits.</summary>
    /// <param name="code">The cell's text, directives included.</param>
    /// <param name="language">The language of a cell that names none.</param>
    /// <param name="hear">Hears the cell's events, one at a time, in order, on a thread of the engine's.</param>
    /// <param name="cancellation">Stops the cell; the engine and its variables live on.</param>
    /// <param name="input">Answers what the cell asks its reader; null where nobody can.</param>
    /// <param name="meanwhile">What the calling thread does once the cell has begun, before it waits.</param>
    /// <returns>Whether it ended without an error.</returns>
    /// <remarks>
    /// Nothing here needs a thread of the pool's: a cell may keep all of them busy, and is to end and to stop all the same.
    /// </remarks>
    public bool Run(
        string code,
        string language,
        Action<CellEvent> hear,
        CancellationToken cancellation = default,
        IInput? input = null,
        Action? meanwhile = null)
    {
        turn.Wait(CancellationToken.None);
        try
        {
            ExecutionCount++;
            if (!prepared)
                Prepare();
            prepared = false;
            return Run(new RunningCell($"cell {ExecutionCount}", hear, input, cancellation), code, language, meanwhile);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>
    /// Does what can be done of the next cell before it comes, while nobody waits. Called between two; else the next one does it.
    /// </summary>
    public void Prepare()
    {
        prepared = true;
        foreach (var language in Languages)
            language.Prepare();
    }

    /// <summary>The language of a name, as directives give it.</summary>
    /// <param name="name">Such as <c>csharp</c> or <c>c#</c>.</param>
    /// <returns>The language, or null.</returns>
    public ILanguage? FindLanguage(string name) =>
        Languages.FirstOrDefault(language =>
            string.Equals(language.Name, name, StringComparison.OrdinalIgnoreCase)
            || language.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>Tells the running cell's frontend what happened, after all text that was written before.</summary>
    /// <param name="happened">The event.</param>
    public void Tell(CellEvent happened) => Tell(happened, isLast: false);

    /// <summary>As <see cref="Tell(CellEvent)"/>.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="isLast">Whether the cell ends with it.</param>
    internal void Tell(CellEvent happened, bool isLast)
    {
        if (running is { } cell)
            events.Add(cell.Hear, happened, isLast);
        else if (Options.Between is { } hear)
            events.Add(hear, happened);
        else
            Keep(happened);
    }

    /// <summary>Asks the running cell's reader for a line.</summary>
    /// <param name="prompt">What to show.</param>
    /// <param name="hidden">Whether the answer is a secret.</param>
    /// <returns>The line, or null where there is none to come.</returns>
    public string? ReadLine(string prompt, bool hidden)
    {
        if (running is not { Input: { } input } cell)
            return null;
        events.Drain(cell.Answers);
        return input.ReadLine(prompt, hidden, cell.Answers);
    }

    /// <summary>Writes text to the running cell's stream, up to the limit of a cell.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="text">The text.</param>
    internal void Write(StandardStream stream, string text)
    {
        var cut = false;
        if (running is { } cell)
        {
            if (thread.IsCurrent)
                cell.StopWriting();
            (text, cut) = cell.Cut(text, Options.StreamLimit);
        }

        if (text.Length > 0)
            Tell(new StreamWritten(stream, text));
        if (cut)
            Tell(new StreamWritten(StandardStream.Error, $"\n… cut: a cell may write {Options.StreamLimit} characters.\n"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ConsoleRouter.Leave(this);
        thread.Dispose();
        events.Dispose();
        foreach (var language in Languages)
            language.Dispose();
    }

    private bool Run(RunningCell cell, string code, string language, Action? meanwhile)
    {
        running = cell;
        foreach (var happened in TakeKept())
            events.Add(cell.Hear, happened);
        using var note = SayWhenItDoesNotStop(cell);
        var succeeded = thread.Run(() => Runner.Run(cell, code, language), meanwhile);
        cell.EndAnswers();
        Options.Ending?.Invoke();
        running = null;
        events.Drain();
        if (cell.Cancellation.IsCancellationRequested)
            ReplaceThread();
        return succeeded;
    }

    private CancellationTokenRegistration SayWhenItDoesNotStop(RunningCell cell) =>
        cell.Cancellation.Register(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(2)).ConfigureAwait(false);
            if (running == cell)
            {
                Write(StandardStream.Error,
                    "The cell was asked to stop. A native call, or a library's own loop, is under way and cannot be stopped; the cell ends with it.\n");
            }
        });

    private void ReplaceThread()
    {
        thread.Dispose();
        thread = new CellThread();
        ConsoleRouter.Renew();
    }

    private void Keep(CellEvent happened)
    {
        lock (late)
        {
            if (late.Count < 10_000)
                late.Add(happened);
        }
    }

    private List<CellEvent> TakeKept()
    {
        lock (late)
        {
            List<CellEvent> kept = [.. late];
            late.Clear();
            return kept;
        }
    }
}
