using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Engram.Notebooks;

/// <summary>
/// Where the code of cells asks whether it is to stop. The engine puts a call of <see cref="Check"/> into each loop of a
/// cell when it loads it, and one of <see cref="CellDepth.Enter"/> into what may recur; see <see cref="CellCode"/>.
/// </summary>
/// <remarks>
/// The runtime's own way to stop a thread, <see cref="System.Runtime.ControlledExecution"/>, ends the process on Linux
/// when it meets the thread where code that is not fully interruptible returns, and so in most loops that call anything.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CellStop
{
    private static readonly AsyncLocal<Run?> Current = new();
    private static volatile int asked;

    /// <summary>How long a cell has for what it does on its way out: in a <c>catch</c>, in a <c>finally</c>.</summary>
    internal static readonly TimeSpan WayOut = TimeSpan.FromMilliseconds(250);

    /// <summary>Goes on, or ends the cell that this code belongs to if that was asked to stop.</summary>
    /// <exception cref="OperationCanceledException">The cell is to stop.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check()
    {
        if (asked != 0)
            StopIfAsked();
    }

    /// <summary>
    /// As <see cref="Check"/>, at the start of a step of what can be awaited. Stopped there it would end without its
    /// <c>finally</c>, and whoever awaits it wait for ever: so only what does not stop elsewhere is.
    /// </summary>
    /// <exception cref="OperationCanceledException">The cell was to stop a while ago.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void CheckStep()
    {
        if (asked != 0)
            StopStepIfOverdue();
    }

    /// <summary>In place of <see cref="Environment.Exit"/>.</summary>
    /// <param name="exitCode">The code that the process would end with.</param>
    /// <exception cref="CellExit">Always.</exception>
    public static void Exit(int exitCode) => throw new CellExit(exitCode);

    /// <summary>In place of F#'s <c>exit</c>.</summary>
    /// <typeparam name="T">What it would give if it gave anything.</typeparam>
    /// <param name="exitCode">The code that the process would end with.</param>
    /// <exception cref="CellExit">Always.</exception>
    public static T ExitWith<T>(int exitCode) => throw new CellExit(exitCode);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StopIfAsked()
    {
        if (Current.Value is { IsAsked: true, IsOnItsWayOut: false } run)
            throw new OperationCanceledException("The cell was interrupted.", run.Cancellation);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StopStepIfOverdue()
    {
        if (Current.Value is { IsAsked: true, IsOverdue: true } run)
            throw new OperationCanceledException("The cell was interrupted.", run.Cancellation);
    }

    /// <summary>The run of a cell's code; what it starts, on whichever thread, belongs to it.</summary>
    /// <param name="cancellation">What asks it to stop.</param>
    internal sealed class Run(CancellationToken cancellation)
    {
        /// <summary>How long what the cell started on other threads may take to ask, after the cell itself has ended.</summary>
        private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(2);

        private volatile bool isAsked;
        private long askedAt;
        private long told;

        /// <summary>What asks it to stop.</summary>
        public CancellationToken Cancellation => cancellation;

        /// <summary>Whether it is to stop.</summary>
        public bool IsAsked => isAsked;

        /// <summary>Whether it has had the time for its way out since it was asked.</summary>
        public bool IsOverdue => Environment.TickCount64 - askedAt > WayOut.TotalMilliseconds;

        /// <summary>Whether it was told a moment ago; false for the first who is told, and when its time is over.</summary>
        public bool IsOnItsWayOut => Tell() is > 0 and var since && since < WayOut.TotalMilliseconds;

        /// <summary>Notes that it is told, in one way or another.</summary>
        /// <returns>How long ago it was first told, ms, and no less than 1; 0 for the first time.</returns>
        public long Tell()
        {
            var now = Environment.TickCount64;
            return Interlocked.CompareExchange(ref told, now, 0) is not 0 and var first ? Math.Max(1, now - first) : 0;
        }

        /// <summary>Makes this code, and what it starts, part of the run.</summary>
        public void Enter()
        {
            Current.Value = this;
            CellDepth.Begin();
        }

        /// <summary>Asks it to stop. Asked once.</summary>
        public void Ask()
        {
            askedAt = Environment.TickCount64;
            isAsked = true;
            Interlocked.Increment(ref asked);
        }

        /// <summary>Ends it on the thread that entered.</summary>
        public void End()
        {
            Current.Value = null;
            CellDepth.End();
            if (isAsked)
                _ = Task.Delay(Aftermath).ContinueWith(_ => Interlocked.Decrement(ref asked), TaskScheduler.Default);
        }
    }
}
