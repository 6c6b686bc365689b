using System.Text.Json;
using System.Text.Json.Nodes;

namespace Engram.Notebooks;

/// <summary>Reads one notebook of nbformat 4 and says where it is not one.</summary>
/// <param name="path">The file's name, for messages.</param>
internal sealed class IpynbReader(string path)
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512, AllowDuplicateProperties = false };
    private readonly CellIds ids = new();

    public NotebookDocument Read(string text)
    {
        var root = Root(text);
        CheckFormat(root);
        var metadata = Optional(root, "metadata", "metadata") ?? [];
        var language = DocumentLanguages.OfDocument(metadata);
        var cells = root["cells"] as JsonArray ?? throw Wrong("cells", "a list of cells is wanted");
        return new NotebookDocument(
            [.. cells.Select((node, index) => Cell(node, $"cells[{index}]", index, language))],
            Detach(metadata), language);
    }

    private JsonObject Root(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Options) as JsonObject
                ?? throw new DocumentException(path, "line 1", "a JSON object is wanted");
        }
        catch (JsonException e)
        {
            var reason = e.Message.Split(" LineNumber:")[0];
            var position = e.LineNumber is { } line ? $"line {line + 1}, column {e.BytePositionInLine + 1}" : null;
            throw new DocumentException(path, position, $"this is not JSON. {reason}");
        }
    }

    private void CheckFormat(JsonObject root)
    {
        if (Number(root["nbformat"]) is not { } major)
            throw Wrong("nbformat", "a number is wanted; this is no notebook of Jupyter's");
        if (major != 4)
            throw Wrong("nbformat", $"version {major} is not known; open it in Jupyter and save it as version 4");
    }

    private NotebookCell Cell(JsonNode? node, string where, int index, string documentLanguage)
    {
        if (node is not JsonObject cell) throw Wrong(where, "an object is wanted");
        var kind = Kind(cell, where);
        var metadata = Detach(Optional(cell, "metadata", $"{where}.metadata") ?? []);
        var source = MultilineText.Join(cell["source"])
            ?? throw Wrong($"{where}.source", "a string or a list of strings is wanted");
        return new NotebookCell(
            ids.Take(MultilineText.Join(cell["id"]), index, source), kind,
            kind switch
            {
                CellKind.Code => DocumentLanguages.OfCell(metadata) ?? documentLanguage,
                CellKind.Markdown => "markdown",
                _ => "raw",
            },
            source.Replace("\r\n", "\n"), metadata)
        {
            Attachments = Optional(cell, "attachments", $"{where}.attachments") is { } files ? Detach(files) : null,
            ExecutionCount = Number(cell["execution_count"]),
            Outputs = kind == CellKind.Code ? Outputs(cell["outputs"], $"{where}.outputs") : [],
        };
    }

    private CellKind Kind(JsonObject cell, string where) => MultilineText.Join(cell["cell_type"]) switch
    {
        "code" => CellKind.Code,
        "markdown" => CellKind.Markdown,
        "raw" => CellKind.Raw,
        _ => throw Wrong($"{where}.cell_type", "\"code\", \"markdown\" or \"raw\" is wanted"),
    };

    private JsonObject[] Outputs(JsonNode? node, string where) => node switch
    {
        null => [],
        JsonArray outputs => [.. outputs.Select((output, index) =>
            Detach(output as JsonObject ?? throw Wrong($"{where}[{index}]", "an object is wanted")))],
        _ => throw Wrong(where, "a list is wanted"),
    };

    private JsonObject? Optional(JsonObject node, string name, string where) => node[name] switch
    {
        null => null,
        JsonObject found => found,
        _ => throw Wrong(where, "an object is wanted"),
    };

    private static int? Number(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out int number) ? number : null;

    private static JsonObject Detach(JsonObject node) => (JsonObject)node.DeepClone();

    private DocumentException Wrong(string where, string reason) => new(path, where, reason);
}
