using System.Text.Json.Nodes;
using Engram.Charts;
using Engram.Notebooks;

namespace Engram.Cli;

/// <summary>Puts a picture beside each chart of an executed notebook, for readers that run no script.</summary>
internal static class StillPictures
{
    private const string Png = "image/png";

    /// <summary>Draws the charts that have no picture yet.</summary>
    /// <param name="executed">The executed notebook; its outputs gain <c>image/png</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many charts now have one.</returns>
    /// <exception cref="InvalidOperationException">There is no Chromium, or it did not answer.</exception>
    public static async Task<int> AddAsync(NotebookDocument executed, CancellationToken cancellation)
    {
        var charts = executed.Cells
            .SelectMany(cell => cell.Outputs)
            .Select(output => output["data"] as JsonObject)
            .Where(data => data?[ChartDisplay.PlotlyMimeType] is JsonObject && !data.ContainsKey(Png))
            .ToArray();
        var pictures = await ChartImages.PngAsync(
            [.. charts.Select(data => data![ChartDisplay.PlotlyMimeType]!.ToJsonString())], cancellation: cancellation);
        foreach (var (data, picture) in charts.Zip(pictures))
            if (picture is not null)
                data![Png] = Convert.ToBase64String(picture);
        return pictures.Count(picture => picture is not null);
    }
}
