namespace Engram.Charts;

/// <summary>How panels are put together.</summary>
public sealed record FigureOptions
{
    /// <summary>The title of the whole figure.</summary>
    public string? Title { get; init; }

    /// <summary>The number of columns; 0 puts up to four panels in a row.</summary>
    public int Columns { get; init; }

    /// <summary>The greatest width in pixels.</summary>
    public int Width { get; init; } = 900;

    /// <summary>The greatest side of a square panel in pixels.</summary>
    public int LargestSquare { get; init; } = 360;

    /// <summary>The height in pixels of panels that are no squares; 0 chooses it from their width.</summary>
    public int PanelHeight { get; init; }

    /// <summary>Which heatmaps share a colour scale.</summary>
    public ColorSharing Colors { get; init; } = ColorSharing.Each;
}

/// <summary>Which heatmaps of a figure share a colour scale, and so a colour bar.</summary>
public enum ColorSharing
{
    /// <summary>None: each has its own.</summary>
    Each,

    /// <summary>Those of a row.</summary>
    Row,

    /// <summary>Those of a column.</summary>
    Column,

    /// <summary>All.</summary>
    All,
}
