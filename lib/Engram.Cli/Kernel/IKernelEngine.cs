using Engram.Notebooks;

namespace Engram.Cli.Kernel;

/// <summary>What the protocol needs of an engine; tests put a small one in its place.</summary>
internal interface IKernelEngine : IDisposable
{
    /// <summary>The language of cells that name none, such as <c>csharp</c>.</summary>
    string Language { get; }

    /// <summary>What an editor asks about cells.</summary>
    ILanguageServices Services { get; }

    /// <summary>Hears what background work writes while no cell runs.</summary>
    Action<CellEvent>? Between { get; set; }

    /// <summary>Runs one cell to its end, on this thread or another.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="hear">Hears its events.</param>
    /// <param name="input">Asks the user; null where nobody can be asked.</param>
    /// <param name="cancellation">Stops the cell.</param>
    /// <returns>Whether it ended without an error.</returns>
    bool Run(KernelCell cell, Action<CellEvent> hear, IInput? input, CancellationToken cancellation);

    /// <summary>Does what can be done of the next cell before it comes; called when a cell's reply is on its way.</summary>
    void Prepare()
    {
    }
}

/// <summary>A cell as the wire brings it.</summary>
/// <param name="Code">Its text.</param>
/// <param name="Number">The execution count that its client sees.</param>
/// <param name="Begun">Done by the engine while the cell begins; null for nothing.</param>
internal sealed record KernelCell(string Code, int Number, Action? Begun);
