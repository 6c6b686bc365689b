using System.Diagnostics;

namespace Engram.Notebooks;

/// <summary>
/// Hands events to a frontend, in order, from a thread of its own, so that a cell can be interrupted anywhere without
/// harm to the frontend. Text that follows text of the same stream is joined.
/// </summary>
internal sealed class EventQueue : IDisposable
{
    /// <summary>How many characters may wait to be heard; a cell that writes faster waits as well.</summary>
    private const long Room = 8 << 20;

    /// <summary>What an event takes beside its text, in characters.</summary>
    private const int EventSize = 64;

    private static readonly TimeSpan TextMayWait = TimeSpan.FromMilliseconds(40);

    private readonly object gate = new();
    private List<Entry> entries = [];
    private long unheard;
    private bool urgent;
    private bool ended;

    public EventQueue()
    {
        new Thread(Loop) { IsBackground = true, Name = "engram events" }.Start();
    }

    /// <summary>Adds an event.</summary>
    /// <param name="hear">Who hears it.</param>
    /// <param name="happened">The event.</param>
    public void Add(Action<CellEvent> hear, CellEvent happened)
    {
        while (Volatile.Read(ref unheard) > Room)
            Thread.Sleep(1);
        if (happened is StreamWritten { Text.Length: var length })
            Interlocked.Add(ref unheard, length + EventSize);
        Add(new Entry(hear, happened, null), happened is not StreamWritten);
    }

    /// <summary>Waits until all events so far have been heard.</summary>
    /// <param name="cancellation">Ends the wait before.</param>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public void Drain(CancellationToken cancellation = default)
    {
        // Not disposed: after a wait that was ended it is still to be set.
        var heard = new ManualResetEvent(false);
        Add(new Entry(null, null, heard), isUrgent: true);
        if (cancellation.CanBeCanceled)
            WaitHandle.WaitAny([heard, cancellation.WaitHandle]);
        else
            heard.WaitOne();
        cancellation.ThrowIfCancellationRequested();
    }

    private void Add(Entry entry, bool isUrgent)
    {
        try
        {
        }
        finally
        {
            // A thread is not stopped inside a finally: stopped inside the lock itself, it would leave it unusable.
            lock (gate)
            {
                entries.Add(entry);
                urgent |= isUrgent;
                Monitor.Pulse(gate);
            }
        }
    }

    /// <summary>Ends the thread after the events so far.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            ended = urgent = true;
            Monitor.Pulse(gate);
        }
    }

    private void Loop()
    {
        while (Take() is { } taken)
        {
            for (var i = 0; i < taken.Count; i++)
                Tell(taken, ref i);
        }
    }

    private List<Entry>? Take()
    {
        lock (gate)
        {
            while (entries.Count == 0)
            {
                if (ended)
                    return null;
                Monitor.Wait(gate);
            }

            WaitForMoreText();
            var taken = entries;
            (entries, urgent) = ([], ended);
            Volatile.Write(ref unheard, 0);
            return taken;
        }
    }

    private void WaitForMoreText()
    {
        var since = Stopwatch.StartNew();
        while (!urgent && since.Elapsed < TextMayWait)
            Monitor.Wait(gate, TextMayWait);
    }

    private static void Tell(List<Entry> taken, ref int i)
    {
        var (hear, happened, done) = taken[i];
        done?.Set();
        if (hear is null || happened is null)
            return;
        if (happened is StreamWritten first)
            happened = first with { Text = JoinText(taken, ref i, first) };
        try
        {
            hear(happened);
        }
        catch (Exception exception)
        {
            // A frontend that fails must not silence the others.
            ConsoleRouter.Process.Error.WriteLine($"A frontend failed: {exception}");
        }
    }

    private static string JoinText(List<Entry> taken, ref int i, StreamWritten first)
    {
        var last = i;
        while (last + 1 < taken.Count && Follows(taken[i], taken[last + 1], first.Stream))
            last++;
        var text = string.Concat(taken[i..(last + 1)].Select(entry => ((StreamWritten)entry.Happened!).Text));
        i = last;
        return text;
    }

    private static bool Follows(Entry first, Entry next, StandardStream stream) =>
        next.Hear == first.Hear && next.Happened is StreamWritten written && written.Stream == stream;

    private readonly record struct Entry(Action<CellEvent>? Hear, CellEvent? Happened, ManualResetEvent? Done);
}
