using Engram.Notebooks;

namespace Engram.Cli;

/// <summary>The engine as a run uses it. While it lives, the process works in the notebook's folder, as in Jupyter.</summary>
internal sealed class EngineRunner : ICellRunner
{
    private static readonly Lazy<ProcessOutput?> Output = new(() => ProcessOutput.Take(Hear));
    private static volatile Engine? current;

    private readonly string before = Environment.CurrentDirectory;
    private readonly Engine engine;
    private readonly Task start;

    private EngineRunner(string folder)
    {
        Environment.CurrentDirectory = folder;
        engine = Engines.Create(folder, new EngineOptions { Ending = () => Output.Value?.Drain() });
        current = engine;
        _ = Output.Value;
        // F# takes seconds to start; chapters use it, and there is a second core.
        start = Task.Run(() => Parallel.ForEach(engine.Languages, language => language.WarmUp()));
    }

    /// <summary>A fresh engine for a notebook of the given folder.</summary>
    public static ICellRunner Create(string folder) => new EngineRunner(folder);

    public async Task ReadyAsync(CancellationToken cancellation) =>
        await start.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public Task<bool> RunAsync(string code, string language, Action<CellEvent> hear, CancellationToken cancellation) =>
        engine.RunAsync(code, language, hear, cancellation);

    public Type? FindType(string language, string name) =>
        engine.Languages.FirstOrDefault(each => each.Name == language)?.Values.FirstOrDefault(value => value.Name == name)?.Type;

    public void Dispose()
    {
        current = null;
        engine.Dispose();
        Environment.CurrentDirectory = before;
    }

    private static void Hear(string text)
    {
        if (current is { } running) running.Tell(new StreamWritten(StandardStream.Out, text));
        else Console.Out.Write(text);
    }
}
