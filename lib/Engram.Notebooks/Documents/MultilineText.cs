using System.Text.Json;
using System.Text.Json.Nodes;

namespace Engram.Notebooks;

/// <summary>nbformat's multi-line strings: a list of lines with their ends, or one string.</summary>
internal static class MultilineText
{
    /// <summary>The list of lines; empty for an empty text.</summary>
    public static JsonArray Lines(string text)
    {
        var lines = new JsonArray();
        for (var start = 0; start < text.Length;)
        {
            var end = EndOfLine(text, start);
            lines.Add(JsonValue.Create(text[start..end]));
            start = end;
        }

        return lines;
    }

    /// <summary>The text of a list of lines or of a string; null where the node is neither.</summary>
    public static string? Join(JsonNode? node) => node switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonArray lines when lines.All(IsString) => string.Concat(lines.Select(line => line!.GetValue<string>())),
        _ => null,
    };

    private static bool IsString(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    // Where Python's str.splitlines ends a line, since that is what nbformat splits with.
    private static int EndOfLine(string text, int start)
    {
        for (var at = start; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\r' when at + 1 < text.Length && text[at + 1] == '\n':
                    return at + 2;
                case '\n' or '\r' or '\v' or '\f' or '\x1c' or '\x1d' or '\x1e' or '\x85' or '\u2028' or '\u2029':
                    return at + 1;
            }
        }

        return text.Length;
    }
}
