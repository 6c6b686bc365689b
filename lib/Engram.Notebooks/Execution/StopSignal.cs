using System.Runtime.InteropServices;

namespace Engram.Notebooks;

/// <summary>The signal by which the runtime stops a thread on Linux.</summary>
/// <remarks>
/// A thread that was stopped in a loop keeps that signal blocked, for the runtime leaves the signal's handler by an
/// exception. Threads that it starts afterwards, those of the thread pool among them, inherit the block and could not
/// be stopped themselves; so each thread that runs a cell lifts it first.
/// </remarks>
internal static partial class StopSignal
{
    private const int Unblock = 1;      // SIG_UNBLOCK
    private const int FirstRealTime = 34; // SIGRTMIN, which the runtime uses
    private const int SetBytes = 128;   // sizeof(sigset_t)

    /// <summary>Lets this thread be stopped.</summary>
    public static void Allow()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Span<byte> signals = stackalloc byte[SetBytes];
        signals.Clear();
        signals[(FirstRealTime - 1) / 8] = 1 << ((FirstRealTime - 1) % 8);
        ChangeMask(Unblock, ref MemoryMarshal.GetReference(signals), IntPtr.Zero);
    }

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int ChangeMask(int how, ref byte signals, IntPtr previous);
}
