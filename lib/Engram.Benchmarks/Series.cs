using System.Globalization;
using System.Text.Json.Serialization;

namespace Engram.Benchmarks;

/// <summary>One measurement: a size, seconds, and the MiB that the work took at its peak beyond what was there before.</summary>
internal sealed record Point(double Size, double Seconds, double Mebibytes);

/// <summary>Measurements as one size grows.</summary>
internal sealed record Series(string Title, string Unit, IReadOnlyList<Point> Points)
{
    /// <summary>MiB that the runtime takes and gives back as it likes: a measurement below says no more than that.</summary>
    public const double MemoryNoise = 16;

    // Of the largest sizes, where the fixed cost of a call no longer counts.
    private const int PointsOfSlope = 3;

    /// <summary>The slope of time on logarithmic axes by least squares: 1 is proportional growth.</summary>
    [JsonIgnore]
    public string TimeSlope => Slope(Points, point => point.Seconds);

    /// <summary>The slope of memory, of what stands out of the runtime's own.</summary>
    [JsonIgnore]
    public string MemorySlope => Slope([.. Points.Where(point => point.Mebibytes > MemoryNoise)], point => point.Mebibytes);

    /// <summary>A line for each measurement.</summary>
    [JsonIgnore]
    public string Text => string.Join('\n',
        [
            $"{Title} (slopes: time {TimeSlope}, memory {MemorySlope})",
            .. Points.Select(p => $"  {Unit} = {p.Size,9:0} {p.Seconds * 1e3,14:0.000} ms {Memory(p.Mebibytes),10} MiB"),
        ]);

    /// <summary>Where this series becomes slower than another of the same sizes, between two sizes on logarithmic axes; or null.</summary>
    public double? Crossing(Series other)
    {
        var gaps = Points.Zip(other.Points, (a, b) => (Size: Math.Log(a.Size), Gap: Math.Log(a.Seconds / b.Seconds))).ToArray();
        for (var i = 1; i < gaps.Length; i++)
            if (gaps[i - 1].Gap < 0 && gaps[i].Gap >= 0)
                return Math.Exp(gaps[i - 1].Size + (gaps[i].Size - gaps[i - 1].Size) * gaps[i - 1].Gap / (gaps[i - 1].Gap - gaps[i].Gap));
        return null;
    }

    private static string Memory(double mebibytes) =>
        mebibytes <= MemoryNoise ? $"< {MemoryNoise:0}" : mebibytes.ToString("0", CultureInfo.InvariantCulture);

    private static string Slope(IReadOnlyList<Point> points, Func<Point, double> of)
    {
        var logs = points.TakeLast(PointsOfSlope).Select(p => (X: Math.Log(p.Size), Y: Math.Log(of(p)))).ToArray();
        if (logs.Length < 2) return "flat";
        var (x, y) = (logs.Average(l => l.X), logs.Average(l => l.Y));
        var slope = logs.Sum(l => (l.X - x) * (l.Y - y)) / logs.Sum(l => (l.X - x) * (l.X - x));
        return Math.Abs(slope).ToString(slope <= -0.005 ? "−0.00" : "0.00", CultureInfo.InvariantCulture);
    }
}
