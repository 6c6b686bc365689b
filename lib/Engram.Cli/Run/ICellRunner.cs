using Engram.Notebooks;

namespace Engram.Cli;

/// <summary>What runs the cells of one notebook.</summary>
internal interface ICellRunner : IDisposable
{
    /// <summary>Ends when its languages have started, or have failed to, of which their cells will tell.</summary>
    Task ReadyAsync(CancellationToken cancellation);

    /// <summary>Runs one cell to its end; see <see cref="Engine.RunAsync"/>.</summary>
    Task<bool> RunAsync(string code, string language, Action<CellEvent> hear, CancellationToken cancellation);

    /// <summary>The type that a variable was declared with; null where there is none of that name.</summary>
    Type? FindType(string language, string name);
}
