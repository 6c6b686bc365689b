using Engram.Notebooks;

namespace Engram.Cli;

/// <summary>A cell that ran.</summary>
/// <param name="Number">Its number, as the executed notebook shows it.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Error">Why it failed; null where it did not.</param>
internal sealed record CellResult(int Number, double Seconds, CellError? Error);

/// <summary>How a notebook ended.</summary>
internal enum NotebookState
{
    /// <summary>All its cells ran.</summary>
    Succeeded,

    /// <summary>A cell failed, or the file could not be read or written.</summary>
    Failed,

    /// <summary>The user stopped it.</summary>
    Interrupted,

    /// <summary>The user had stopped before its turn.</summary>
    NotRun,
}

/// <summary>A notebook that was to be run.</summary>
/// <param name="Chapter">The notebook.</param>
/// <param name="State">How it ended.</param>
/// <param name="Cells">Its cells that ran, in order.</param>
/// <param name="Seconds">How long all took, the engine's start included.</param>
/// <param name="Problem">What was wrong with the whole; null where nothing was.</param>
internal sealed record NotebookResult(
    Chapter Chapter, NotebookState State, IReadOnlyList<CellResult> Cells, double Seconds, string? Problem = null);
