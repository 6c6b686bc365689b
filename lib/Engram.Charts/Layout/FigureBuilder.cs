using Microsoft.FSharp.Collections;
using Plotly.NET;
using Plotly.NET.LayoutObjects;
using LayoutBox = Plotly.NET.Layout;

namespace Engram.Charts;

/// <summary>Panels to a Plotly chart: traces, axes, titles, legend and colour bars, each at its pixel.</summary>
internal sealed class FigureBuilder
{
    private readonly IReadOnlyList<Panel> _panels;
    private readonly FigureOptions _options;
    private readonly PanelGrid _grid;
    private readonly LayoutBox _layout = new();
    private readonly List<Annotation> _annotations = [];

    public FigureBuilder(IReadOnlyList<Panel> panels, FigureOptions options) =>
        (_panels, _options, _grid) = (panels, options, new PanelGrid(panels, options));

    /// <summary>Panels to a chart.</summary>
    public static GenericChart Build(IEnumerable<Panel> panels, FigureOptions? options)
    {
        var builder = new FigureBuilder(Check.Some(panels), options ?? new FigureOptions());
        return GenericChart.NewMultiChart(
            ListModule.OfSeq(builder.Traces()), builder.Layout(), Config(), new DisplayOptions());
    }

    /// <summary>The traces, panel by panel.</summary>
    public IReadOnlyList<Trace> Traces()
    {
        var named = new HashSet<string>();
        var scales = new ColorGroups(_panels, _grid, _options);
        var traces = new List<Trace>();
        for (var i = 0; i < _panels.Count; i++)
            foreach (var mark in _panels[i].Marks)
                traces.Add(Traced.Of(mark, _panels[i], i, scales.IndexOf(i), mark.Name is { } name && named.Add(name)));
        return traces;
    }

    /// <summary>The layout.</summary>
    public LayoutBox Layout()
    {
        Frame();
        for (var i = 0; i < _panels.Count; i++) Axes(i);
        Heads();
        Colors();
        return _layout.With(("annotations", _annotations));
    }

    /// <summary>The size of the figure in pixels.</summary>
    public (double Width, double Height) Size => (Math.Round(_grid.Width), Math.Round(_grid.HeightTotal));

    /// <summary>The figure's buttons: no logo, no lasso, pictures as SVG.</summary>
    public static Config Config() => new Config().With(
        ("displaylogo", false), ("responsive", false),
        ("modeBarButtonsToRemove", new[] { "lasso2d", "select2d", "autoScale2d" }),
        ("toImageButtonOptions", new Dictionary<string, object> { ["format"] = "svg" }));

    private void Frame() => _layout.With(
        ("width", Size.Width), ("height", Size.Height), ("autosize", false),
        ("paper_bgcolor", "#ffffff"), ("plot_bgcolor", "#ffffff"), ("font", Wire.Font(12)), ("hovermode", "closest"),
        ("meta", _options.Title is { } title ? new Dictionary<string, object> { ["title"] = title } : null),
        ("margin", new Margin().With(
            ("l", _grid.Left), ("t", _grid.Top), ("r", _grid.Width - _grid.Right),
            ("b", _grid.HeightTotal - _grid.Bottom), ("autoexpand", false))));

    private void Axes(int i)
    {
        var panel = _panels[i];
        var (left, top, width, height) = _grid.Place(i);
        _layout.With(
            (Wire.Axis("x", i, inLayout: true), Axis(panel.XRange, panel.XLog, panel.HideTicks).With(
                ("domain", Fractions(_grid.PaperX(left), _grid.PaperX(left + width))),
                ("anchor", Wire.Axis("y", i, inLayout: false)),
                ("showticklabels", _grid.ShowsXTicks(i)),
                ("title", _grid.ShowsXTitle(i) ? Wire.Title(panel.XTitle!, 13, 4) : null),
                ("nticks", panel.XLog ? null : Math.Max(4, (int)(width / 55))),
                ("dtick", panel.XLog ? Ticks.Decades(panel, 0, width / 40) : null),
                ("matches", Matches("x", i, other => other.XRange)))),
            (Wire.Axis("y", i, inLayout: true), Axis(panel.YRange, panel.YLog, panel.HideTicks).With(
                ("domain", Fractions(_grid.PaperY(top + height), _grid.PaperY(top))),
                ("anchor", Wire.Axis("x", i, inLayout: false)),
                ("showticklabels", _grid.ShowsYTicks(i)),
                ("title", _grid.ShowsYTitle(i) ? Wire.Title(panel.YTitle!, 13, 4) : null),
                ("nticks", panel.YLog ? null : Math.Max(4, (int)(height / 45))),
                ("dtick", panel.YLog ? Ticks.Decades(panel, 1, height / 24) : null),
                ("matches", Matches("y", i, other => other.YRange)))));
        if (panel.Title is { } title)
            _annotations.Add(Text(title, left + width / 2, top - 4, 13.5, "center"));
    }

    private static LinearAxis Axis(Interval? range, bool log, bool bare) => new LinearAxis().With(
        ("type", log ? "log" : "linear"), ("exponentformat", "power"),
        ("range", range is { } r ? log ? Fractions(Math.Log10(r.Low), Math.Log10(r.High)) : Fractions(r.Low, r.High) : null),
        ("showline", true), ("mirror", true), ("linecolor", "#9a9a9a"), ("linewidth", 1),
        ("ticks", bare ? "" : "outside"), ("ticklen", 4), ("tickcolor", "#9a9a9a"), ("tickfont", Wire.Font(11)),
        ("showgrid", !bare), ("gridcolor", "#ececec"), ("zeroline", false), ("automargin", false));

    // The first panel with that range leads; the others follow it when one zooms.
    private string? Matches(string letter, int i, Func<Panel, Interval?> range)
    {
        if (range(_panels[i]) is not { } own) return null;
        var first = Enumerable.Range(0, i).FirstOrDefault(j => range(_panels[j]) == own && SameKind(letter, i, j), -1);
        return first < 0 ? null : Wire.Axis(letter, first, inLayout: false);
    }

    private bool SameKind(string letter, int i, int j) => letter == "x"
        ? _panels[i].XTitle == _panels[j].XTitle && _panels[i].XLog == _panels[j].XLog
        : _panels[i].YTitle == _panels[j].YTitle && _panels[i].YLog == _panels[j].YLog;

    private void Colors()
    {
        foreach (var scale in new ColorGroups(_panels, _grid, _options).Scales())
        {
            _layout.With((scale.Name, scale.Axis));
            if (scale.Title is { } title) _annotations.Add(title);
        }
    }

    private void Heads()
    {
        if (_options.Title is { } title) _annotations.Add(Text($"<b>{title}</b>", _grid.Left, _grid.TitleBottom, 16, "left"));
        if (!_grid.HasLegend) return;
        _layout.With(("showlegend", true), ("legend", new Legend().With(
            ("orientation", "h"), ("x", 0), ("xanchor", "left"), ("y", _grid.PaperY(_grid.Head)), ("yanchor", "bottom"),
            ("font", Wire.Font(12.5)), ("itemsizing", "constant"), ("tracegroupgap", 0), ("bgcolor", "rgba(0,0,0,0)"))));
    }

    private Annotation Text(string text, double x, double y, double size, string anchor) => _grid.Text(text, x, y, size, anchor);

    private static double?[] Fractions(double low, double high) => [Wire.Rounded(low), Wire.Rounded(high)];
}
