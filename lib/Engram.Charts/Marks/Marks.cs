namespace Engram.Charts;

/// <summary>Something drawn in a panel.</summary>
public abstract record Mark
{
    private protected Mark()
    {
    }

    /// <summary>Its name in the legend; marks of one name share an entry. Null keeps it out of the legend.</summary>
    public string? Name { get; init; }
}

/// <summary>A function on a grid of the plane, as a heatmap.</summary>
public sealed record Field : Mark
{
    /// <summary>A heatmap.</summary>
    /// <param name="values">Shape [N, M]: rows go up the y axis, columns along the x axis.</param>
    /// <param name="x">The x of the first and last column.</param>
    /// <param name="y">The y of the first and last row.</param>
    /// <exception cref="ArgumentException">Not a table of at least 2 × 2, or an empty interval.</exception>
    public Field(PlotData values, Interval x, Interval y)
    {
        Values = Check.Table(values, least: 2);
        (X, Y) = (Check.Length(x), Check.Length(y));
    }

    /// <inheritdoc cref="Field(PlotData, Interval, Interval)"/>
    public Field(double[,] values, Interval x, Interval y) : this((PlotData)values, x, y)
    {
    }

    /// <summary>The values, shape [N, M].</summary>
    public PlotData Values { get; }

    /// <summary>The x of the first and last column.</summary>
    public Interval X { get; }

    /// <summary>The y of the first and last row.</summary>
    public Interval Y { get; }

    /// <summary>The colours.</summary>
    public ColorScale Colors { get; init; } = ColorScale.Energy;

    /// <summary>The range that the colours span; null takes it from the values that share the scale.</summary>
    public Interval? Range { get; init; }

    /// <summary>The colour bar's title, and the value's name on hover. Null draws no colour bar.</summary>
    public string? Symbol { get; init; }
}

/// <summary>Points of the plane.</summary>
public sealed record Points : Mark
{
    /// <summary>Points.</summary>
    /// <param name="coordinates">Shape [N, 2].</param>
    /// <exception cref="ArgumentException">Another shape.</exception>
    public Points(PlotData coordinates) => Coordinates = Check.Columns(coordinates, 2);

    /// <inheritdoc cref="Points(PlotData)"/>
    public Points(double[,] coordinates) : this((PlotData)coordinates)
    {
    }

    /// <summary>The coordinates, shape [N, 2].</summary>
    public PlotData Coordinates { get; }

    /// <summary>The fill colour.</summary>
    public string Color { get; init; } = Palette.Exact;

    /// <summary>A Plotly symbol, such as <c>circle</c> or <c>star</c>.</summary>
    public string Symbol { get; init; } = "circle";

    /// <summary>The diameter in pixels.</summary>
    public double Size { get; init; } = 6;

    /// <summary>From 0, not seen, to 1.</summary>
    public double Opacity { get; init; } = 1;

    /// <summary>Whether a thin line joins them in their order.</summary>
    public bool Joined { get; init; }

    /// <summary>A text beside the first point.</summary>
    public string? Label { get; init; }

    /// <summary>The colour of a thin rim, which sets points off from what lies under them; null draws none.</summary>
    public string? Rim { get; init; }

    /// <summary>Memories, as the course draws them: black stars.</summary>
    /// <param name="memories">Ξ, shape [K, 2].</param>
    public static Points Memories(PlotData memories) => new(memories)
    {
        Color = Palette.Black,
        Symbol = "star",
        Size = 10,
        Rim = "#ffffff",
        Name = "memories ξ<sup>μ</sup>",
    };
}

/// <summary>A line through points in order.</summary>
public sealed record Curve : Mark
{
    /// <summary>A line over 0, 1, 2, …</summary>
    /// <param name="y">Shape [N].</param>
    public Curve(PlotData y)
    {
        Y = Check.Row(y);
        X = PlotData.Row(Enumerable.Range(0, Y.Shape[0]).Select(i => (double)i));
    }

    /// <summary>A line.</summary>
    /// <param name="x">Shape [N].</param>
    /// <param name="y">Shape [N].</param>
    /// <exception cref="ArgumentException">Not rows of one length.</exception>
    public Curve(PlotData x, PlotData y) => (X, Y) = (Check.Row(x), Check.SameLength(Check.Row(y), x));

    /// <inheritdoc cref="Curve(PlotData)"/>
    public Curve(double[] y) : this((PlotData)y)
    {
    }

    /// <inheritdoc cref="Curve(PlotData, PlotData)"/>
    public Curve(double[] x, double[] y) : this((PlotData)x, (PlotData)y)
    {
    }

    /// <summary>The x, shape [N].</summary>
    public PlotData X { get; }

    /// <summary>The y, shape [N].</summary>
    public PlotData Y { get; }

    /// <summary>The colour.</summary>
    public string Color { get; init; } = Palette.Exact;

    /// <summary>The width in pixels.</summary>
    public double Width { get; init; } = 2;

    /// <summary>A Plotly dash style: <c>solid</c>, <c>dash</c>, <c>dot</c>, <c>dashdot</c>.</summary>
    public string Dash { get; init; } = "solid";

    /// <summary>Whether the points themselves are marked too.</summary>
    public bool Markers { get; init; }
}

/// <summary>The line y = x over the whole panel.</summary>
public sealed record Diagonal : Mark;
