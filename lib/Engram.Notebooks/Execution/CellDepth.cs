using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Engram.Notebooks;

/// <summary>
/// Where the code of cells looks how deep it is, so that it ends before the stack does, and the process with it. The engine
/// puts calls of these into what may recur, when it loads it; see <see cref="CellCode"/>.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CellDepth
{
    /// <summary>The stack, in bytes, for what awaits each other without having waited: that of a thread of .NET's pool.</summary>
    private const int RoomForSteps = 1536 * 1024;

    /// <summary>How much deeper, in bytes, code may go on its way out: half of what is left when it is too deep.</summary>
    private const int RoomOnTheWayOut = 64 * 1024;

    /// <summary>Where on this thread's stack a cell's code first went too deep; 0 for nowhere.</summary>
    [ThreadStatic]
    private static nint deepest;

    /// <summary>Where the stack of the cell's own code begins on this thread; 0 where none runs.</summary>
    [ThreadStatic]
    private static nint highest;

    /// <summary>As <see cref="CellStop.Check"/>, and ends code that recurs without end before it ends the process.</summary>
    /// <exception cref="OperationCanceledException">The cell is to stop.</exception>
    /// <exception cref="InsufficientExecutionStackException">It recurs too deeply.</exception>
    public static void Enter()
    {
        CellStop.Check();
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
        CellStop.CheckStep();
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            EndIfTooDeep();
        byte here;
        if (highest - (nint)(&here) > RoomForSteps)
            throw new InsufficientExecutionStackException("Too many of these await each other, or they do without end.");
    }

    /// <summary>A cell's code begins on this thread.</summary>
    internal static unsafe void Begin()
    {
        byte here;
        (highest, deepest) = ((nint)(&here), 0);
    }

    /// <summary>It has ended.</summary>
    internal static void End() => highest = 0;

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
}
