namespace Engram.Charts;

/// <summary>The part of an axis that a panel shows.</summary>
internal static class Extents
{
    /// <summary>The panel's own range, or else that of its marks.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="column">0 for the x axis, 1 for the y axis.</param>
    public static Interval Of(Panel panel, int column) =>
        (column == 0 ? panel.XRange : panel.YRange) ?? Union(panel.Marks, column) ?? new Interval(0, 1);

    /// <summary>The smallest interval that holds all marks; null where none has finite coordinates.</summary>
    public static Interval? Union(IEnumerable<Mark> marks, int column) => Union(marks.Select(mark => mark switch
    {
        Field field => column == 0 ? field.X : field.Y,
        Points points => points.Coordinates.Column(column).Range,
        Curve curve => (column == 0 ? curve.X : curve.Y).Range,
        _ => (Interval?)null,
    }));

    /// <summary>The smallest interval that holds all; null where there is none.</summary>
    public static Interval? Union(IEnumerable<Interval?> intervals) =>
        intervals.OfType<Interval>().Aggregate((Interval?)null, (sum, next) => sum is { } s ? Interval.Union(s, next) : next);
}
