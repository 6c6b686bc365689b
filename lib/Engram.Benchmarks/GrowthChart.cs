using System.Globalization;
using System.Text.Json;

namespace Engram.Benchmarks;

/// <summary>The growth series on logarithmic axes, as one page.</summary>
internal static class GrowthChart
{
    public static void Write(IEnumerable<(string Title, string Unit, IReadOnlyList<(double Size, double Seconds)> Points)> all)
    {
        var traces = all.Select(series => new
        {
            type = "scatter",
            mode = "lines+markers",
            name = series.Title,
            x = series.Points.Select(point => point.Size),
            y = series.Points.Select(point => point.Seconds),
            hovertemplate = $"{series.Unit} = %{{x}}: %{{y:.3s}}s",
        });
        var layout = new
        {
            title = new { text = "Growth" },
            xaxis = new { type = "log", title = new { text = "size (K, Y, B or D)" } },
            yaxis = new { type = "log", title = new { text = "seconds" } },
        };
        var path = Path.Combine("artifacts", "benchmarks", "growth.html");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <meta charset="utf-8"><title>Growth</title>
            <script src="https://cdn.plot.ly/plotly-2.28.0.min.js"></script>
            <div id="chart" style="height: 90vh"></div>
            <script>Plotly.newPlot("chart", {JsonSerializer.Serialize(traces)}, {JsonSerializer.Serialize(layout)})</script>
            """));
        Console.WriteLine($"Chart: {path}");
    }
}
