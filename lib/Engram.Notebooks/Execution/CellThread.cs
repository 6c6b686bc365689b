using System.Collections.Concurrent;

namespace Engram.Notebooks;

/// <summary>
/// The thread that cells run on, one after the other. It is kept from cell to cell, so that what libraries hold per
/// thread (TorchSharp's grad mode and dispose scopes) lives on; after an interrupt a fresh one takes its place.
/// </summary>
internal sealed class CellThread : IDisposable
{
    /// <summary>Deep recursion is common in teaching code.</summary>
    private const int StackBytes = 16 * 1024 * 1024;

    private readonly BlockingCollection<Action> work = [];
    private readonly Thread thread;

    public CellThread()
    {
        thread = new Thread(Loop, StackBytes) { IsBackground = true, Name = "engram cell" };
        thread.Start();
    }

    /// <summary>Whether this code runs on the thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == thread;

    /// <summary>Runs a function on the thread.</summary>
    /// <param name="function">The function.</param>
    /// <returns>Its result, or its exception.</returns>
    public Task<T> Run<T>(Func<T> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Add(() =>
        {
            try
            {
                done.SetResult(function());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        });
        return done.Task;
    }

    /// <summary>Lets the thread end after its work.</summary>
    public void Dispose() => work.CompleteAdding();

    private void Loop()
    {
        foreach (var action in work.GetConsumingEnumerable())
            action();
    }
}
