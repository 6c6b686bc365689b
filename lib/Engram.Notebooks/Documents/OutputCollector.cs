using System.Text.Json.Nodes;

namespace Engram.Notebooks;

/// <summary>
/// Turns what cells tell into nbformat's outputs: neighbouring text of one stream is one output, an update changes
/// the outputs shown before it under the same id, also those of earlier cells, and a flood is cut with a notice.
/// </summary>
/// <param name="limits">How much is kept of a cell; null for the usual.</param>
public sealed class OutputCollector(OutputLimits? limits = null)
{
    private readonly OutputLimits limits = limits ?? new OutputLimits();
    private readonly Dictionary<string, List<JsonObject>> shown = new(StringComparer.Ordinal);
    private CellOutputs cell = new(limits ?? new OutputLimits());
    private int executionCount;

    /// <summary>Begins the next cell.</summary>
    /// <param name="count">Its place in the order of execution, from 1.</param>
    public void StartCell(int count)
    {
        cell = new CellOutputs(limits);
        executionCount = count;
    }

    /// <summary>Takes in what the running cell tells.</summary>
    /// <param name="happened">The event.</param>
    public void Hear(CellEvent happened)
    {
        switch (happened)
        {
            case StreamWritten written:
                cell.Write(written.Stream, written.Text);
                break;
            case ValueDisplayed displayed:
                Show(DisplayData(displayed.Bundle), displayed.DisplayId);
                break;
            case DisplayUpdated updated:
                Update(updated);
                break;
            case ValueReturned returned:
                var result = DisplayData(returned.Bundle);
                result["output_type"] = "execute_result";
                result["execution_count"] = executionCount;
                Show(result, null);
                break;
            case OutputCleared cleared:
                cell.Clear(cleared.Wait);
                break;
            case CellFailed failed:
                cell.AddError(Error(failed.Error));
                break;
        }
    }

    /// <summary>
    /// The outputs of the running cell so far, in nbformat's form. Later cells may still update them in place.
    /// </summary>
    public IReadOnlyList<JsonObject> Outputs => cell.Finish();

    private void Show(JsonObject output, string? displayId)
    {
        if (!cell.Add(output) || displayId is null) return;
        if (!shown.TryGetValue(displayId, out var places)) shown[displayId] = places = [];
        places.Add(output);
    }

    private void Update(DisplayUpdated updated)
    {
        if (!shown.TryGetValue(updated.DisplayId, out var places)) return;
        foreach (var output in places)
        {
            output["data"] = Data(updated.Bundle);
            output["metadata"] = updated.Bundle.Metadata.DeepClone();
        }
    }

    private static JsonObject DisplayData(MimeBundle bundle) => new()
    {
        ["data"] = Data(bundle),
        ["metadata"] = bundle.Metadata.DeepClone(),
        ["output_type"] = "display_data",
    };

    private static JsonObject Data(MimeBundle bundle)
    {
        var data = new JsonObject();
        foreach (var (mimeType, content) in bundle.Data)
        {
            data[mimeType] = IsLines(mimeType) && MultilineText.Join(content) is { } text
                ? MultilineText.Lines(text)
                : content?.DeepClone();
        }

        return data;
    }

    // nbformat splits text, and two that are text in all but name.
    private static bool IsLines(string mimeType) =>
        mimeType.StartsWith("text/", StringComparison.Ordinal)
        || mimeType is "application/javascript" or "image/svg+xml";

    private static JsonObject Error(CellError error) => new()
    {
        ["ename"] = error.Name,
        ["evalue"] = error.Message,
        ["output_type"] = "error",
        ["traceback"] = new JsonArray([.. error.Traceback.Select(line => (JsonNode)JsonValue.Create(line))]),
    };
}
