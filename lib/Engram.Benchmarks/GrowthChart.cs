using System.Globalization;
using System.Text.Json;
using Engram.Charts;

namespace Engram.Benchmarks;

/// <summary>The growth series on logarithmic axes: a row of two panels for each variable, as one page that needs no network.</summary>
internal static class GrowthChart
{
    private const double RowHeight = 430, Width = 1100, Top = 100, Bottom = 60;

    private const string Title = "Time and memory as the sizes grow, exact and distributed<br>" +
        "<span style=\"font-size:13px\">In brackets the slopes of time and of memory over the three largest sizes; the grey band is the runtime's own</span>";

    private static readonly (string Unit, string Axis, string Heading)[] Rows =
    [
        ("K", "memories K", "Memories: D = 64, Y = 10⁵, one query"),
        ("Y", "features Y", "Features: D = 64, K = 10³, ten queries"),
        ("B", "queries B", "Queries: D = 64, K = 10³, Y = 10⁵"),
        ("D", "dimension D", "Dimension: K = 10³, Y = 10⁵, ten queries"),
    ];

    // Blue exact, orange distributed, as in the chapters; green what only K has.
    private static readonly Dictionary<string, (string Color, string Symbol)> Looks = new()
    {
        ["Adding"] = ("#009e73", "diamond"),
        ["Distributed"] = ("#d55e00", "square"),
        ["Exact"] = ("#0072b2", "circle"),
    };

    // Powers of ten: the same in all panels of memory.
    private static readonly double[] MemoryRange = [Math.Log10(Series.MemoryNoise / 2), 3.5];

    private static string Folder => Directory.CreateDirectory(Path.Combine("artifacts", "benchmarks")).FullName;

    /// <summary>Keeps the series of one variable for the page.</summary>
    public static void Keep(string unit, Series[] series) => File.WriteAllText(Kept(unit), JsonSerializer.Serialize(series));

    /// <summary>Writes the page of all kept series.</summary>
    public static void Write()
    {
        var rows = Rows.Where(row => File.Exists(Kept(row.Unit))).ToArray();
        var height = Top + Bottom + RowHeight * rows.Length;
        List<object> traces = [], annotations = [], shapes = [];
        var layout = new Dictionary<string, object>
        {
            ["height"] = height,
            ["width"] = Width,
            ["title"] = new { text = Title, y = 1 - 32 / height },
            ["margin"] = new { t = Top, b = Bottom, l = 90, r = 30 },
            ["font"] = new { family = "serif", size = 14, color = "#222" },
            ["plot_bgcolor"] = "#fff",
            ["annotations"] = annotations,
            ["shapes"] = shapes,
        };
        for (var row = 0; row < rows.Length; row++)
        {
            var series = JsonSerializer.Deserialize<Series[]>(File.ReadAllText(Kept(rows[row].Unit)))!;
            // A heading and a legend stand above the panels of a row, the axis' title below.
            double top = 1 - (row * RowHeight + 65) / (RowHeight * rows.Length), bottom = 1 - (row * RowHeight + 355) / (RowHeight * rows.Length);
            Panel(layout, 2 * row + 1, [0, 0.43], [bottom, top], rows[row].Axis, "time / s");
            Panel(layout, 2 * row + 2, [0.57, 1], [bottom, top], rows[row].Axis, "peak memory / MiB");
            layout[row == 0 ? "legend" : $"legend{row + 1}"] = new { orientation = "h", x = 0, y = top, yanchor = "bottom", xanchor = "left", bgcolor = "rgba(0,0,0,0)", font = new { size = 13 } };
            annotations.Add(Heading(rows[row].Heading, top + 30 / (RowHeight * rows.Length)));
            foreach (var one in series) traces.AddRange(Traces(one, row));
            shapes.Add(Noise(2 * row + 2));
            if (series[^1].Crossing(series[^2]) is { } crossing) Mark(2 * row + 1, crossing, rows[row].Unit, shapes, annotations);
        }

        Page(JsonSerializer.Serialize(traces), JsonSerializer.Serialize(layout));
    }

