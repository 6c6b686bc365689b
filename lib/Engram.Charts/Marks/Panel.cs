namespace Engram.Charts;

/// <summary>One pair of axes with what is drawn between them.</summary>
/// <remarks>
/// Panels with equal ranges share an axis: tick labels and axis titles stand only at the outer ones, and zooming one
/// zooms all.
/// </remarks>
public sealed record Panel
{
    /// <summary>A panel.</summary>
    /// <param name="marks">What it shows, from back to front.</param>
    /// <exception cref="ArgumentException">No mark.</exception>
    public Panel(params Mark[] marks) => Marks = Check.Some(marks);

    /// <summary>What it shows, from back to front.</summary>
    public IReadOnlyList<Mark> Marks { get; init; }

    /// <summary>The title above it.</summary>
    public string? Title { get; init; }

    /// <summary>The x axis's title.</summary>
    public string? XTitle { get; init; }

    /// <summary>The y axis's title.</summary>
    public string? YTitle { get; init; }

    /// <summary>The x axis's range; null fits it to the marks.</summary>
    public Interval? XRange { get; init; }

    /// <summary>The y axis's range; null fits it to the marks.</summary>
    public Interval? YRange { get; init; }

    /// <summary>Whether the x axis is logarithmic.</summary>
    public bool XLog { get; init; }

    /// <summary>Whether the y axis is logarithmic.</summary>
    public bool YLog { get; init; }

    /// <summary>Whether it is a square.</summary>
    public bool Square { get; init; }

    /// <summary>Whether ticks and their labels are left out, as for pictures.</summary>
    public bool HideTicks { get; init; }
}
