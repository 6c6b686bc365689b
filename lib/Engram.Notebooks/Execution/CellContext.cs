namespace Engram.Notebooks;

/// <summary>
/// Keeps what follows an <c>await</c> on the cell's own thread, where it can be interrupted, while that thread is free.
/// </summary>
/// <remarks>
/// Were it strict, <c>LoadAsync().Result</c> in a cell would wait for itself for ever. So when the cell's thread is
/// blocked, the work goes to the thread pool at once, and when it computes, after <see cref="Patience"/>.
/// </remarks>
internal sealed class CellContext(Thread thread) : SynchronizationContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly Lock gate = new();
    private readonly Queue<Work> queue = new();
    private readonly ManualResetEventSlim arrived = new(false, spinCount: 0);
    private bool waiting;
    private volatile bool abandoned;

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback callback, object? state)
    {
        // What a stopped cell awaited in vain does not go on.
        if (abandoned)
            return;
        var work = new Work(callback, state);
        bool free;
        lock (gate)
        {
            queue.Enqueue(work);
            free = waiting;
        }

        arrived.Set();
        if (!free)
            SendElsewhereIfLeft(work);
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback callback, object? state) => callback(state);

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>
    /// Runs, on the cell's thread, what arrives, until a task ends. A cell that is stopped goes on meanwhile, so that what it
    /// awaits can end, and it reach its <c>finally</c>, until the thread is woken.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <exception cref="ThreadInterruptedException">The cell was stopped, and what it awaits does not end.</exception>
    public void RunUntil(Task task)
    {
        // Most cells await nothing, and have ended.
        if (!task.IsCompleted)
            task.ContinueWith(_ => arrived.Set(), TaskScheduler.Default);
        try
        {
            while (!task.IsCompleted)
            {
                if (Next() is { } work)
                    RunHere(work);
                else
                    Wait();
            }
        }
        finally
        {
            abandoned = !task.IsCompleted;
            lock (gate)
                waiting = false;
        }
    }

    // What fails here is not what the cell awaits: that keeps its exception. It is an async function that gives no task.
    private static void RunHere(Work work)
    {
        try
        {
            work.RunOnce();
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ThreadInterruptedException))
        {
            ConsoleRouter.Report(exception);
        }
    }

    private Work? Next()
    {
        lock (gate)
        {
            waiting = false;
            return queue.TryDequeue(out var work) ? work : null;
        }
    }

    private void Wait()
    {
        lock (gate)
        {
            if (queue.Count > 0)
                return;
            waiting = true;
            arrived.Reset();
        }

        arrived.Wait(TimeSpan.FromSeconds(1));
    }

    private void SendElsewhereIfLeft(Work work)
    {
        if ((thread.ThreadState & ThreadState.WaitSleepJoin) != 0)
            Elsewhere(work);
        else
            _ = Task.Delay(Patience).ContinueWith(_ => Elsewhere(work), TaskScheduler.Default);
    }

    // Not within a task, which would keep to itself how the work fails.
    private static void Elsewhere(Work work) =>
        ThreadPool.UnsafeQueueUserWorkItem(static work => work.RunOnce(), work, preferLocal: false);

    private sealed class Work(SendOrPostCallback callback, object? state)
    {
        private int taken;

        public void RunOnce()
        {
            if (Interlocked.Exchange(ref taken, 1) == 0)
                callback(state);
        }
    }
}
