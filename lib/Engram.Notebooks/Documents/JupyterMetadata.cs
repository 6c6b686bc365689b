using System.Text.Json.Nodes;

namespace Engram.Notebooks;

/// <summary>What Jupyter wants to know of a document.</summary>
public static class JupyterMetadata
{
    /// <summary>
    /// The document with a kernelspec and language information where it has none and its language is C# or F#, so
    /// that Jupyter opens it with the right kernel.
    /// </summary>
    /// <param name="document">The document, which stays as it is.</param>
    public static NotebookDocument ForJupyter(this NotebookDocument document)
    {
        if (Language(document.DefaultLanguage) is not var (name, ending, mode)) return document;
        var metadata = (JsonObject)document.Metadata.DeepClone();
        metadata.TryAdd("kernelspec", new JsonObject
        {
            ["display_name"] = $".NET ({name})",
            ["language"] = name,
            ["name"] = $".net-{document.DefaultLanguage}",
        });
        metadata.TryAdd("language_info", new JsonObject
        {
            ["file_extension"] = ending,
            ["mimetype"] = $"text/x-{document.DefaultLanguage}",
            ["name"] = name,
            ["pygments_lexer"] = mode,
        });
        return document with { Metadata = metadata };
    }

    private static (string Name, string Ending, string Mode)? Language(string language) => language switch
    {
        "csharp" => ("C#", ".cs", "csharp"),
        "fsharp" => ("F#", ".fs", "fsharp"),
        _ => null,
    };
}
