using System.Text.Json.Nodes;

namespace Engram.Notebooks;

/// <summary>A notebook, whatever file it came from.</summary>
/// <param name="Cells">Its cells, in order.</param>
/// <param name="Metadata">The document's metadata as the file holds it; empty for a .dib without any.</param>
/// <param name="DefaultLanguage">The language of code cells that name none, such as <c>csharp</c>.</param>
public sealed record NotebookDocument(
    IReadOnlyList<NotebookCell> Cells, JsonObject Metadata, string DefaultLanguage);

/// <summary>One cell of a notebook.</summary>
/// <param name="Id">Its id, kept from the file; made where the file has none.</param>
/// <param name="Kind">Whether it runs.</param>
/// <param name="Language">The language of a code cell; <c>markdown</c> for prose.</param>
/// <param name="Source">Its text, with <c>\n</c> as line end.</param>
/// <param name="Metadata">Its metadata as the file holds it.</param>
public sealed record NotebookCell(
    string Id, CellKind Kind, string Language, string Source, JsonObject Metadata)
{
    /// <summary>Its outputs in nbformat's own form; empty before it ran.</summary>
    public IReadOnlyList<JsonObject> Outputs { get; init; } = [];

    /// <summary>Its place in the order of execution, from 1; null before it ran.</summary>
    public int? ExecutionCount { get; init; }

    /// <summary>The files that a cell of prose carries, as nbformat holds them; null where there are none.</summary>
    public JsonObject? Attachments { get; init; }

    /// <summary>The tags in its metadata, such as <c>parameters</c>.</summary>
    public IEnumerable<string> Tags =>
        (Metadata["tags"] as JsonArray)?.OfType<JsonValue>().Select(tag => tag.ToString()) ?? [];
}

/// <summary>The kinds of cell that nbformat knows.</summary>
public enum CellKind
{
    /// <summary>Runs.</summary>
    Code,

    /// <summary>Prose.</summary>
    Markdown,

    /// <summary>Neither runs nor is it prose.</summary>
    Raw,
}
