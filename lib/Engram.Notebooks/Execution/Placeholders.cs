namespace Engram.Notebooks;

internal static class MimeBundles
{
    public static MimeBundle Of(object? value, params IEnumerable<string> mimeTypes)
    {
        var data = new System.Text.Json.Nodes.JsonObject { ["text/plain"] = Microsoft.DotNet.Interactive.Formatting.Formatter.ToDisplayString(value, "text/plain") };
        var types = mimeTypes.ToList();
        if (types.Count == 0)
            types = [.. Microsoft.DotNet.Interactive.Formatting.Formatter.GetPreferredMimeTypesFor(value?.GetType() ?? typeof(object))];
        foreach (var mime in types)
            data[mime] = Microsoft.DotNet.Interactive.Formatting.Formatter.ToDisplayString(value, mime);
        return new MimeBundle(data);
    }
}

internal static class Documents
{
    public static NotebookDocument Open(string path) => throw new NotSupportedException(path);
}
