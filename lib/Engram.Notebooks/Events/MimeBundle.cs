using System.Text.Json.Nodes;

namespace Engram.Notebooks;

/// <summary>One value in several representations, by mime type.</summary>
/// <param name="Data">
/// The representations. Text types hold a JSON string; JSON types (those ending in <c>json</c>) hold the JSON itself.
/// </param>
/// <param name="Metadata">Jupyter's metadata, by mime type; empty where there is none.</param>
public sealed record MimeBundle(JsonObject Data, JsonObject Metadata)
{
    /// <summary>A bundle without metadata.</summary>
    /// <param name="data">The representations, by mime type.</param>
    public MimeBundle(JsonObject data) : this(data, [])
    {
    }

    /// <summary>A bundle of plain text only.</summary>
    /// <param name="text">The text.</param>
    public static MimeBundle Plain(string text) => new(new JsonObject { ["text/plain"] = text });

    /// <summary>The representation of a text type, or null where the bundle has none.</summary>
    /// <param name="mimeType">Such as <c>text/html</c>.</param>
    public string? Text(string mimeType) => Data[mimeType]?.GetValue<string>();
}
