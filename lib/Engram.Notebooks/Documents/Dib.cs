using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Engram.Notebooks;

/// <summary>
/// .NET Interactive's <c>.dib</c> scripts: cells behind lines such as <c>#!csharp</c> or <c>#!markdown</c>, no
/// outputs, and an optional <c>#!meta</c> line with JSON before all, which declares the kernels that others may not know.
/// </summary>
/// <remarks>
/// A code cell in another language than the document's has that language's <c>#!name</c> as its first line, as in a
/// .ipynb that any client can run. A line of prose that would start a cell has one space more in the file. What the
/// cells of a .ipynb hold beside their text (ids, metadata, attachments) goes into the <c>#!meta</c> JSON.
/// </remarks>
public static class Dib
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="DocumentException">There is no such file, or its <c>#!meta</c> is no JSON object.</exception>
    public static NotebookDocument Read(string path) => Parse(DocumentText.Read(path), path);

    /// <summary>Reads a notebook from text.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="path">The file's name, for messages.</param>
    /// <exception cref="DocumentException">Its <c>#!meta</c> is no JSON object.</exception>
    public static NotebookDocument Parse(string text, string path = "notebook") => new DibReader(path).Read(text);

    /// <summary>Writes a file, which is at no time half written. Outputs have no place in it.</summary>
    /// <param name="document">The notebook.</param>
    /// <param name="path">The file's path.</param>
    public static void Write(NotebookDocument document, string path) =>
        DocumentText.Write(path, Format(document));

    /// <summary>A notebook as the text of a file. Outputs have no place in it.</summary>
    /// <param name="document">The notebook.</param>
    public static string Format(NotebookDocument document)
    {
        var (meta, markers) = DibMetadata.ToFile(document);
        var split = new DibCells(markers);
        var cells = document.Cells.SelectMany(split.Split).ToList();
        DibMetadata.AddCells(meta, cells);
        var blocks = cells.Select(cell => $"#!{cell.Language}\n\n{cell.Text}\n").ToList();
        if (meta.Count > 0) blocks.Insert(0, $"#!meta\n\n{meta.ToJsonString(Plain)}\n");
        return string.Join('\n', blocks);
    }
}
