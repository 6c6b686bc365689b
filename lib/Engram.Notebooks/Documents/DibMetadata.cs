using System.Text.Json.Nodes;

namespace Engram.Notebooks;

/// <summary>The JSON of a .dib's <c>#!meta</c>, against the metadata of a .ipynb.</summary>
internal static class DibMetadata
{
    private const string CellsKey = "cells";

    /// <summary>What goes into the file; null where nothing needs to.</summary>
    public static JsonObject? ToFile(JsonObject metadata, IReadOnlyList<DibCell> cells)
    {
        var meta = (JsonObject)metadata.DeepClone();
        if (meta["polyglot_notebook"] is JsonObject polyglot && polyglot.Remove("kernelInfo", out var kernels))
        {
            if (polyglot.Count == 0) meta.Remove("polyglot_notebook");
            meta.Insert(0, "kernelInfo", kernels);
        }

        if (Beside(cells) is { } beside) meta[CellsKey] = beside;
        return meta.Count == 0 ? null : meta;
    }

    /// <summary>A .ipynb's metadata of the file's, and what the cells hold beside their text, in their order.</summary>
    public static (JsonObject Metadata, JsonArray? Cells) FromFile(JsonObject meta)
    {
        meta.Remove(CellsKey, out var cells);
        if (meta.Remove("kernelInfo", out var kernels))
        {
            if (meta["polyglot_notebook"] is not JsonObject) meta["polyglot_notebook"] = new JsonObject();
            meta["polyglot_notebook"]!["kernelInfo"] = kernels;
        }

        return (meta, cells as JsonArray);
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
                RemoveLanguage(metadata, "polyglot_notebook", "kernelName");
                if (metadata.Count > 0) entry["metadata"] = metadata;
                if (cell.Attachments is { } attachments) entry["attachments"] = attachments.DeepClone();
            }

            needed |= entry.Count > 0;
            all.Add((JsonNode)entry);
        }

        return needed ? all : null;
    }

    private static void RemoveLanguage(JsonObject metadata, string owner, string key)
    {
        if (metadata[owner] is JsonObject { Count: 1 } only && only.ContainsKey(key)) metadata.Remove(owner);
    }
}
