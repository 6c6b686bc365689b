using System.Globalization;

namespace Engram.Charts;

/// <summary>The course's colours.</summary>
public static class Palette
{
    /// <summary>Memories.</summary>
    public const string Black = "#000000";

    /// <summary>Exact states and energies; xkcd's bright blue.</summary>
    public const string Exact = "#0165fc";

    /// <summary>Approximate states and energies; xkcd's burnt orange.</summary>
    public const string Approximate = "#c04e01";

    /// <summary>Text and axes.</summary>
    public const string Ink = "#2b2b2b";

    /// <summary>Reference lines.</summary>
    public const string Guide = "#8a8a8a";

    /// <summary>Colours for several lines of equal standing; readable by the colour-blind (Okabe and Ito).</summary>
    public static IReadOnlyList<string> Lines { get; } =
        ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];
}

/// <summary>Colour scales for heatmaps.</summary>
public sealed class ColorScale
{
    private ColorScale(string name, double alpha, params string[] colors) => (Name, Stops) = (name, Blend(colors, alpha));

    /// <summary>Green, white, pink, low to high: the course's energies (ColorBrewer's PiYG reversed, at 0.8 on white).</summary>
    public static ColorScale Energy { get; } = new("PiYG_r", 0.8,
        "#276419", "#4d9221", "#7fbc41", "#b8e186", "#e6f5d0", "#f7f7f7", "#fde0ef", "#f1b6da", "#de77ae", "#c51b7d", "#8e0152");

    /// <summary>Pale yellow to green: the course's random features (ColorBrewer's YlGn, at 0.8 on white).</summary>
    public static ColorScale Feature { get; } = new("YlGn", 0.8,
        "#ffffe5", "#f7fcb9", "#d9f0a3", "#addd8e", "#78c679", "#41ab5d", "#238443", "#006837", "#004529");

    /// <summary>Black to white: pictures.</summary>
    public static ColorScale Gray { get; } = new("gray", 1, "#000000", "#ffffff");

    /// <summary>Purple to yellow, even to the eye: anything else (matplotlib's viridis).</summary>
    public static ColorScale Viridis { get; } = new("viridis", 1,
        "#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725");

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Places from 0 to 1 with their colours, as Plotly takes them.</summary>
    internal object[][] Stops { get; }

    private static object[][] Blend(string[] colors, double alpha) =>
        [.. colors.Select((color, i) => new object[] { Wire.Rounded((double)i / (colors.Length - 1))!, OnWhite(color, alpha) })];

    private static string OnWhite(string color, double alpha)
    {
        var parts = Enumerable.Range(0, 3).Select(i => int.Parse(color.AsSpan(1 + 2 * i, 2), NumberStyles.HexNumber));
        return "#" + string.Concat(parts.Select(part => ((int)Math.Round(part * alpha + 255 * (1 - alpha))).ToString("x2")));
    }
}
