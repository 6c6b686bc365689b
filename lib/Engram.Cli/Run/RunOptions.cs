namespace Engram.Cli;

/// <summary>How notebooks are to be run.</summary>
internal sealed record RunOptions
{
    /// <summary>Seconds that one cell may take once the engine has started; null for no limit.</summary>
    public double? Timeout { get; init; }

    /// <summary>Whether the cells after a failing one run as well.</summary>
    public bool KeepGoing { get; init; }

    /// <summary>Values that stand in for those of the cell tagged <c>parameters</c>.</summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = [];

    /// <summary>The tag of the cells to run; null for all.</summary>
    public string? Only { get; init; }

    /// <summary>Whether each chart gets a picture, for readers that run no script.</summary>
    public bool Images { get; init; }

    /// <summary>Whether errors are told with all that is known of where they came from.</summary>
    public bool Traceback { get; init; }
}