    private static string Kept(string unit) => Path.Combine(Folder, $"growth-{unit}.json");

    private static void Panel(Dictionary<string, object> layout, int panel, double[] x, double[] y, string size, string measured)
    {
        layout[$"xaxis{panel}"] = Axis(x, size, $"y{panel}");
        layout[$"yaxis{panel}"] = Axis(y, measured, $"x{panel}", measured.EndsWith("MiB", StringComparison.Ordinal) ? MemoryRange : null);
    }

    private static object Axis(double[] domain, string title, string anchor, double[]? range = null) => new
    {
        type = "log",
        domain,
        anchor,
        range,
        autorange = range is null,
        title = new { text = title, standoff = 8 },
        dtick = 1,
        exponentformat = "power",
        showexponent = "all",
        gridcolor = "#e4e4e4",
        linecolor = "#444",
        showline = true,
        mirror = true,
        ticks = "outside",
    };

    private static IEnumerable<object> Traces(Series series, int row)
    {
        yield return Trace(series, row, 2 * row + 1, point => point.Seconds, shown: true);
        yield return Trace(series, row, 2 * row + 2, point => Math.Max(point.Mebibytes, Series.MemoryNoise), shown: false);
    }

    private static object Trace(Series series, int row, int panel, Func<Point, double> y, bool shown)
    {
        var (color, symbol) = Looks[series.Title.Split(' ')[0]];
        return new
        {
            type = "scatter",
            mode = "lines+markers",
            name = $"{series.Title} ({series.TimeSlope}, {series.MemorySlope})",
            legend = row == 0 ? "legend" : $"legend{row + 1}",
            showlegend = shown,
            x = series.Points.Select(point => point.Size),
            y = series.Points.Select(y),
            xaxis = $"x{panel}",
            yaxis = $"y{panel}",
            line = new { color },
            marker = new { symbol, size = 8 },
        };
    }

    private static object Heading(string text, double y) => new
    {
        text = $"<b>{text}</b>",
        x = 0,
        y,
        xref = "paper",
        yref = "paper",
        xanchor = "left",
        yanchor = "bottom",
        showarrow = false,
        font = new { size = 15 },
    };

    // What is measured in it is the runtime's own.
    private static object Noise(int panel) => new
    {
        type = "rect",
        xref = $"x{panel} domain",
        yref = $"y{panel}",
        x0 = 0,
        x1 = 1,
        y0 = Series.MemoryNoise / 2,
        y1 = Series.MemoryNoise,
        layer = "below",
        fillcolor = "#f0f0f0",
        line = new { width = 0 },
    };

    private static void Mark(int panel, double at, string unit, List<object> shapes, List<object> annotations)
    {
        shapes.Add(new
        {
            type = "line",
            xref = $"x{panel}",
            yref = $"y{panel} domain",
            x0 = at,
            x1 = at,
            y0 = 0,
            y1 = 1,
            line = new { color = "#444", width = 1, dash = "dot" },
        });
        annotations.Add(new
        {
            text = $"distributed is quicker<br>from {unit} ≈ {Power(at)} on",
            x = Math.Log10(at),
            y = 0.98,
            xref = $"x{panel}",
            yref = $"y{panel} domain",
            xanchor = "right",
            yanchor = "top",
            align = "right",
            showarrow = false,
            xshift = -4,
            font = new { size = 12 },
        });
    }

    private static string Power(double number)
    {
        var exponent = (int)Math.Floor(Math.Log10(number));
        return string.Create(CultureInfo.InvariantCulture, $"{number / Math.Pow(10, exponent):0.#}·10<sup>{exponent}</sup>");
    }

    private static void Page(string traces, string layout)
    {
        File.WriteAllText(Path.Combine(Folder, "growth.html"), $$"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Growth</title>
            {{PlotlyScript.Element}}
            </head>
            <body style="margin:0;background:#fff"><div id="chart"></div>
            <script>Plotly.newPlot("chart", {{traces}}, {{layout}}, {"displayModeBar": false})</script>
            </body>
            </html>
            """);
        Console.WriteLine("Written: artifacts/benchmarks/growth.html, and growth-*.json");
    }
}
