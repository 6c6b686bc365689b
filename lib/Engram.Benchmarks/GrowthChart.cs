using System.Globalization;
using System.Text.Json;
using Engram.Charts;
using Microsoft.DotNet.Interactive.Formatting;
using Plotly.NET;

namespace Engram.Benchmarks;

/// <summary>The growth series on logarithmic axes: a figure of two panels for each variable, as one page that needs no network.</summary>
internal static class GrowthChart
{
    private static readonly (string Unit, string Axis, string Title)[] Variables =
    [
        ("K", "memories K", "Memories: D = 64, Y = 10⁵, one query"),
        ("Y", "features Y", "Features: D = 64, K = 10³, ten queries"),
        ("B", "queries B", "Queries: D = 64, K = 10³, Y = 10⁵"),
        ("D", "dimension D", "Dimension: K = 10³, Y = 10⁵, ten queries"),
    ];

    // The same in all figures.
    private static readonly Interval MemoryRange = new(Series.MemoryNoise / 2, 3000);

    private static string Folder => Directory.CreateDirectory(Path.Combine("artifacts", "benchmarks")).FullName;

    /// <summary>Keeps the series of one variable for the page.</summary>
    public static void Keep(string unit, Series[] series) => File.WriteAllText(Kept(unit), JsonSerializer.Serialize(series));

    /// <summary>Writes the page of all kept series.</summary>
    public static void Write()
    {
        var figures =
            from variable in Variables
            where File.Exists(Kept(variable.Unit))
            let series = JsonSerializer.Deserialize<Series[]>(File.ReadAllText(Kept(variable.Unit)))!
            select Figure(series, variable.Unit, variable.Axis, variable.Title).ToDisplayString(HtmlFormatter.MimeType);
        File.WriteAllText(Path.Combine(Folder, "growth.html"), $"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Growth</title>
            {PlotlyScript.Element}
            </head>
            <body style="margin:2em;max-width:1000px;font-family:sans-serif;background:#fff;color:{Palette.Ink}">
            <h1 style="font-size:1.4em">Time and memory as the sizes grow, exact and distributed</h1>
            <p>In brackets the slopes of time and of memory over the three largest sizes: 1 is proportional growth. Memory below
            {Series.MemoryNoise} MiB is the runtime's own, and stands at {Series.MemoryNoise}.</p>
            {string.Join('\n', figures)}
            </body>
            </html>
            """);
        Console.WriteLine("Written: artifacts/benchmarks/growth.html, and growth-*.json");
    }

    private static string Kept(string unit) => Path.Combine(Folder, $"growth-{unit}.json");

    private static GenericChart Figure(Series[] series, string unit, string axis, string title)
    {
        Mark[] times = [.. series.Select(one => Line(one, point => point.Seconds))];
        Mark[] memories = [.. series.Select(one => Line(one, point => Math.Max(point.Mebibytes, Series.MemoryNoise)))];
        var crossing = series[^1].Crossing(series[^2]);
        return Figures.Panels(
            [
                new Panel([.. times, .. crossing is { } at ? [Upright(at, series)] : Array.Empty<Mark>()])
                {
                    Title = crossing is { } from ? $"distributed is quicker from {unit} ≈ {Power(from)} on" : null,
                    XTitle = axis, YTitle = "time / s", XLog = true, YLog = true,
                },
                new Panel(memories)
                {
                    XTitle = axis, YTitle = "peak memory / MiB", XLog = true, YLog = true, YRange = MemoryRange,
                },
            ],
            new FigureOptions { Title = title, Width = 1000, PanelHeight = 300 });
    }

    private static Curve Line(Series series, Func<Point, double> of) =>
        new([.. series.Points.Select(point => point.Size)], [.. series.Points.Select(of)])
        {
            Name = $"{series.Title} ({series.TimeSlope}, {series.MemorySlope})",
            // As in the chapters; green what only K has.
            Color = series.Title.Split(' ')[0] switch
            {
                "Exact" => Palette.Exact,
                "Distributed" => Palette.Approximate,
                _ => Palette.Lines[2],
            },
            Markers = true,
        };

    private static Curve Upright(double at, Series[] series)
    {
        var seconds = series.SelectMany(one => one.Points).Select(point => point.Seconds).ToArray();
        return new([at, at], [seconds.Min(), seconds.Max()]) { Color = Palette.Guide, Dash = "dot", Width = 1 };
    }

    private static string Power(double number)
    {
        var exponent = (int)Math.Floor(Math.Log10(number));
        return string.Create(CultureInfo.InvariantCulture, $"{number / Math.Pow(10, exponent):0.#}·10<sup>{exponent}</sup>");
    }
}
