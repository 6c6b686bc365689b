using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Newtonsoft.Json.Linq;

namespace Engram.Charts;

/// <summary>A chart in the forms in which frontends take it.</summary>
/// <param name="figure">Plotly's figure: data, layout, config, and frames where it moves.</param>
internal sealed class Drawing(JObject figure)
{
    private static int _count;

    /// <summary>A chart's forms.</summary>
    public static Drawing Of(GenericChart chart)
    {
        ArgumentNullException.ThrowIfNull(chart);
        return new Drawing(JObject.Parse(Plotly.NET.GenericChart.toJson(chart)));
    }

    /// <summary>Plotly's figure as JSON.</summary>
    public string Json => figure.ToString(Newtonsoft.Json.Formatting.None);

    /// <summary>One line: title, number of panels, traces by kind.</summary>
    public string Line
    {
        get
        {
            var traces = figure["data"]!.Children<JObject>().ToArray();
            var panels = traces.Select(trace => $"{trace["xaxis"]} {trace["yaxis"]}").Distinct().Count();
            var kinds = traces.GroupBy(trace => (string?)trace["type"] ?? "scatter").Select(kind => Counted(kind.Count(), kind.Key));
            var frames = figure["frames"] is JArray { Count: > 0 } moving ? ", " + Counted(moving.Count, "frame") : "";
            return $"{Title ?? "chart"}: {Counted(panels, "panel")}, {string.Join(", ", kinds)}{frames}";
        }
    }

    /// <summary>
    /// An element and a script that draws into it: with the page's Plotly, which it waits for, or else with Plotly's CDN.
    /// Dark on white, as on paper, whatever the page's colours.
    /// </summary>
    public string Fragment
    {
        get
        {
            var json = Json.Replace("</", "<\\/");
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..12];
            var id = $"engram-{hash}-{Interlocked.Increment(ref _count)}";
            var size = $"width:{Pixels("width", 700)};height:{Pixels("height", 450)}";
            return $"""
                <div style="{Paper}"><div id="{id}" style="{size}"></div></div>
                <script>{Script.Replace("$ID", id).Replace("$CDN", PlotlyScript.Cdn).Replace("$FIGURE", json)}</script>
                """;
        }
    }

    /// <summary>A page of its own that needs nothing else.</summary>
    public string Page => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><title>{WebUtility.HtmlEncode(Title ?? "chart")}</title>
        {PlotlyScript.Element}
        </head>
        <body style="margin:0;background:#fff">
        {Fragment}
        </body>
        </html>
        """;

    private const string Paper = "width:fit-content;max-width:100%;overflow-x:auto;background:#fff;color:#2b2b2b";

    private const string Script = """
        (function () {
          const figure = $FIGURE;
          const draw = function () {
            const div = document.getElementById("$ID");
            if (!div) return;
            window.Plotly.newPlot(div, figure.data, figure.layout, figure.config).then(function () {
              if (figure.frames && figure.frames.length) window.Plotly.addFrames(div, figure.frames);
            });
          };
          const fail = function () {
            const div = document.getElementById("$ID");
            if (div) div.textContent = "This chart needs plotly.js, which could not be loaded.";
          };
          const fetchPlotly = function () {
            if (!window.engramPlotly) window.engramPlotly = new Promise(function (done, failed) {
              const loader = window.define;
              const script = document.createElement("script");
              script.src = "$CDN";
              script.onload = function () { window.define = loader; done(); };
              script.onerror = function () { window.define = loader; failed(); };
              window.define = undefined;
              document.head.appendChild(script);
            });
            window.engramPlotly.then(draw, fail);
          };
          const wait = function (tries) {
            if (window.Plotly) draw();
            else if (tries > 0) setTimeout(function () { wait(tries - 1); }, 50);
            else fetchPlotly();
          };
          wait(20);
        })();
        """;

    private string? Title
    {
        get
        {
            var title = figure["layout"]?["meta"]?["title"] ?? figure["layout"]?["title"];
            var text = title is JObject holder ? (string?)holder["text"] : (string?)title;
            return string.IsNullOrWhiteSpace(text) ? null : PlainText.Of(text);
        }
    }

    private string Pixels(string side, int otherwise) =>
        ((double?)figure["layout"]?[side] ?? otherwise).ToString(CultureInfo.InvariantCulture) + "px";

    private static string Counted(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
