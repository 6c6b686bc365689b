namespace Engram.Charts;

/// <summary>plotly.js, as Plotly.NET carries it. Shown in a notebook, it is there for all charts of the page.</summary>
public sealed class PlotlyScript
{
    /// <summary>Where a page without it may find it.</summary>
    internal const string Cdn = $"https://cdn.plot.ly/plotly-{Version}.min.js";

    private const string Version = "2.28.0";
    private const string Resource = $"Plotly.NET.plotly-{Version}.min.js";

    private static readonly Lazy<string> Text = new(() =>
    {
        using var stream = typeof(GenericChart).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"Plotly.NET holds no resource '{Resource}'; version 6.0 of it is wanted.");
        return new StreamReader(stream).ReadToEnd();
    });

    internal PlotlyScript()
    {
    }

    /// <summary>A script element that defines <c>window.Plotly</c> once, and leaves a page's module loader alone.</summary>
    public static string Element =>
        $"<script>if (!window.Plotly) (function (exports, module, define) {{\n{Text.Value}\n}}).call(window);</script>";

    /// <summary>Its name and version.</summary>
    public override string ToString() => $"plotly.js {Version}";
}
