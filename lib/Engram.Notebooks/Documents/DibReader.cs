using System.Text.Json;
using System.Text.Json.Nodes;

namespace Engram.Notebooks;

/// <summary>Reads one .dib.</summary>
/// <param name="path">The file's name, for messages.</param>
internal sealed class DibReader(string path)
{
    private readonly List<(string? Language, string Text)> blocks = [];
    private readonly CellIds ids = new();
    private int read;
    private DibMarkers markers = new(null, DocumentLanguages.Default);

    public NotebookDocument Read(string text)
    {
        var lines = text.Replace("\r\n", "\n").TrimStart('\uFEFF').Split('\n');
        var start = 0;
        var meta = Meta(lines, ref start);
        var kernels = meta["kernelInfo"];
        var (metadata, beside) = DibMetadata.FromFile(meta);
        var language = DocumentLanguages.OfDocument(metadata);
        markers = new DibMarkers(kernels, language);
        ReadBlocks(lines[start..]);
        var cells = blocks.Select(block => (Language: block.Language ?? language, block.Text)).ToList();
        return new NotebookDocument(
            [.. cells.Zip(DibMetadata.Match(beside, cells), (cell, kept) => Cell(cell.Language, cell.Text, kept, language))],
            metadata, language);
    }

    private JsonObject Meta(string[] lines, ref int start)
    {
        var at = Array.FindIndex(lines, line => line.Length > 0 && !string.IsNullOrWhiteSpace(line));
        if (at < 0 || lines[at].TrimEnd() != "#!meta") return [];
        // No line of JSON begins so, and what starts a cell is known behind it only.
        var end = Array.FindIndex(lines, at + 1, line => line.StartsWith("#!", StringComparison.Ordinal));
        start = end < 0 ? lines.Length : end;
        try
        {
            var json = string.Join('\n', lines[(at + 1)..start]);
            return string.IsNullOrWhiteSpace(json) ? []
                : JsonNode.Parse(json, documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject
                ?? throw new DocumentException(path, $"line {at + 2}", "behind #!meta a JSON object is wanted");
        }
        catch (JsonException e)
        {
            throw new DocumentException(
                path, $"line {at + 2 + (e.LineNumber ?? 0)}",
                $"behind #!meta a JSON object is wanted. {e.Message.Split(" LineNumber:")[0]}");
        }
    }

    private void ReadBlocks(string[] lines)
    {
        string? language = null;
        var marked = false;
        var body = new List<string>();
        foreach (var line in lines)
        {
            if (markers.Of(line) is not { } next)
            {
                body.Add(line);
                continue;
            }

            AddBlock(language, body, marked);
            (language, marked) = (next, true);
            body.Clear();
        }

        AddBlock(language, body, marked);
    }

    // One blank line belongs to the marker before and one to the marker behind.
    private void AddBlock(string? language, List<string> body, bool marked)
    {
        if (!marked && body.TrueForAll(string.IsNullOrWhiteSpace)) return;
        var first = body.Count > 0 && body[0].Length == 0 ? 1 : 0;
        var last = body.Count > first && body[^1].Length == 0 ? body.Count - 1 : body.Count;
        blocks.Add((language, string.Join('\n', body[first..last])));
    }

    private NotebookCell Cell(string language, string text, JsonObject kept, string documentLanguage)
    {
        var id = ids.Take(MultilineText.Join(kept["id"]), read++, text);
        var kind = language switch
        {
            "markdown" => CellKind.Markdown,
            "raw" => CellKind.Raw,
            _ => CellKind.Code,
        };
        var metadata = kind == CellKind.Code ? DibCells.LanguageMetadata(language, documentLanguage) : [];
        foreach (var (name, value) in kept["metadata"] as JsonObject ?? [])
            metadata[name] = value?.DeepClone();
        var source = kind != CellKind.Code ? new DibCells(markers).Unescape(text)
            : language != documentLanguage ? $"#!{language}\n{text}"
            : text;
        return new NotebookCell(id, kind, language, source, metadata)
        {
            Attachments = kind == CellKind.Code ? null : kept["attachments"]?.DeepClone() as JsonObject,
        };
    }
}
