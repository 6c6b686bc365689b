namespace Engram.Notebooks;

/// <summary>What happens while a cell runs, in the order in which it happens. Every frontend hears these.</summary>
public abstract record CellEvent;

/// <summary>Text written to a standard stream.</summary>
/// <param name="Stream">Which of the two.</param>
/// <param name="Text">The text, line ends included.</param>
public sealed record StreamWritten(StandardStream Stream, string Text) : CellEvent;

/// <summary>A value shown by <c>display</c>.</summary>
/// <param name="Bundle">Its representations.</param>
/// <param name="DisplayId">The name by which it can be updated; null where it can't.</param>
public sealed record ValueDisplayed(MimeBundle Bundle, string? DisplayId) : CellEvent;

/// <summary>A value shown before now looks otherwise.</summary>
/// <param name="Bundle">Its new representations.</param>
/// <param name="DisplayId">The name under which it was shown.</param>
public sealed record DisplayUpdated(MimeBundle Bundle, string DisplayId) : CellEvent;

/// <summary>The value of a cell's last expression.</summary>
/// <param name="Bundle">Its representations.</param>
public sealed record ValueReturned(MimeBundle Bundle) : CellEvent;

/// <summary>The cell's output so far is to go.</summary>
/// <param name="Wait">Whether to keep it until the next output comes.</param>
public sealed record OutputCleared(bool Wait) : CellEvent;

/// <summary>The cell failed; the last event of its run.</summary>
/// <param name="Error">What went wrong and where.</param>
public sealed record CellFailed(CellError Error) : CellEvent;

/// <summary>The two streams of a process.</summary>
public enum StandardStream
{
    /// <summary>Standard output.</summary>
    Out,

    /// <summary>Standard error.</summary>
    Error,
}
