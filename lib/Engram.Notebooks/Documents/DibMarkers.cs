using System.Text.Json.Nodes;

namespace Engram.Notebooks;

/// <summary>
/// The lines that start a cell of a .dib: <c>#!</c> with a language that all documents know, with the document's own,
/// or with a kernel that its <c>#!meta</c> declares, by name or alias.
/// </summary>
internal sealed class DibMarkers
{
    private readonly Dictionary<string, string> declared = new(StringComparer.Ordinal);

    /// <summary>The markers of one document.</summary>
    /// <param name="kernelInfo">What it declares; null for nothing.</param>
    /// <param name="documentLanguage">Its own language.</param>
    public DibMarkers(JsonNode? kernelInfo, string documentLanguage)
    {
        Add(documentLanguage, documentLanguage);
        var items = ((kernelInfo as JsonObject)?["items"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        foreach (var item in items)
            if (MultilineText.Join(item["name"]) is { } name) Add(name, name);
        foreach (var item in items)
            if (MultilineText.Join(item["name"]) is { } name)
                foreach (var alias in item["aliases"] as JsonArray ?? [])
                    if (MultilineText.Join(alias) is { } other) Add(other, name);
    }

    /// <summary>The name of a language under which cells go, for its name or an alias; null where there is none such.</summary>
    public string? Find(string name) => DocumentLanguages.Find(name) ?? declared.GetValueOrDefault(name);

    /// <summary>The language that a line starts a cell of; null for any other line.</summary>
    public string? Of(string line) =>
        line.StartsWith("#!", StringComparison.Ordinal) ? Find(line[2..].TrimEnd()) : null;

    // What no line can hold, or stands for #!meta itself, starts no cell.
    private void Add(string name, string kernel)
    {
        if (name.Length > 0 && name == name.Trim() && name != "meta" && name.IndexOfAny(['\r', '\n']) < 0)
            declared.TryAdd(name, DocumentLanguages.Find(kernel) ?? kernel);
    }
}
