using System.Text.Json;
using Engram.Charts;

namespace Engram.Benchmarks;

/// <summary>The growth series on logarithmic axes: a row of panels for each variable, as one page that needs no network.</summary>
internal static class GrowthChart
{
    private static readonly (string Unit, string Axis)[] Rows =
    [
        ("K", "memories K (D=64, Y=1e5)"), ("Y", "features Y (D=64)"), ("B", "queries B (D=64)"), ("D", "dimension D (Y=1e5)"),
    ];

    private static readonly string[] Colors = ["#0072b2", "#d55e00", "#009e73"];

    private static string Folder => Directory.CreateDirectory(Path.Combine("artifacts", "benchmarks")).FullName;

    /// <summary>Keeps the series of one variable for the page.</summary>
    public static void Keep(string unit, Series[] series) => File.WriteAllText(Kept(unit), JsonSerializer.Serialize(series));

    /// <summary>Writes the page of all kept series.</summary>
    public static void Write()
    {
        var rows = Rows.Where(row => File.Exists(Kept(row.Unit))).ToArray();
        var layout = new Dictionary<string, object>
        {
            ["height"] = 380 * rows.Length,
            ["width"] = 1100,
            ["title"] = new { text = "Time and memory as the sizes grow (the slope is that of the logarithms)" },
            ["legend"] = new { orientation = "h", y = -0.04 },
            ["grid"] = new { rows = rows.Length, columns = 2, pattern = "independent", xgap = 0.16, ygap = 0.5 },
        };
        List<object> traces = [];
        for (var row = 0; row < rows.Length; row++)
        {
            var all = JsonSerializer.Deserialize<Series[]>(File.ReadAllText(Kept(rows[row].Unit)))!;
            Axes(layout, 2 * row + 1, rows[row].Axis, "seconds");
            Axes(layout, 2 * row + 2, rows[row].Axis, "peak memory, MiB");
            traces.AddRange(all.Select((s, i) => Trace(s, i, 2 * row + 1, point => point.Seconds, s.TimeSlope)));
            traces.AddRange(all.Select((s, i) => Trace(s, i, 2 * row + 2, point => point.Mebibytes, s.MemorySlope)));
        }

        Page(JsonSerializer.Serialize(traces), JsonSerializer.Serialize(layout));
    }

    private static string Kept(string unit) => Path.Combine(Folder, $"growth-{unit}.json");

    private static void Axes(Dictionary<string, object> layout, int panel, string x, string y)
    {
        layout[$"xaxis{panel}"] = new { type = "log", title = new { text = x }, dtick = 1, exponentformat = "power" };
        layout[$"yaxis{panel}"] = new { type = "log", title = new { text = y }, dtick = 1, exponentformat = "power" };
    }

    private static object Trace(Series series, int color, int panel, Func<Point, double> y, double slope) => new
    {
        type = "scatter",
        mode = "lines+markers",
        name = $"{series.Unit}, {(panel % 2 == 1 ? "time" : "memory")}: {series.Title}, slope {slope:0.00}",
        x = series.Points.Select(point => point.Size),
        y = series.Points.Select(y),
        xaxis = $"x{panel}",
        yaxis = $"y{panel}",
        line = new { color = Colors[color] },
    };

    private static void Page(string traces, string layout)
    {
        File.WriteAllText(Path.Combine(Folder, "growth.html"), $"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Growth</title>
            {PlotlyScript.Element}
            </head>
            <body style="margin:0;background:#fff"><div id="chart"></div>
            <script>Plotly.newPlot("chart", {traces}, {layout})</script>
            </body>
            </html>
            """);
        Console.WriteLine("Written: artifacts/benchmarks/growth.html, and growth-*.json");
    }
}
