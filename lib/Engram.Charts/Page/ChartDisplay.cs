using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive.Formatting;

namespace Engram.Charts;

/// <summary>Charts in notebooks and in files.</summary>
public static class ChartDisplay
{
    /// <summary>Plotly's mime type.</summary>
    public const string PlotlyMimeType = "application/vnd.plotly.v1+json";

    /// <summary>
    /// plotly.js, to be displayed once in a notebook (its first cell does), so that the executed notebook draws its
    /// charts without a network. 3.6 MB.
    /// </summary>
    public static PlotlyScript LoadPlotly() => new();

    /// <summary>Writes a chart as a page of its own, which needs neither network nor notebook.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="path">The file; its folder is made where it is missing.</param>
    public static void SaveHtml(this GenericChart chart, string path) => Save(Drawing.Of(chart), path);

    /// <summary>Writes a moving chart as a page of its own.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="path">The file; its folder is made where it is missing.</param>
    public static void SaveHtml(this AnimatedChart chart, string path)
    {
        ArgumentNullException.ThrowIfNull(chart);
        Save(chart.Drawing, path);
    }

    /// <summary>
    /// Tells the notebook how charts look: as Plotly's JSON, as html and as a line of text. Happens by itself when this
    /// library is first used; again it does no harm.
    /// </summary>
    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "A chart shown before any call.")]
    public static void Register()
    {
        Register<GenericChart>(Drawing.Of);
        Register<AnimatedChart>(chart => chart.Drawing);
        Formatter.SetPreferredMimeTypesFor(typeof(PlotlyScript), HtmlFormatter.MimeType, PlainTextFormatter.MimeType);
        Formatter.Register<PlotlyScript>(_ => PlotlyScript.Element, HtmlFormatter.MimeType);
        Formatter.Register<PlotlyScript>(script => script.ToString(), PlainTextFormatter.MimeType);
    }

    private static void Register<T>(Func<T, Drawing> drawing)
    {
        Formatter.SetPreferredMimeTypesFor(
            typeof(T), PlotlyMimeType, HtmlFormatter.MimeType, PlainTextFormatter.MimeType);
        Formatter.Register<T>(chart => drawing(chart).Json, PlotlyMimeType);
        Formatter.Register<T>(chart => drawing(chart).Fragment, HtmlFormatter.MimeType);
        Formatter.Register<T>(chart => drawing(chart).Line, PlainTextFormatter.MimeType);
    }

    private static void Save(Drawing drawing, string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, drawing.Page);
    }
}
