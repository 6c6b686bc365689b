using System.Text.RegularExpressions;

namespace Engram.Charts;

/// <summary>
/// Charts as pictures (PNG), for whatever runs no script: paper, GitHub, a README. Chromium draws them, where this machine
/// has it.
/// </summary>
public static partial class ChartImages
{
    /// <summary>Whether there is a Chromium: on the path, or named by the environment variable <c>ENGRAM_CHROMIUM</c>.</summary>
    public static bool Available => Chromium.Find() is not null;

    /// <summary>Draws charts, all in one run of Chromium.</summary>
    /// <param name="figures">Plotly's figures as JSON, as <see cref="ChartDisplay.PlotlyMimeType"/> has them.</param>
    /// <param name="scale">Pixels of the picture for one of the chart, greater than 0.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>A PNG file for each; null for one that is no figure.</returns>
    /// <exception cref="InvalidOperationException">There is no Chromium, or it did not answer.</exception>
    public static async Task<IReadOnlyList<byte[]?>> PngAsync(
        IReadOnlyList<string> figures, double scale = 2, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(figures);
        if (scale is not (> 0 and <= 10))
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "scale is greater than 0 and at most 10.");
        if (figures.Count == 0) return [];
        var drawn = await Chromium.RunAsync(Page(figures, scale), cancellation).ConfigureAwait(false);
        var pictures = new byte[]?[figures.Count];
        foreach (Match picture in Picture().Matches(drawn))
            pictures[int.Parse(picture.Groups[1].ValueSpan, provider: null)] = Convert.FromBase64String(picture.Groups[2].Value);
        return pictures;
    }

    /// <summary>Writes a chart as a picture.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="path">The PNG file; its folder is made where it is missing.</param>
    /// <param name="scale">Pixels of the picture for one of the chart, greater than 0.</param>
    /// <exception cref="InvalidOperationException">There is no Chromium, or it did not draw the chart.</exception>
    public static void SavePng(this GenericChart chart, string path, double scale = 2)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var picture = PngAsync([Drawing.Of(chart).Json], scale).GetAwaiter().GetResult()[0]
            ?? throw new InvalidOperationException("Chromium did not draw the chart.");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllBytes(path, picture);
    }

    private static string Page(IReadOnlyList<string> figures, double scale) => $$"""
        <!DOCTYPE html>
        <html><head><meta charset="utf-8">{{PlotlyScript.Element}}</head><body>
        {{string.Concat(figures.Select(figure => $"<script type=\"application/json\">{figure.Replace("</", "<\\/")}</script>\n"))}}
        <script>
        (async () => {
          const scale = {{scale.ToString(System.Globalization.CultureInfo.InvariantCulture)}};
          const figures = [...document.querySelectorAll('script[type="application/json"]')];
          for (let i = 0; i < figures.length; i++) try {
            const figure = JSON.parse(figures[i].textContent);
            const { width = 700, height = 450 } = figure.layout || {};
            const div = document.body.appendChild(document.createElement("div"));
            await Plotly.newPlot(div, figure.data, { ...figure.layout, updatemenus: [], sliders: [] }, { staticPlot: true });
            const picture = document.createElement("img");
            picture.id = "picture-" + i;
            picture.src = await Plotly.toImage(div, { format: "png", width, height, scale });
            Plotly.purge(div);
            div.remove();
            document.body.appendChild(picture);
          } catch (error) { console.error(error); }
        })();
        </script></body></html>
        """;

    [GeneratedRegex("""<img id="picture-(\d+)" src="data:image/png;base64,([^"]*)">""")]
    private static partial Regex Picture();
}
