using System.Text.Json.Nodes;

namespace Engram.Notebooks;

/// <summary>Parts of a cell that are shown as they stand.</summary>
internal static class Content
{
    /// <summary>The kind of content that a directive starts.</summary>
    /// <param name="name">The directive's name, without its sign.</param>
    /// <returns>The kind, or null where the directive starts none.</returns>
    public static string? KindOf(string name) => name.ToLowerInvariant() switch
    {
        "html" => "html",
        "javascript" or "js" => "javascript",
        "markdown" or "md" => "markdown",
        "mermaid" => "mermaid",
        _ => null,
    };

    /// <summary>What a frontend shows.</summary>
    /// <param name="kind">The kind of content.</param>
    /// <param name="text">The content.</param>
    public static MimeBundle Bundle(string kind, string text) => kind switch
    {
        "html" => new MimeBundle(new JsonObject { ["text/html"] = text }),
        "javascript" => new MimeBundle(new JsonObject { ["text/html"] = Script(text) }),
        "mermaid" => new MimeBundle(new JsonObject { ["text/vnd.mermaid"] = text, ["text/plain"] = text }),
        _ => new MimeBundle(new JsonObject { ["text/markdown"] = text, ["text/plain"] = text }),
    };

    /// <summary>An element that runs a script in the page.</summary>
    /// <param name="script">The script.</param>
    public static string Script(string script) => $"<script type=\"text/javascript\">{script}</script>";
}
