using Plotly.NET.LayoutObjects;

namespace Engram.Charts;

/// <summary>Where everything stands, in pixels from the figure's upper left corner.</summary>
internal sealed class PanelGrid
{
    private const int AxisTitleWidth = 22, TickHeight = 18, AxisTitleHeight = 22, PanelTitle = 26;
    private const int Gap = 22, Edge = 14, Buttons = 22, FigureTitle = 38, LegendHeight = 28, ButtonsWidth = 180;
    private const double TitleCharacter = 9.2;

    /// <summary>The room beside or below panels that a colour bar takes.</summary>
    public const int BarBeside = 82, BarBelow = 58;

    private readonly IReadOnlyList<Panel> _panels;
    private readonly double[] _left, _top;
    private readonly double _panelWidth;
    private readonly double[] _heights;

    public PanelGrid(IReadOnlyList<Panel> panels, FigureOptions options)
    {
        _panels = panels;
        Columns = options.Columns > 0 ? Math.Min(options.Columns, panels.Count) : Math.Min(4, panels.Count);
        Rows = (panels.Count + Columns - 1) / Columns;

        var before = Enumerable.Range(0, Columns).Select(Before).ToArray();
        var after = HasBarBeside(options) ? BarBeside : Edge;
        var room = (options.Width - before.Sum() - after) / Columns;
        if (room < 40)
            throw new ArgumentException(
                $"{Columns} columns do not fit into a width of {options.Width} pixels; fewer columns or more width is wanted.",
                nameof(options));
        _panelWidth = panels.All(panel => panel.Square) ? Math.Min(room, options.LargestSquare) : room;

        _left = new double[Columns];
        var x = 0.0;
        for (var column = 0; column < Columns; column++)
        {
            _left[column] = x + before[column];
            x = _left[column] + _panelWidth;
        }

        Width = x + after;
        Head = HeadHeight(options);
        _heights = [.. Enumerable.Range(0, Rows).Select(row => Height(row, options))];
        _top = new double[Rows];
        var y = Head;
        for (var row = 0; row < Rows; row++)
        {
            _top[row] = y + (Row(row).Any(panel => panel.Title is not null) ? PanelTitle : row == 0 ? 4 : Gap - 6);
            y = _top[row] + _heights[row] + Below(row, options);
        }

        HeightTotal = y + 8;
        (Bottom, Right) = (_top[^1] + _heights[^1], _left[^1] + _panelWidth);
    }

    public int Columns { get; }

    public int Rows { get; }

    public double Width { get; }

    public double HeightTotal { get; }

    /// <summary>The room above the panels that the figure's title and legend take.</summary>
    public double Head { get; }

    /// <summary>Where the line of the figure's title ends, from above.</summary>
    public double TitleBottom => Head - (HasLegend ? LegendHeight : 0) - 8;

    /// <summary>The figure's inner area, from the first panel's corner to the last one's.</summary>
    public double Left => _left[0];

    public double Top => _top[0];

    public double Bottom { get; }

    public double Right { get; }

    public bool HasLegend => _panels.Any(panel => panel.Marks.Any(mark => mark.Name is not null));

    /// <summary>A panel's place: its left, top, width and height.</summary>
    public (double Left, double Top, double Width, double Height) Place(int index) =>
        (_left[index % Columns], _top[index / Columns], _panelWidth, _heights[index / Columns]);

    /// <summary>A horizontal pixel as Plotly's paper coordinate.</summary>
    public double PaperX(double pixel) => (pixel - Left) / (Right - Left);

    /// <summary>A vertical pixel as Plotly's paper coordinate.</summary>
    public double PaperY(double pixel) => (Bottom - pixel) / (Bottom - Top);

    /// <summary>Whether a panel shows x ticks: the one below does not show the same.</summary>
    public bool ShowsXTicks(int index) => !_panels[index].HideTicks &&
        !(Under(index) is { } other && Same(_panels[index].XRange, other.XRange) && _panels[index].XTitle == other.XTitle);

    /// <summary>Whether a panel shows y ticks: the one to the left does not show the same.</summary>
    public bool ShowsYTicks(int index) => !_panels[index].HideTicks &&
        !(Beside(index) is { } other && Same(_panels[index].YRange, other.YRange));

    /// <summary>Whether a panel shows its x title.</summary>
    public bool ShowsXTitle(int index) => _panels[index].XTitle is { } title &&
        !(Under(index) is { } other && other.XTitle == title && Same(_panels[index].XRange, other.XRange));

    /// <summary>Whether a panel shows its y title.</summary>
    public bool ShowsYTitle(int index) =>
        _panels[index].YTitle is { } title && Beside(index)?.YTitle != title;

    /// <summary>How far a colour bar below a panel is from it.</summary>
    public double BarOffset(int index) => XFurniture(index);

    /// <summary>A text whose lower edge stands at a pixel.</summary>
    public Annotation Text(string text, double x, double y, double size, string anchor) => new Annotation().With(
        ("text", text), ("showarrow", false), ("xref", "paper"), ("yref", "paper"), ("xanchor", anchor),
        ("yanchor", "bottom"), ("x", Wire.Rounded(PaperX(x))), ("y", Wire.Rounded(PaperY(y))), ("font", Wire.Font(size)));

    private static bool Same(Interval? a, Interval? b) => a is not null && a == b;

    // The figure's buttons stand in its upper right corner, and a long title below them.
    private double HeadHeight(FigureOptions options)
    {
        var title = PlainText.Of(options.Title ?? "");
        var crowded = title.Length > 0 && _left[0] + title.Length * TitleCharacter > Width - ButtonsWidth;
        var head = (title.Length > 0 ? FigureTitle : 0) + (crowded ? Buttons : 0) + (HasLegend ? LegendHeight : 0);
        return Math.Max(Buttons, head);
    }

    private static bool HasBar(Panel panel) => panel.Marks.OfType<Field>().Any(field => field.Symbol is not null);

    private bool HasBarBeside(FigureOptions options) =>
        options.Colors is ColorSharing.Row or ColorSharing.All && _panels.Any(HasBar);

    private Panel? Under(int index) => index + Columns < _panels.Count ? _panels[index + Columns] : null;

    private Panel? Beside(int index) => index % Columns > 0 ? _panels[index - 1] : null;

    private IEnumerable<Panel> Row(int row) => _panels.Skip(row * Columns).Take(Columns);

    private IEnumerable<int> Indices(int row) => Enumerable.Range(row * Columns, Row(row).Count());

    private double Before(int column)
    {
        var needed = Enumerable.Range(0, _panels.Count).Where(i => i % Columns == column)
            .Max(i => (ShowsYTicks(i) ? Ticks.Width(_panels[i]) : 0) + (ShowsYTitle(i) ? AxisTitleWidth : 0));
        return column == 0 ? Math.Max(Edge, needed + 6) : Math.Max(Gap, needed + 10);
    }

    private double XFurniture(int index) =>
        (ShowsXTicks(index) ? TickHeight : 0) + (ShowsXTitle(index) ? AxisTitleHeight : 0);

    private double Below(int row, FigureOptions options)
    {
        var bars = options.Colors == ColorSharing.Each || (options.Colors == ColorSharing.Column && row == Rows - 1);
        return Indices(row).Max(XFurniture) + (bars && Row(row).Any(HasBar) ? BarBelow : 0);
    }

    private double Height(int row, FigureOptions options) =>
        Row(row).Any(panel => panel.Square) ? _panelWidth
        : options.PanelHeight > 0 ? options.PanelHeight
        : Math.Min(340, Math.Max(110, 0.62 * _panelWidth));
}
