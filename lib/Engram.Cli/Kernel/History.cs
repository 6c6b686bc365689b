using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Engram.Cli.Kernel;

/// <summary>What was run in this session, as <c>history_request</c> asks for it. The oldest entries go first.</summary>
internal sealed class History
{
    private const int SessionNumber = 1;
    private const int Kept = 10_000;

    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];

    /// <summary>Remembers a cell.</summary>
    public void Add(int line, string input, string? output)
    {
        lock (_gate)
        {
            _entries.Add(new(line, input, output));
            if (_entries.Count > Kept) _entries.RemoveAt(0);
        }
    }

    /// <summary>The content of the reply to a request.</summary>
    public JsonObject Answer(JsonObject request)
    {
        var withOutput = request.Flag("output", false);
        lock (_gate)
        {
            var found = Select(request).Select(entry => (JsonNode)Row(entry, withOutput));
            return new() { ["status"] = "ok", ["history"] = new JsonArray([.. found]) };
        }
    }

    private IEnumerable<Entry> Select(JsonObject request) => request.Text("hist_access_type") switch
    {
        "range" => Range(request.Number("session") ?? 0, request.Number("start") ?? 0, request.Number("stop")),
        "search" => Search(request.Text("pattern") ?? "*", request.Number("n"), request.Flag("unique", false)),
        _ => _entries.TakeLast(Math.Max(0, request.Number("n") ?? 10)),
    };

    /// <summary>Session 0 is this one, and so is its own number; there are no others.</summary>
    private IEnumerable<Entry> Range(int session, int start, int? stop) =>
        session is 0 or SessionNumber
            ? _entries.Where(entry => entry.Line >= start && entry.Line < (stop ?? int.MaxValue))
            : [];

    private IEnumerable<Entry> Search(string glob, int? count, bool unique)
    {
        var pattern = new Regex(
            "^" + Regex.Escape(glob).Replace("\\*", ".*").Replace("\\?", ".") + "$",
            RegexOptions.Singleline | RegexOptions.NonBacktracking);
        var found = _entries.Where(entry => pattern.IsMatch(entry.Input));
        if (unique) found = found.Reverse().DistinctBy(entry => entry.Input).Reverse();
        return count is { } most ? found.TakeLast(Math.Max(0, most)) : found;
    }

    private static JsonArray Row(Entry entry, bool withOutput) =>
        [SessionNumber, entry.Line, withOutput ? new JsonArray(entry.Input, entry.Output) : entry.Input];

    private sealed record Entry(int Line, string Input, string? Output);
}
