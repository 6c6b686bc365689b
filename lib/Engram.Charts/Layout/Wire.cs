using System.Globalization;
using DynamicObj;
using Plotly.NET;

namespace Engram.Charts;

/// <summary>Plotly's objects, filled property by property: its own functions of a hundred options are for F#.</summary>
internal static class Wire
{
    /// <summary>Sets properties; those that are null stay unset.</summary>
    public static T With<T>(this T target, params (string Name, object? Value)[] properties) where T : DynamicObj.DynamicObj
    {
        foreach (var (name, value) in properties)
            if (value is not null)
                target.SetProperty(name, value);
        return target;
    }

    /// <summary>Six significant digits, which no eye can tell from more; null for NaN and infinities.</summary>
    public static double? Rounded(double value, int digits = 6) =>
        double.IsFinite(value)
            ? double.Parse(value.ToString($"G{digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            : null;

    /// <summary>A title of an axis or a colour bar.</summary>
    public static Title Title(string text, double size, double? standoff = null) => new Title().With(
        ("text", text), ("font", Font(size)), ("standoff", standoff));

    /// <summary>The house's font.</summary>
    public static Font Font(double size, string color = Palette.Ink) => new Font().With(
        ("family", "'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif"), ("size", size), ("color", color));

    /// <summary>The name of an axis as layouts hold it (xaxis2) or as traces do (x2).</summary>
    public static string Axis(string letter, int index, bool inLayout) =>
        letter + (inLayout ? "axis" : "") + (index == 0 ? "" : (index + 1).ToString(CultureInfo.InvariantCulture));
}
