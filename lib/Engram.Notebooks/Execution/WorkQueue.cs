using System.Diagnostics.CodeAnalysis;

namespace Engram.Notebooks;

/// <summary>
/// What one thread does for others, in order. The thread sleeps while there is nothing: .NET's own collections look
/// again and again for a moment before they do, and take that moment from the cell that runs meanwhile.
/// </summary>
/// <typeparam name="T">A piece of work.</typeparam>
public sealed class WorkQueue<T>
{
    private readonly object gate = new();
    private readonly Queue<T> queue = new();
    private bool ended;

    /// <summary>Puts work behind all that waits.</summary>
    /// <param name="work">The work; ignored after <see cref="End"/>.</param>
    public void Add(T work)
    {
        lock (gate)
        {
            if (ended)
                return;
            queue.Enqueue(work);
            Monitor.Pulse(gate);
        }
    }

    /// <summary>The next piece of work, if one waits.</summary>
    /// <param name="work">The work.</param>
    /// <returns>Whether one did.</returns>
    public bool TryTake([MaybeNullWhen(false)] out T work)
    {
        lock (gate)
            return queue.TryDequeue(out work);
    }

    /// <summary>All work, as it comes, until the end; for one thread.</summary>
    public IEnumerable<T> TakeAll()
    {
        while (TakeOrEnd(out var work))
            yield return work;
    }

    /// <summary>Lets <see cref="TakeAll"/> end after the work so far.</summary>
    public void End()
    {
        lock (gate)
        {
            ended = true;
            Monitor.Pulse(gate);
        }
    }

    private bool TakeOrEnd([MaybeNullWhen(false)] out T work)
    {
        lock (gate)
        {
            while (queue.Count == 0 && !ended)
                Monitor.Wait(gate);
            return queue.TryDequeue(out work);
        }
    }
}
