namespace Engram;

/// <summary>
/// A call of <see cref="Diff"/> under way, or a <see cref="Diff.KeepGraph"/>: what is derived within it stays in the
/// graph, for it to differentiate.
/// </summary>
/// <remarks>
/// It flows into the threads and tasks that are started within it. A left level is left everywhere, so that a task
/// which outlives the call keeps no graph, and one that was entered here may be left elsewhere.
/// </remarks>
internal sealed class Level : IDisposable
{
    private static readonly AsyncLocal<Level?> Innermost = new();

    private readonly Level? outer = Current;
    private volatile bool left;

    public Level() => Innermost.Value = this;

    /// <summary>Whether something outside will differentiate what is derived here.</summary>
    public static bool Any => Current is not null;

    private static Level? Current
    {
        get
        {
            var level = Innermost.Value;
            while (level is { left: true }) level = level.outer;
            return level;
        }
    }

    /// <summary>Leaves the level, once.</summary>
    public void Dispose()
    {
        left = true;
        Innermost.Value = Current;
    }
}
