using Plotly.NET;
using Plotly.NET.LayoutObjects;

namespace Engram.Charts;

/// <summary>Which heatmaps share a colour axis, its range, and where its bar stands.</summary>
internal sealed class ColorGroups(IReadOnlyList<Panel> panels, PanelGrid grid, FigureOptions options)
{
    private const double Thickness = 9;

    /// <summary>The colour axis of a panel, from 0; −1 for a panel without heatmap.</summary>
    public int IndexOf(int panel) => FieldOf(panel) is null ? -1 : Keys().IndexOf(Key(panel));

    /// <summary>The colour axes by their names in the layout, each with its title where that stands apart.</summary>
    public IEnumerable<(string Name, ColorAxis Axis, Annotation? Title)> Scales()
    {
        var keys = Keys();
        for (var i = 0; i < keys.Count; i++)
        {
            int[] members = [.. WithField().Where(panel => Key(panel) == keys[i])];
            var first = FieldOf(members[0])!;
            var range = first.Range ?? Union(members.Select(panel => FieldOf(panel)!));
            yield return ("coloraxis" + (i == 0 ? "" : $"{i + 1}"), new ColorAxis().With(
                ("colorscale", first.Colors.Stops), ("cmin", Wire.Rounded(range.Low)), ("cmax", Wire.Rounded(range.High)),
                ("showscale", first.Symbol is not null), ("colorbar", first.Symbol is null ? null : Bar(first, members))),
                BarTitle(first, members));
        }
    }

    private static Interval Union(IEnumerable<Field> fields)
    {
        var range = Extents.Union(fields.Select(field => field.Values.Range));
        return range is { } r && r.Low < r.High ? r : (range ?? new Interval(0, 1)).Padded(0.5);
    }

    private ColorBar Bar(Field field, int[] members)
    {
        var (left, top, width, height) = grid.Place(members[0]);
        var (_, lastTop, _, lastHeight) = grid.Place(members[^1]);
        var common = new ColorBar().With(
            ("thickness", Thickness), ("lenmode", "pixels"), ("thicknessmode", "pixels"), ("outlinewidth", 0),
            ("tickfont", Wire.Font(11)), ("ticks", "outside"), ("ticklen", 3), ("tickcolor", "#9a9a9a"), ("xpad", 0), ("ypad", 0));
        if (options.Colors is ColorSharing.Row or ColorSharing.All)
        {
            var bottom = lastTop + lastHeight;
            return common.With(
                ("len", Math.Min(bottom - top, 420)), ("x", grid.PaperX(grid.Right + 14)), ("xanchor", "left"),
                ("y", grid.PaperY((top + bottom) / 2)), ("yanchor", "middle"));
        }

        return common.With(
            ("orientation", "h"), ("len", width), ("x", grid.PaperX(left + width / 2)), ("xanchor", "center"),
            ("y", grid.PaperY(lastTop + lastHeight + grid.BarOffset(members[^1]) + 8)), ("yanchor", "top"),
            ("nticks", Math.Max(3, (int)(width / 60))));
    }

    // Plotly's own title of a bar moves with the tick labels, or over them; this one stays.
    private Annotation? BarTitle(Field field, int[] members)
    {
        if (field.Symbol is not { } symbol) return null;
        var (_, first, _, _) = grid.Place(members[0]);
        var (left, top, width, height) = grid.Place(members[^1]);
        if (options.Colors is ColorSharing.Row or ColorSharing.All)
            return grid.Text(symbol, grid.Right + PanelGrid.BarBeside - 12, (first + top + height) / 2, 13, "center")
                .With(("textangle", -90), ("yanchor", "middle"));
        return grid.Text(symbol, left + width / 2, top + height + grid.BarOffset(members[^1]) + PanelGrid.BarBelow - 1, 12.5, "center");
    }

    private List<int> Keys() => [.. WithField().Select(Key).Distinct()];

    private IEnumerable<int> WithField() => Enumerable.Range(0, panels.Count).Where(i => FieldOf(i) is not null);

    private Field? FieldOf(int panel) => panels[panel].Marks.OfType<Field>().FirstOrDefault();

    private int Key(int panel) => options.Colors switch
    {
        ColorSharing.Row => panel / grid.Columns,
        ColorSharing.Column => panel % grid.Columns,
        ColorSharing.All => 0,
        _ => panel,
    };
}
