using System.Text.Json.Nodes;

namespace Engram.Notebooks;

/// <summary>The JSON of a .dib's <c>#!meta</c>, against the metadata of a .ipynb.</summary>
internal static class DibMetadata
{
    private const string CellsKey = "cells";
    private const string HashKey = "hash";

    private const string KernelsKey = "kernelInfo";
    private const string PolyglotKey = "polyglot_notebook";

    /// <summary>What goes into the file but for its cells, and the lines that start a cell there.</summary>
    public static (JsonObject Meta, DibMarkers Markers) ToFile(NotebookDocument document)
    {
        var meta = (JsonObject)document.Metadata.DeepClone();
        if (!meta.ContainsKey(KernelsKey) && meta[PolyglotKey] is JsonObject polyglot
            && polyglot.Remove(KernelsKey, out var kernels))
        {
            if (polyglot.Count == 0) meta.Remove(PolyglotKey);
            meta.Insert(0, KernelsKey, kernels);
        }

        Declare(meta, document);
        return (meta, Markers(meta, document.Metadata));
    }

    /// <summary>Adds what the cells hold beside their text, where there is any.</summary>
    public static void AddCells(JsonObject meta, IReadOnlyList<DibCell> cells)
    {
        if (Beside(cells) is { } beside) meta[CellsKey] = beside;
    }

    /// <summary>The lines that start a cell of a file.</summary>
    /// <param name="meta">The file's own.</param>
    /// <param name="metadata">A .ipynb's of it.</param>
    public static DibMarkers Markers(JsonObject meta, JsonObject metadata) =>
        new(meta[KernelsKey], DocumentLanguages.OfDocument(metadata));

    /// <summary>What is kept for each of the cells that a file holds.</summary>
    /// <param name="beside">What the cells held that were written.</param>
    /// <param name="cells">The languages and texts of those that are there.</param>
    public static IEnumerable<JsonObject> Match(JsonArray? beside, IEnumerable<(string Language, string Text)> cells)
    {
        var kept = (beside ?? []).Select(entry => entry as JsonObject ?? []).ToList();
        var found = DibMatches.Find(
            [.. kept.Select(entry => MultilineText.Join(entry[HashKey]))],
            [.. cells.Select(cell => DibMatches.Hash(cell.Language, cell.Text))]);
        return found.Select(place => place is { } at ? kept[at] : []);
    }

    /// <summary>A .ipynb's metadata of the file's, and what the cells hold beside their text, in their order.</summary>
    public static (JsonObject Metadata, JsonArray? Cells) FromFile(JsonObject meta)
    {
        meta.Remove(CellsKey, out var cells);
        if (meta.Remove(KernelsKey, out var kernels))
        {
            if (meta[PolyglotKey] is not JsonObject) meta[PolyglotKey] = new JsonObject();
            meta[PolyglotKey]![KernelsKey] = kernels;
        }

        return (meta, cells as JsonArray);
    }

    // A reader takes "#!name" for the start of a cell only where it knows the name.
    private static void Declare(JsonObject meta, NotebookDocument document)
    {
        var markers = Markers(meta, document.Metadata);
        var unknown = document.Cells.Select(cell => cell.Language).Distinct().Where(name => markers.Find(name) is null).ToList();
        if (unknown.Count == 0) return;
        if (meta[KernelsKey] is not JsonObject kernels)
        {
            meta.Remove(KernelsKey);
            meta.Insert(0, KernelsKey, kernels = new JsonObject { ["defaultKernelName"] = document.DefaultLanguage });
        }

        if (kernels["items"] is not JsonArray items) kernels["items"] = items = [];
        foreach (var name in unknown)
            items.Add((JsonNode)new JsonObject { ["aliases"] = new JsonArray(), ["name"] = name });
    }

    // Ids that the reader would make again and metadata that the language says need no place.
    private static JsonArray? Beside(IReadOnlyList<DibCell> cells)
    {
        var ids = new CellIds();
        var needed = false;
        var all = new JsonArray();
        for (var i = 0; i < cells.Count; i++)
        {
            var made = ids.Take(null, i, cells[i].Text);
            var entry = new JsonObject();
            if (cells[i].Cell is { } cell)
            {
                if (cell.Id != made) entry["id"] = cell.Id;
                var metadata = (JsonObject)cell.Metadata.DeepClone();
                RemoveLanguage(metadata, "dotnet_interactive", "language");
                RemoveLanguage(metadata, PolyglotKey, "kernelName");
                if (metadata.Count > 0) entry["metadata"] = metadata;
                if (cell.Attachments is { } attachments) entry["attachments"] = attachments.DeepClone();
            }

            needed |= entry.Count > 0;
            entry[HashKey] = DibMatches.Hash(cells[i].Language, cells[i].Text);
            all.Add((JsonNode)entry);
        }

        return needed ? all : null;
    }

    private static void RemoveLanguage(JsonObject metadata, string owner, string key)
    {
        if (metadata[owner] is JsonObject { Count: 1 } only && only.ContainsKey(key)) metadata.Remove(owner);
    }
}
