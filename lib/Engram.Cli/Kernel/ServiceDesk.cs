using System.Text.Json.Nodes;
using Engram.Notebooks;

namespace Engram.Cli.Kernel;

/// <summary>Answers what an editor asks, on a thread of its own: a running cell keeps nobody waiting.</summary>
internal sealed class ServiceDesk(ILanguageServices services, KernelContext context)
{
    private readonly WorkQueue<JupyterMessage> _queue = new();

    /// <summary>Whether it is this desk that answers a type of message.</summary>
    public static bool Answers(string type) => type is "complete_request" or "inspect_request" or "is_complete_request"
        or "history_request" or "comm_info_request" or "comm_open" or "comm_msg" or "comm_close";

    /// <summary>Takes a request.</summary>
    public void Enqueue(JupyterMessage request) => _queue.Add(request);

    /// <summary>Answers until the kernel ends.</summary>
    public void Run()
    {
        foreach (var request in _queue.TakeAll()) context.Status.Around(request, () => Answer(request));
    }

    private void Answer(JupyterMessage request)
    {
        var reply = request.Type.Replace("_request", "_reply", StringComparison.Ordinal);
        try
        {
            if (Content(request) is { } content) context.Reply(request, reply, content);
        }
        catch (Exception error)
        {
            context.Log.Warn($"a {request.Type} failed", error.ToString());
            if (reply != request.Type) context.Reply(request, reply, Failure(error));
        }
    }

    private JsonObject? Content(JupyterMessage request) => request.Type switch
    {
        "complete_request" => Complete(request.Content),
        "inspect_request" => Inspect(request.Content),
        "is_complete_request" => Check(request.Content),
        "history_request" => context.History.Answer(request.Content),
        "comm_info_request" => new() { ["status"] = "ok", ["comms"] = new JsonObject() },
        "comm_open" => Decline(request),
        _ => null,
    };

    private JsonObject Complete(JsonObject content)
    {
        var (code, position) = Place(content);
        var found = services.Complete(code, position, CancellationToken.None);
        var (start, end) = (CodePoints.FromIndex(code, found.Start), CodePoints.FromIndex(code, found.End));
        var typed = found.Items.Select(item => (JsonNode)new JsonObject
        {
            ["start"] = start,
            ["end"] = end,
            ["text"] = item.Text,
            ["type"] = item.Kind,
        });
        return new()
        {
            ["status"] = "ok",
            ["matches"] = new JsonArray([.. found.Items.Select(item => (JsonNode)item.Text)]),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject { ["_jupyter_types_experimental"] = new JsonArray([.. typed]) },
        };
    }

    private JsonObject Inspect(JsonObject content)
    {
        var (code, position) = Place(content);
        var found = services.Inspect(code, position, CancellationToken.None);
        return new()
        {
            ["status"] = "ok",
            ["found"] = found is not null,
            ["data"] = found is null ? [] : new JsonObject { ["text/plain"] = found.Text },
            ["metadata"] = new JsonObject(),
        };
    }

    private JsonObject Check(JsonObject content)
    {
        var status = services.Check(content.RequiredText("code"));
        var reply = new JsonObject { ["status"] = status.Completeness.ToString().ToLowerInvariant() };
        if (status.Completeness == Completeness.Incomplete) reply["indent"] = status.Indent;
        return reply;
    }

    private static (string Code, int Position) Place(JsonObject content)
    {
        var code = content.RequiredText("code");
        var position = content.Number("cursor_pos");
        return (code, position is null ? code.Length : CodePoints.ToIndex(code, position.Value));
    }

    /// <summary>No part of the kernel speaks over comms, so whoever opens one is told that it is closed.</summary>
    private JsonObject? Decline(JupyterMessage request)
    {
        context.Publish(request, "comm_close", new()
        {
            ["comm_id"] = request.Content.RequiredText("comm_id"),
            ["data"] = new JsonObject(),
        });
        return null;
    }

    private static JsonObject Failure(Exception error) => new()
    {
        ["status"] = "error",
        ["ename"] = error.GetType().Name,
        ["evalue"] = error.Message,
        ["traceback"] = new JsonArray(),
    };
}
