namespace Engram.Charts;

/// <summary>Exact values against their approximations: on the diagonal where they agree.</summary>
public sealed record Comparison
{
    /// <summary>A comparison.</summary>
    /// <param name="exact">The exact values, any shape.</param>
    /// <param name="approximate">Their approximations, as many.</param>
    /// <exception cref="ArgumentException">Numbers of values that differ.</exception>
    public Comparison(PlotData exact, PlotData approximate)
    {
        ArgumentNullException.ThrowIfNull(exact);
        ArgumentNullException.ThrowIfNull(approximate);
        if (exact.Values.Count != approximate.Values.Count)
            throw new ArgumentException(
                $"approximate has {approximate.Values.Count} values; as many as exact, {exact.Values.Count}, are wanted.",
                nameof(approximate));
        (Exact, Approximate) = (exact, approximate);
    }

    /// <inheritdoc cref="Comparison(PlotData, PlotData)"/>
    public Comparison(double[] exact, double[] approximate) : this((PlotData)exact, (PlotData)approximate)
    {
    }

    /// <summary>The exact values.</summary>
    public PlotData Exact { get; }

    /// <summary>Their approximations.</summary>
    public PlotData Approximate { get; }

    /// <summary>The title above it.</summary>
    public string? Title { get; init; }

    /// <summary>The fill colour.</summary>
    public string Color { get; init; } = Palette.Exact;

    /// <summary>A square panel with the diagonal.</summary>
    /// <param name="xTitle">What the exact values are.</param>
    /// <param name="yTitle">What the approximations are.</param>
    /// <param name="range">The range of both axes; null fits it to the values.</param>
    public Panel ToPanel(string xTitle, string yTitle, Interval? range = null)
    {
        var table = new double[Exact.Values.Count, 2];
        for (var i = 0; i < Exact.Values.Count; i++)
            (table[i, 0], table[i, 1]) = (Exact.Values[i], Approximate.Values[i]);
        var shared = range ?? Interval.Union(Exact.Range ?? new(0, 1), Approximate.Range ?? new(0, 1)).Padded(0.05);
        return new Panel(new Diagonal(), new Points(PlotData.Table(table)) { Color = Color, Size = 5, Opacity = 0.5 })
        {
            Title = Title,
            XTitle = xTitle,
            YTitle = yTitle,
            XRange = shared,
            YRange = shared,
            Square = true,
        };
    }
}
