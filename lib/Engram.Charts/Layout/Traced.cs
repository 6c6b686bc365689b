using Plotly.NET;
using Plotly.NET.TraceObjects;

namespace Engram.Charts;

/// <summary>A mark as a Plotly trace.</summary>
internal static class Traced
{
    /// <summary>The trace of a mark.</summary>
    /// <param name="mark">The mark.</param>
    /// <param name="panel">The panel that holds it.</param>
    /// <param name="index">The panel's place, from 0.</param>
    /// <param name="colors">The panel's colour axis, from 0.</param>
    /// <param name="inLegend">Whether the legend names it here, for the first time.</param>
    public static Trace Of(Mark mark, Panel panel, int index, int colors, bool inLegend)
    {
        var trace = mark switch
        {
            Field field => Heatmap(field, panel, colors),
            Points points => Scatter(points),
            Curve curve => Line(curve),
            _ => Diagonal(panel),
        };
        return trace.With(
            ("xaxis", Wire.Axis("x", index, inLayout: false)), ("yaxis", Wire.Axis("y", index, inLayout: false)),
            ("name", mark.Name), ("legendgroup", mark.Name), ("showlegend", inLegend));
    }

    private static Trace2D Heatmap(Field field, Panel panel, int colors) => new Trace2D("heatmap").With(
        ("z", field.Values.RoundedRows()),
        ("x0", field.X.Low), ("dx", Wire.Rounded((field.X.High - field.X.Low) / (field.Values.Shape[1] - 1))),
        ("y0", field.Y.Low), ("dy", Wire.Rounded((field.Y.High - field.Y.Low) / (field.Values.Shape[0] - 1))),
        ("coloraxis", "coloraxis" + (colors == 0 ? "" : $"{colors + 1}")),
        ("hovertemplate", $"{panel.XTitle ?? "x"} = %{{x:.3g}}<br>{panel.YTitle ?? "y"} = %{{y:.3g}}<br>" +
                          $"{field.Symbol ?? "value"} = %{{z:.4g}}<extra></extra>"));

    private static Trace2D Scatter(Points points)
    {
        var count = points.Coordinates.Shape[0];
        var texts = points.Label is null ? null : Enumerable.Range(0, count).Select(i => i == 0 ? points.Label : "").ToArray();
        return new Trace2D("scatter").With(
            ("mode", "markers" + (points.Joined ? "+lines" : "") + (texts is null ? "" : "+text")),
            ("x", points.Coordinates.Column(0).Rounded()), ("y", points.Coordinates.Column(1).Rounded()),
            ("cliponaxis", points.Symbol != "star" && points.Label is null), ("text", texts), ("textposition", texts is null ? null : Behind(points.Coordinates)),
            ("textfont", texts is null ? null : Wire.Font(12, points.Color)), ("hoverinfo", "x+y"),
            ("line", points.Joined ? new Line().With(("width", 1), ("color", points.Color)) : null),
            ("marker", new Marker().With(
                ("color", points.Color), ("symbol", points.Symbol), ("size", points.Size), ("opacity", points.Opacity),
                ("line", points.Rim is null ? null : new Line().With(("width", 0.8), ("color", points.Rim))))));
    }

    // Behind the first point, as seen in the direction of the last, so that the way does not run over the text.
    private static string Behind(PlotData coordinates)
    {
        var (first, last) = (coordinates[0].Values, coordinates[coordinates.Shape[0] - 1].Values);
        return (last[1] > first[1] ? "bottom " : "top ") + (last[0] > first[0] ? "left" : "right");
    }

    private static Trace2D Line(Curve curve) => new Trace2D("scatter").With(
        ("mode", curve.Markers ? "lines+markers" : "lines"), ("x", curve.X.Rounded()), ("y", curve.Y.Rounded()),
        ("line", new Line().With(
            ("color", curve.Color), ("width", curve.Width), ("dash", curve.Dash), ("simplify", false))),
        ("marker", curve.Markers ? new Marker().With(("size", curve.Width + 4), ("color", curve.Color)) : null));

    private static Trace2D Diagonal(Panel panel)
    {
        var (x, y) = (Extents.Of(panel, 0), Extents.Of(panel, 1));
        var ends = new double?[] { Wire.Rounded(Math.Max(x.Low, y.Low)), Wire.Rounded(Math.Min(x.High, y.High)) };
        return new Trace2D("scatter").With(
            ("mode", "lines"), ("x", ends), ("y", ends), ("hoverinfo", "skip"),
            ("line", new Line().With(("color", Palette.Guide), ("width", 1.2), ("dash", "dash"))));
    }
}
