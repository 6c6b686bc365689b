namespace Engram.Notebooks;

/// <summary>Why a cell failed.</summary>
/// <param name="Name">The exception's type, such as <c>System.ArgumentException</c>, or <c>CompilationError</c>.</param>
/// <param name="Message">What it says.</param>
/// <param name="Line">The line of the cell, from 1, as the user sees it; null where none is known.</param>
/// <param name="Traceback">Lines to show, with ANSI colours, by cell and line.</param>
public sealed record CellError(string Name, string Message, int? Line, IReadOnlyList<string> Traceback);
