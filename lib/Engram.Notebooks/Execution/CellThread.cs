using System.Runtime.ExceptionServices;

namespace Engram.Notebooks;

/// <summary>
/// The thread that cells run on, one after the other. It is kept from cell to cell, so that what libraries hold per
/// thread (TorchSharp's grad mode and dispose scopes) lives on; after an interrupt a fresh one takes its place.
/// </summary>
internal sealed class CellThread : IDisposable
{
    /// <summary>Deep recursion is common in teaching code.</summary>
    private const int StackBytes = 16 * 1024 * 1024;

    private readonly WorkQueue<Action> work = new();
    private readonly Thread thread;

    public CellThread()
    {
        thread = new Thread(Loop, StackBytes) { IsBackground = true, Name = "engram cell" };
        thread.Start();
    }

    /// <summary>Whether this code runs on the thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == thread;

    /// <summary>Runs a function on the thread; the calling thread waits.</summary>
    /// <param name="function">The function. What it throws is thrown here.</param>
    /// <param name="meanwhile">What the calling thread does before it waits.</param>
    /// <returns>Its result.</returns>
    public T Run<T>(Func<T> function, Action? meanwhile)
    {
        T result = default!;
        ExceptionDispatchInfo? thrown = null;
        using var done = new ManualResetEvent(false);
        work.Add(() =>
        {
            try
            {
                result = function();
            }
            catch (Exception exception)
            {
                thrown = ExceptionDispatchInfo.Capture(exception);
            }

            done.Set();
        });
        meanwhile?.Invoke();
        done.WaitOne();
        thrown?.Throw();
        return result;
    }

    /// <summary>Lets the thread end after its work.</summary>
    public void Dispose() => work.End();

    private void Loop()
    {
        foreach (var action in work.TakeAll())
            action();
    }
}
