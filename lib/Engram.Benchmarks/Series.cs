using System.Text.Json.Serialization;

namespace Engram.Benchmarks;

/// <summary>One measurement: a size, seconds, and the MiB that the work took at its peak beyond what was there before.</summary>
internal sealed record Point(double Size, double Seconds, double Mebibytes);

/// <summary>Measurements as one size grows.</summary>
internal sealed record Series(string Title, string Unit, IReadOnlyList<Point> Points)
{
    /// <summary>The slope of time on logarithmic axes by least squares: 1 is proportional growth.</summary>
    [JsonIgnore]
    public double TimeSlope => Slope(point => point.Seconds);

    /// <summary>The slope of memory.</summary>
    [JsonIgnore]
    public double MemorySlope => Slope(point => point.Mebibytes);

    /// <summary>A line for each measurement.</summary>
    [JsonIgnore]
    public string Text => string.Join('\n',
        [
            $"{Title} (slopes: time {TimeSlope:0.00}, memory {MemorySlope:0.00})",
            .. Points.Select(p => $"  {Unit} = {p.Size,9:0} {p.Seconds * 1e3,14:0.000} ms {p.Mebibytes,10:0.0} MiB"),
        ]);

    private double Slope(Func<Point, double> of)
    {
        var logs = Points.Select(p => (X: Math.Log(p.Size), Y: Math.Log(of(p)))).ToArray();
        var (x, y) = (logs.Average(l => l.X), logs.Average(l => l.Y));
        return logs.Sum(l => (l.X - x) * (l.Y - y)) / logs.Sum(l => (l.X - x) * (l.X - x));
    }
}
