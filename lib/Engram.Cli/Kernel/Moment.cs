using Engram.Notebooks;

namespace Engram.Cli.Kernel;

/// <summary>Does things a moment later, on a thread of its own: a cell may keep the whole pool busy.</summary>
internal static class Moment
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(40);
    private static readonly WorkQueue<(long Due, Action Act)> s_planned = new();

    static Moment() => new Thread(Run) { IsBackground = true, Name = "moment" }.Start();

    /// <summary>Does something in a moment, after all that was planned before.</summary>
    /// <param name="act">What to do; must not fail.</param>
    public static void Later(Action act) => s_planned.Add((Environment.TickCount64 + (long)s_moment.TotalMilliseconds, act));

    private static void Run()
    {
        foreach (var (due, act) in s_planned.TakeAll())
        {
            if (due - Environment.TickCount64 is > 0 and var wait) Thread.Sleep((int)wait);
            act();
        }
    }
}
