using Engram.Notebooks;

namespace Engram.Cli.Kernel;

/// <summary>The notebook engine as the protocol needs it.</summary>
internal sealed class NotebookKernel : IKernelEngine
{
    /// <summary>How long no cell has to run before the other languages warm up: they would take the cells' time.</summary>
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(2);

    private readonly Engine _engine;
    private readonly KernelLog _log;
    private long _lastCell = Environment.TickCount64;
    private int _running;

    /// <summary>An engine that works in the folder in which the kernel was started. Its languages warm up meanwhile.</summary>
    /// <param name="language">The language of cells that name none.</param>
    /// <param name="log">Hears of a language that cannot warm up.</param>
    public NotebookKernel(string language, KernelLog log)
    {
        (Language, _log) = (language, log);
        // The publisher cuts a flood, and shows its end as well; the engine need not.
        ProcessOutput? output = null;
        var options = new EngineOptions
        {
            Between = heard => Between?.Invoke(heard),
            Ending = () => output?.Drain(),
            StreamLimit = long.MaxValue,
        };
        _engine = Engines.Create(Environment.CurrentDirectory, options);
        output = ProcessOutput.Take(text => _engine.Tell(new StreamWritten(StandardStream.Out, text)));
        Services = new NotebookServices(_engine, language);
        new Thread(WarmUp) { IsBackground = true, Name = "warm-up", Priority = ThreadPriority.BelowNormal }.Start();
    }

    /// <inheritdoc/>
    public string Language { get; }

    /// <inheritdoc/>
    public ILanguageServices Services { get; }

    /// <inheritdoc/>
    public Action<CellEvent>? Between { get; set; }

    /// <inheritdoc/>
    public bool Run(KernelCell cell, Action<CellEvent> hear, IInput? input, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _running);
        try
        {
            _engine.ExecutionCount = cell.Number - 1;
            return _engine.Run(cell.Code, Language, hear, cancellation, input, cell.Begun);
        }
        finally
        {
            Volatile.Write(ref _lastCell, Environment.TickCount64);
            Interlocked.Decrement(ref _running);
        }
    }

    /// <inheritdoc/>
    public void Prepare() => _engine.Prepare();

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    // The kernel's own language first: its cell may come at once.
    private void WarmUp()
    {
        foreach (var language in _engine.Languages.OrderBy(each => each.Name != Language))
        {
            if (language.Name != Language) WaitUntilQuiet();
            Try(language, language.WarmUp);
            WaitUntilQuiet();
            Try(language, language.WarmUpServices);
        }
    }

    // What keeps a language from its start is an error of each cell that wants it, and not the kernel's end.
    private void Try(ILanguage language, Action step)
    {
        try
        {
            step();
        }
        catch (Exception error)
        {
            _log.Warn($"{language.Name} could not warm up", error.ToString());
        }
    }

    private void WaitUntilQuiet()
    {
        while (Volatile.Read(ref _running) > 0
            || Environment.TickCount64 - Volatile.Read(ref _lastCell) < s_quiet.TotalMilliseconds)
            Thread.Sleep(200);
    }
}
