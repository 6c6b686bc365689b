using System.Text.Json.Nodes;
using Engram.Notebooks;

namespace Engram.Cli.Kernel;

/// <summary>
/// Tells clients what one cell does. Text is gathered for a moment before it leaves, and past a limit it is cut.
/// </summary>
internal sealed class CellPublisher : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Action<string, JsonObject> _publish;
    private readonly int _executionCount;
    private readonly StreamGate _streams;
    private bool _disposed;

    /// <summary>Listens to one cell.</summary>
    /// <param name="publish">Sends a message of a type on IOPub.</param>
    /// <param name="executionCount">The number of the cell.</param>
    public CellPublisher(Action<string, JsonObject> publish, int executionCount)
    {
        (_publish, _executionCount) = (publish, executionCount);
        _streams = new(PublishText);
    }

    /// <summary>The result as plain text; null while there is none.</summary>
    public string? ResultText { get; private set; }

    /// <summary>Hears one event.</summary>
    public void Hear(CellEvent heard) => Locked(() =>
    {
        if (heard is StreamWritten text) Gather(text);
        else Publish(heard);
    });

    /// <summary>Sends what is still gathered. What is heard later leaves at once.</summary>
    public void Dispose() => Locked(() =>
    {
        _disposed = true;
        _streams.Close();
    });

    private void Gather(StreamWritten text)
    {
        var first = _streams.Write(text.Stream, text.Text);
        if (_disposed) _streams.Flush();
        else if (first) Moment.Later(() => Locked(_streams.Flush));
    }

    private void Publish(CellEvent heard)
    {
        _streams.Flush();
        switch (heard)
        {
            case ValueDisplayed value:
                _publish("display_data", Display(value.Bundle, value.DisplayId));
                break;
            case DisplayUpdated value:
                _publish("update_display_data", Display(value.Bundle, value.DisplayId));
                break;
            case ValueReturned value:
                ResultText = value.Bundle.Text("text/plain");
                var result = Display(value.Bundle, null);
                result["execution_count"] = _executionCount;
                _publish("execute_result", result);
                break;
            case OutputCleared cleared:
                _publish("clear_output", new() { ["wait"] = cleared.Wait });
                break;
            case CellFailed failed:
                _streams.Close();
                _publish("error", ErrorContent(failed.Error));
                break;
        }
    }

    /// <summary>Jupyter's three members of an error.</summary>
    public static JsonObject ErrorContent(CellError error) => new()
    {
        ["ename"] = error.Name,
        ["evalue"] = error.Message,
        ["traceback"] = new JsonArray([.. error.Traceback.Select(line => (JsonNode)line)]),
    };

    private static JsonObject Display(MimeBundle bundle, string? displayId) => new()
    {
        ["data"] = bundle.Data.DeepClone(),
        ["metadata"] = bundle.Metadata.DeepClone(),
        ["transient"] = displayId is null ? [] : new JsonObject { ["display_id"] = displayId },
    };

    private void PublishText(StandardStream stream, string text) => _publish("stream", new()
    {
        ["name"] = stream == StandardStream.Out ? "stdout" : "stderr",
        ["text"] = text,
    });

    private void Locked(Action action)
    {
        lock (_gate) action();
    }
}
