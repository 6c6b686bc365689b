namespace Engram.Notebooks;

/// <summary>One run of a cell: who hears it, who answers it, and how it is stopped.</summary>
/// <param name="Name">The name by which errors speak of it, such as <c>cell 3</c>.</param>
/// <param name="Hear">Hears its events.</param>
/// <param name="Input">Answers what it asks; null where nobody can.</param>
/// <param name="Cancellation">Stops it.</param>
internal sealed record RunningCell(
    string Name, Action<CellEvent> Hear, IInput? Input, CancellationToken Cancellation)
{
    private readonly List<Action> endings = [];

    /// <summary>The full paths of the files that are being run for it, each from within the one before.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    private long written;
    private long lastWords;
    private CancellationTokenSource? answers;
    private bool ended;

    /// <summary>Is cancelled when the cell has ended or is to stop: nobody answers any more what it asked.</summary>
    public CancellationToken Answers
    {
        get
        {
            lock (endings)
            {
                answers ??= CancellationTokenSource.CreateLinkedTokenSource(ended ? new(true) : Cancellation);
                return answers.Token;
            }
        }
    }

    /// <summary>Adds what is to be done when the cell's code has ended.</summary>
    /// <param name="ending">The action.</param>
    public void AtEnd(Action ending) => endings.Add(ending);

    /// <summary>Does what is to be done at the end.</summary>
    public void End()
    {
        foreach (var ending in endings)
            ending();
        endings.Clear();
    }

    /// <summary>Ends the waits for answers, of which some may be on other threads.</summary>
    public void EndAnswers()
    {
        lock (endings)
        {
            ended = true;
            answers?.Cancel();
        }
    }

    /// <summary>
    /// Ends a cell that was asked to stop and writes without end. What it says on its way out, in a <c>finally</c>, is heard.
    /// </summary>
    /// <exception cref="OperationCanceledException">It has had its time.</exception>
    public void StopWriting()
    {
        if (!Cancellation.IsCancellationRequested)
            return;
        var now = Environment.TickCount64;
        if (Interlocked.CompareExchange(ref lastWords, now, 0) is not 0 and var first && now - first > CellStop.WayOut.TotalMilliseconds)
            Cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Cuts text that goes over the limit of a cell.</summary>
    /// <param name="text">The text to write.</param>
    /// <param name="limit">The number of characters that a cell may write.</param>
    /// <returns>What of it may be written, and whether this is where the cut is.</returns>
    public (string Text, bool IsCut) Cut(string text, long limit)
    {
        var before = Interlocked.Add(ref written, text.Length) - text.Length;
        if (before + text.Length <= limit)
            return (text, false);
        return before <= limit ? (text[..(int)(limit - before)], true) : ("", false);
    }
}
