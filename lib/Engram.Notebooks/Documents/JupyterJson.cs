using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Engram.Notebooks;

/// <summary>
/// JSON as Jupyter writes it: keys sorted, one space of indent, only what must be escaped is escaped. A file that
/// Jupyter wrote comes back byte for byte.
/// </summary>
internal static class JupyterJson
{
    private static readonly string[] Controls =
        [.. Enumerable.Range(0, 32).Select(code => code switch
        {
            '\b' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\f' => "\\f",
            '\r' => "\\r",
            _ => $"\\u{code:x4}",
        })];

    /// <summary>The text of a document, with a line end behind it.</summary>
    public static string Write(JsonNode node)
    {
        var text = new StringBuilder();
        Write(text, node, 0);
        return text.Append('\n').ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node, int depth)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject fields:
                var sorted = fields.OrderBy(field => field.Key, StringComparer.Ordinal);
                WriteItems(text, sorted, fields.Count, depth, '{', '}', field =>
                {
                    WriteString(text, field.Key);
                    text.Append(": ");
                    Write(text, field.Value, depth + 1);
                });
                break;
            case JsonArray items:
                WriteItems(text, items, items.Count, depth, '[', ']', item => Write(text, item, depth + 1));
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                WriteString(text, value.GetValue<string>());
                break;
            default:
                text.Append(node.ToJsonString());
                break;
        }
    }

    private static void WriteItems<T>(
        StringBuilder text, IEnumerable<T> items, int count, int depth, char open, char close, Action<T> write)
    {
        text.Append(open);
        var first = true;
        foreach (var item in items)
        {
            text.Append(first ? "\n" : ",\n").Append(' ', depth + 1);
            write(item);
            first = false;
        }

        if (count > 0) text.Append('\n').Append(' ', depth);
        text.Append(close);
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var character in value)
        {
            if (character < ' ') text.Append(Controls[character]);
            else if (character is '"' or '\\') text.Append('\\').Append(character);
            else text.Append(character);
        }

        text.Append('"');
    }
}
