namespace Engram.Charts;

/// <summary>An energy over a square of the plane, with the memories and the ways that states took.</summary>
public sealed record Landscape
{
    /// <summary>A landscape.</summary>
    /// <param name="energies">Shape [N, M]: rows go up the axis of v₂, columns along that of v₁.</param>
    /// <param name="bounds">The range of both axes; the first and last values lie on its ends.</param>
    /// <exception cref="ArgumentException">Not a table of at least 2 × 2, or an empty interval.</exception>
    public Landscape(PlotData energies, Interval bounds) =>
        (Energies, Bounds) = (Check.Table(energies, least: 2), Check.Length(bounds));

    /// <summary>The energies, shape [N, M].</summary>
    public PlotData Energies { get; }

    /// <summary>The range of both axes.</summary>
    public Interval Bounds { get; }

    /// <summary>The title above it.</summary>
    public string? Title { get; init; }

    /// <summary>Ξ, shape [K, 2], drawn as stars; null draws none.</summary>
    public PlotData? Memories { get; init; }

    /// <summary>The descents with the exact gradient, blue.</summary>
    public Trajectories? Exact { get; init; }

    /// <summary>The descents with the approximate gradient, orange.</summary>
    public Trajectories? Approximate { get; init; }

    /// <summary>The colours.</summary>
    public ColorScale Colors { get; init; } = ColorScale.Energy;

    /// <summary>The range that the colours span; null takes it from the values that share the scale.</summary>
    public Interval? Range { get; init; }

    /// <summary>The colour bar's title; null draws no bar.</summary>
    public string? Symbol { get; init; } = Symbols.ExactEnergy;

    /// <summary>The y axis's title.</summary>
    public string YTitle { get; init; } = "v<sub>2</sub>";

    /// <summary>As a panel with axes v₁ and v₂.</summary>
    public Panel ToPanel() => new([.. Marks()])
    {
        Title = Title,
        XTitle = "v<sub>1</sub>",
        YTitle = YTitle,
        XRange = Bounds,
        YRange = Bounds,
        Square = true,
    };

    private IEnumerable<Mark> Marks()
    {
        yield return new Field(Energies, Bounds, Bounds) { Colors = Colors, Range = Range, Symbol = Symbol };
        foreach (var mark in Exact?.Points(Palette.Exact, 6.5, Symbols.ExactGradient, labelled: true) ?? []) yield return mark;
        foreach (var mark in Approximate?.Points(Palette.Approximate, 4, Symbols.ApproximateGradient, labelled: Exact is null) ?? [])
            yield return mark;
        if (Memories is { } memories) yield return Points.Memories(memories);
    }
}
