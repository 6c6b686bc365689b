namespace Engram.Notebooks;

/// <summary>Notebooks in files: opens and saves them by their ending, <c>.ipynb</c> or <c>.dib</c>.</summary>
public static class Documents
{
    /// <summary>The endings that can be opened.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".ipynb", ".dib"];

    /// <summary>Whether a path ends as a notebook does.</summary>
    /// <param name="path">A path; the file need not exist.</param>
    public static bool IsNotebook(string path) =>
        Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a notebook.</summary>
    /// <param name="path">A file that ends in <c>.ipynb</c> or <c>.dib</c>.</param>
    /// <exception cref="DocumentException">
    /// The file is missing, has another ending, or is no notebook; the message says where.
    /// </exception>
    public static NotebookDocument Open(string path)
    {
        var format = FormatOf(path);
        try
        {
            return format.Read(DocumentText.Read(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DocumentException(path, null, e.Message);
        }
    }

    /// <summary>Writes a notebook so that the file is at no time half written.</summary>
    /// <param name="document">The notebook.</param>
    /// <param name="path">A file that ends in <c>.ipynb</c> or <c>.dib</c>; its folder is made if need be.</param>
    /// <exception cref="DocumentException">The file cannot be written, or has another ending.</exception>
    public static void Save(NotebookDocument document, string path)
    {
        var format = FormatOf(path);
        try
        {
            DocumentText.Write(path, format.Write(document));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DocumentException(path, null, e.Message);
        }
    }

    private static (Func<string, string, NotebookDocument> Read, Func<NotebookDocument, string> Write) FormatOf(
        string path) =>
        Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".ipynb" => (Ipynb.Parse, Ipynb.Format),
            ".dib" => (Dib.Parse, Dib.Format),
            var ending => throw new DocumentException(
                path, null, $"a notebook ends in .ipynb or .dib, not in '{ending}'"),
        };
}
