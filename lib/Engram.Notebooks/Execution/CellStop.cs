using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Engram.Notebooks;

/// <summary>
/// Where the code of cells asks whether it is to stop. The engine puts a call of <see cref="Check"/> into each loop of a
/// cell, and one of <see cref="Enter"/> into what may recur, when it loads it; see <see cref="CellCode"/>.
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

    /// <summary>Where on this thread's stack a cell's code first went too deep; 0 for nowhere.</summary>
    [ThreadStatic]
    private static nint deepest;

    /// <summary>Where the stack of the cell's own code begins on this thread; 0 where none runs.</summary>
    [ThreadStatic]
    private static nint highest;

    /// <summary>The stack, in bytes, for what awaits each other without having waited: that of a thread of .NET's pool.</summary>
    private const int RoomForSteps = 1536 * 1024;

    /// <summary>How much deeper, in bytes, code may go on its way out: half of what is left when it is too deep.</summary>
    private const int RoomOnTheWayOut = 64 * 1024;

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

    /// <summary>As <see cref="Check"/>, and ends code that recurs without end before it ends the process.</summary>
    /// <exception cref="OperationCanceledException">The cell is to stop.</exception>
    /// <exception cref="InsufficientExecutionStackException">It recurs too deeply.</exception>
    public static void Enter()
    {
        Check();
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            EndIfTooDeep();
    }

    /// <summary>
    /// As <see cref="Enter"/>, for a step of what can be awaited. An exception is thrown anew in each of those that await each
    /// other, with all that it has passed: of as many as fit on the stack of a cell it would not return in minutes.
    /// </summary>
    /// <exception cref="OperationCanceledException">The cell is to stop.</exception>
    /// <exception cref="InsufficientExecutionStackException">It recurs too deeply.</exception>
    public static unsafe void EnterStep()
    {
        Enter();
        byte here;
        if (highest - (nint)(&here) > RoomForSteps)
            throw new InsufficientExecutionStackException("Too many of these await each other, or they do without end.");
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

    // What runs on the way out, in a finally or a Dispose, still has the stack of what went too deep above it. An exception
    // there would take more of it, for each call that is left, until there is none.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe void EndIfTooDeep()
    {
        byte here;
        var place = (nint)(&here);
        if (deepest == 0)
            deepest = place;
        else if (place > deepest - RoomOnTheWayOut)
            return;
        throw new InsufficientExecutionStackException("The calls of this code go too deep, or without end.");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StopIfAsked()
    {
        if (Current.Value is { IsAsked: true, IsOnItsWayOut: false } run)
            throw new OperationCanceledException("The cell was interrupted.", run.Cancellation);
    }

    /// <summary>The run of a cell's code; what it starts, on whichever thread, belongs to it.</summary>
    /// <param name="cancellation">What asks it to stop.</param>
    internal sealed class Run(CancellationToken cancellation)
    {
        /// <summary>How long what the cell started on other threads may take to ask, after the cell itself has ended.</summary>
        private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(2);

        private volatile bool isAsked;
        private long told;

        /// <summary>What asks it to stop.</summary>
        public CancellationToken Cancellation => cancellation;

        /// <summary>Whether it is to stop.</summary>
        public bool IsAsked => isAsked;

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
        public unsafe void Enter()
        {
            byte here;
            (Current.Value, highest, deepest) = (this, (nint)(&here), 0);
        }

        /// <summary>Asks it to stop. Asked once.</summary>
        public void Ask()
        {
            isAsked = true;
            Interlocked.Increment(ref asked);
        }

        /// <summary>Ends it on the thread that entered.</summary>
        public void End()
        {
            (Current.Value, highest) = (null, 0);
            if (isAsked)
                _ = Task.Delay(Aftermath).ContinueWith(_ => Interlocked.Decrement(ref asked), TaskScheduler.Default);
        }
    }
}
