using Microsoft.AspNetCore.Html;

namespace Engram.Charts;

/// <summary>plotly.js, as Plotly.NET carries it.</summary>
internal static class PlotlyScript
{
    /// <summary>Where a page without it may find it.</summary>
    public const string Cdn = "https://cdn.plot.ly/plotly-2.28.0.min.js";

    private const string Resource = "Plotly.NET.plotly-2.28.0.min.js";

    private static readonly Lazy<string> Text = new(() =>
    {
        using var stream = typeof(GenericChart).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"Plotly.NET holds no resource '{Resource}'; version 6.0 of it is wanted.");
        return new StreamReader(stream).ReadToEnd();
    });

    /// <summary>A script element that defines <c>window.Plotly</c> once, and leaves a page's module loader alone.</summary>
    public static string Element =>
        $"<script>if (!window.Plotly) (function (exports, module, define) {{\n{Text.Value}\n}}).call(window);</script>";

    /// <summary>It shown in a notebook: nothing to see, but from here on the page can draw.</summary>
    public static IHtmlContent Content => new HtmlString(Element);
}
