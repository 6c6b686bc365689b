using System.Text.Json.Nodes;

namespace Engram.Notebooks;

/// <summary>How documents say in what language a cell is written.</summary>
internal static class DocumentLanguages
{
    /// <summary>The language of a document that names none.</summary>
    public const string Default = "csharp";

    /// <summary>The languages by which .NET Interactive's documents mark cells.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["csharp"] = "csharp",
        ["c#"] = "csharp",
        ["cs"] = "csharp",
        ["fsharp"] = "fsharp",
        ["f#"] = "fsharp",
        ["fs"] = "fsharp",
        ["markdown"] = "markdown",
        ["md"] = "markdown",
        ["html"] = "html",
        ["javascript"] = "javascript",
        ["js"] = "javascript",
        ["mermaid"] = "mermaid",
        ["value"] = "value",
        ["http"] = "http",
        ["httpRequest"] = "http",
        ["pwsh"] = "pwsh",
        ["powershell"] = "pwsh",
        ["sql"] = "sql",
        ["kql"] = "kql",
        ["python"] = "python",
        ["r"] = "r",
        ["raw"] = "raw",
    };

    /// <summary>The name of a language under which cells go, for its name or an alias; null where it is unknown.</summary>
    public static string? Find(string? name) => name is null ? null : Known.GetValueOrDefault(name);

    /// <summary>The default language, by the document's metadata.</summary>
    public static string OfDocument(JsonObject metadata)
    {
        var named = Text(metadata["polyglot_notebook"], "kernelInfo", "defaultKernelName")
            ?? Text(metadata["kernelInfo"], "defaultKernelName")
            ?? KernelName(Text(metadata["kernelspec"], "name"))
            ?? Text(metadata["kernelspec"], "language")
            ?? Text(metadata["language_info"], "name");
        return named is null or "polyglot-notebook" ? Default : Find(named) ?? named.ToLowerInvariant();
    }

    /// <summary>The language of a cell, by its metadata; null where it says none.</summary>
    public static string? OfCell(JsonObject metadata)
    {
        var named = Text(metadata["polyglot_notebook"], "kernelName")
            ?? Text(metadata["dotnet_interactive"], "language")
            ?? Find(Text(metadata["vscode"], "languageId"));
        return named is null ? null : Find(named) ?? named;
    }

    private static string? KernelName(string? kernel) =>
        kernel is not null && kernel.StartsWith(".net-", StringComparison.OrdinalIgnoreCase) ? kernel[5..] : null;

    private static string? Text(JsonNode? node, params string[] names)
    {
        foreach (var name in names) node = (node as JsonObject)?[name];
        return node is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;
    }
}
