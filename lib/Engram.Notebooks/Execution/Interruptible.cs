using System.Runtime;

namespace Engram.Notebooks;

/// <summary>Runs code so that it stops when asked, wherever it is: in a loop, a sleep or a wait.</summary>
/// <remarks>
/// Code that looks at the token has <see cref="Grace"/> to end by itself. Then managed code is stopped at its next
/// instruction, and a thread that still waits is woken. A native call, or work that the code started on another thread,
/// goes on. A thread whose code was stopped should run nothing further: on Linux the runtime's signal stays blocked on it.
/// </remarks>
public static class Interruptible
{
    /// <summary>How long code may take to end by itself.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a thread that was stopped may wait before it is woken.</summary>
    private static readonly TimeSpan BeforeWaking = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs an action on this thread; asking <paramref name="cancellation"/> stops it.</summary>
    /// <param name="action">The code. It must not itself call this method.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static void Run(Action action, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        StopSignal.Allow();
        var stop = new CancellationTokenSource();
        var attempt = new Attempt(Thread.CurrentThread, stop);
        using var registration = cancellation.Register(attempt.Stop);
        try
        {
#pragma warning disable SYSLIB0046 // The one way to stop a loop that asks no token.
            ControlledExecution.Run(action, stop.Token);
#pragma warning restore SYSLIB0046
        }
        catch (Exception exception) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException("The cell was interrupted.", exception, cancellation);
        }
        finally
        {
            attempt.End();
            StopSignal.Allow();
        }
    }

    /// <summary>One run of an action, and the ways to stop it.</summary>
    private sealed class Attempt(Thread thread, CancellationTokenSource stop)
    {
        private readonly Lock gate = new();
        private bool ended;
        private bool woken;

        public void Stop() => Start(StopInSteps);

        public void End()
        {
            lock (gate)
                ended = true;
            if (woken)
                ForgetWaking();
        }

        private void StopInSteps()
        {
            Thread.Sleep(Grace);
            if (!HasEnded)
                Start(stop.Cancel); // Returns only when the thread has stopped, so it has a thread of its own.
            Thread.Sleep(BeforeWaking);
            lock (gate)
            {
                if (ended)
                    return;
                woken = true;
                thread.Interrupt();
            }
        }

        private bool HasEnded
        {
            get
            {
                lock (gate)
                    return ended;
            }
        }

        private static void Start(Action action) =>
            new Thread(() => action()) { IsBackground = true, Name = "engram interrupt" }.Start();

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
