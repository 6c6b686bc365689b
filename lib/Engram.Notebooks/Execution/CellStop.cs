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
            throw new InsufficientExecutionStackException("The calls of this code go too deep, or without end.");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StopIfAsked()
    {
        if (Current.Value is { IsAsked: true } run)
            throw new OperationCanceledException("The cell was interrupted.", run.Cancellation);
    }

    /// <summary>The run of a cell's code; what it starts, on whichever thread, belongs to it.</summary>
    /// <param name="cancellation">What asks it to stop.</param>
    internal sealed class Run(CancellationToken cancellation)
    {
        /// <summary>How long what the cell started on other threads may take to ask, after the cell itself has ended.</summary>
        private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(2);

        private volatile bool isAsked;

        /// <summary>What asks it to stop.</summary>
        public CancellationToken Cancellation => cancellation;

        /// <summary>Whether it is to stop.</summary>
        public bool IsAsked => isAsked;

        /// <summary>Makes this code, and what it starts, part of the run.</summary>
        public void Enter() => Current.Value = this;

        /// <summary>Asks it to stop. Asked once.</summary>
        public void Ask()
        {
            isAsked = true;
            Interlocked.Increment(ref asked);
        }

        /// <summary>Ends it on the thread that entered.</summary>
        public void End()
        {
            Current.Value = null;
            if (isAsked)
                _ = Task.Delay(Aftermath).ContinueWith(_ => Interlocked.Decrement(ref asked), TaskScheduler.Default);
        }
    }
}
