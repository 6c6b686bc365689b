namespace Engram.Notebooks;

/// <summary>Runs a cell's code so that it stops when asked, in a loop, a sleep or a wait.</summary>
/// <remarks>
/// Code that looks at the token has <see cref="Grace"/> to end by itself; loops and lambdas of cells ask
/// <see cref="CellStop"/>; a thread that still waits after <see cref="BeforeWaking"/> is woken. A native call, and a
/// library's own loop that calls nothing of the cell, goes on to its end.
/// </remarks>
public static class Interruptible
{
    /// <summary>How long code may take to end by itself.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a thread that was asked to stop may wait before it is woken, and woken again.</summary>
    private static readonly TimeSpan BeforeWaking = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs an action on this thread; asking <paramref name="cancellation"/> stops it.</summary>
    /// <param name="action">The code. It must not itself call this method.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static void Run(Action action, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var run = new CellStop.Run(cancellation);
        var attempt = new Attempt(Thread.CurrentThread, run);
        using var registration = cancellation.Register(attempt.Stop);
        run.Enter();
        try
        {
            action();
        }
        catch (Exception exception) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException("The cell was interrupted.", exception, cancellation);
        }
        finally
        {
            attempt.End();
            run.End();
        }
    }

    /// <summary>One run of an action, and the ways to stop it.</summary>
    private sealed class Attempt(Thread thread, CellStop.Run run)
    {
        private readonly Lock gate = new();
        private bool ended;
        private bool woken;

        public void Stop() => new Thread(StopInSteps) { IsBackground = true, Name = "engram interrupt" }.Start();

        public void End()
        {
            while (!MarkEnded())
            {
            }

            if (woken)
                ForgetWaking();
        }

        // The one who wakes holds the gate while it does, and this thread may be waiting for it.
        private bool MarkEnded()
        {
            try
            {
                lock (gate)
                    return ended = true;
            }
            catch (ThreadInterruptedException)
            {
                return false;
            }
        }

        private void StopInSteps()
        {
            Thread.Sleep(Grace);
            if (!WhileItRuns(run.Ask))
                return;
            do
                Thread.Sleep(BeforeWaking);
            while (WhileItRuns(Wake));
        }

        // What it does on its way out may wait.
        private void Wake()
        {
            if (run.IsOnItsWayOut)
                return;
            woken = true;
            thread.Interrupt();
        }

        private bool WhileItRuns(Action act)
        {
            lock (gate)
            {
                if (!ended)
                    act();
                return !ended;
            }
        }

        private static void ForgetWaking()
        {
            try
            {
                Thread.Sleep(1);
            }
            catch (ThreadInterruptedException)
            {
                // The wake-up came after the code had left its wait.
            }
        }
    }
}
