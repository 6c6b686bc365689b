using System.Diagnostics;

namespace Engram.Notebooks;

/// <summary>
/// Hands events to a frontend, in order, from a thread of its own, so that a cell can be interrupted anywhere without
/// harm to the frontend. Text that follows text of the same stream is joined. Who waits for the end of it tells what nobody
/// tells yet, instead of waiting for the thread to wake up.
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
    private bool telling;
    private int draining;
    private bool ended;

    public EventQueue()
    {
        new Thread(Loop) { IsBackground = true, Name = "engram events" }.Start();
    }

    /// <summary>Adds an event.</summary>
    /// <param name="hear">Who hears it.</param>
    /// <param name="happened">The event.</param>
    /// <param name="isLast">Whether <see cref="Drain()"/> follows at once, which tells it.</param>
    public void Add(Action<CellEvent> hear, CellEvent happened, bool isLast = false)
    {
        while (Volatile.Read(ref unheard) > Room)
            Thread.Sleep(1);
        if (happened is StreamWritten { Text.Length: var length })
            Interlocked.Add(ref unheard, length + EventSize);
        Add(new Entry(hear, happened, null), isUrgent: happened is not StreamWritten, wake: !isLast);
    }

    /// <summary>Lets all events so far be heard, some of them from the calling thread.</summary>
    public void Drain()
    {
        List<Entry> taken;
        lock (gate)
        {
            for (; telling; draining--)
            {
                draining++;
                Monitor.Wait(gate);
            }

            taken = TakeAll();
        }

        Tell(taken);
    }

    /// <summary>Waits until all events so far have been heard.</summary>
    /// <param name="cancellation">Ends the wait before.</param>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public void Drain(CancellationToken cancellation)
    {
        // Not disposed: after a wait that was ended it is still to be set.
        var heard = new ManualResetEvent(false);
        Add(new Entry(null, null, heard), isUrgent: true, wake: true);
        WaitHandle.WaitAny([heard, cancellation.WaitHandle]);
        cancellation.ThrowIfCancellationRequested();
    }

    private void Add(Entry entry, bool isUrgent, bool wake)
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
                if (wake)
                    Monitor.PulseAll(gate);
            }
        }
    }

    /// <summary>Ends the thread after the events so far.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            ended = urgent = true;
            Monitor.PulseAll(gate);
        }
    }

    private void Loop()
    {
        while (Take() is { } taken)
            Tell(taken);
    }

    private List<Entry>? Take()
    {
        lock (gate)
        {
            do
            {
                while (entries.Count == 0 || telling)
                {
                    if (ended && entries.Count == 0)
                        return null;
                    Monitor.Wait(gate);
                }

                WaitForMoreText();
            }
            while (entries.Count == 0 || telling); // Who drains was quicker.
            return TakeAll();
        }
    }

    private List<Entry> TakeAll()
    {
        var taken = entries;
        (entries, urgent, telling) = ([], ended, true);
        Volatile.Write(ref unheard, 0);
        return taken;
    }

    private void WaitForMoreText()
    {
        var since = Stopwatch.StartNew();
        while (!urgent && since.Elapsed < TextMayWait)
            Monitor.Wait(gate, TextMayWait);
    }

    private void Tell(List<Entry> taken)
    {
        for (var i = 0; i < taken.Count; i++)
            Tell(taken, ref i);
        lock (gate)
        {
            telling = false;
            if (draining > 0 || entries.Count > 0)
                Monitor.PulseAll(gate);
        }
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
