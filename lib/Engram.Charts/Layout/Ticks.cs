using System.Globalization;

namespace Engram.Charts;

/// <summary>How much room tick labels take, before Plotly has chosen them.</summary>
internal static class Ticks
{
    private const double Digit = 6.4, Mark = 10;

    /// <summary>The width in pixels of a panel's y tick labels.</summary>
    public static double Width(Panel panel)
    {
        if (panel.YLog) return 5 * Digit + Mark;
        var range = Extents.Of(panel, 1);
        var step = Step((range.High - range.Low) / 4);
        var decimals = Math.Max(0, (int)-Math.Floor(Math.Log10(step)));
        return Mark + Digit * new[] { range.Low, range.High }
            .Max(end => Math.Round(end, Math.Min(decimals, 15)).ToString($"F{Math.Min(decimals, 6)}", CultureInfo.InvariantCulture).Length);
    }

    /// <summary>
    /// The steps of a logarithmic axis, in powers of ten: as many as have room, where there are decades to step over;
    /// null leaves it to Plotly, which then labels the digits between.
    /// </summary>
    /// <param name="panel">The panel.</param>
    /// <param name="column">0 for the x axis, 1 for the y axis.</param>
    /// <param name="room">How many labels the axis has room for.</param>
    public static double? Decades(Panel panel, int column, double room)
    {
        var range = Extents.Of(panel, column);
        if (!(range.Low > 0) || !double.IsFinite(range.High)) return null;
        var decades = Math.Log10(range.High / range.Low);
        return decades < 1.5 ? null : Math.Max(1, Math.Ceiling(decades / Math.Max(2, room)));
    }

    // Plotly steps by 1, 2 or 5 times a power of ten.
    private static double Step(double about)
    {
        if (!(about > 0)) return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(about)));
        return power * (about / power) switch { < 2 => 1, < 5 => 2, _ => 5 };
    }
}
