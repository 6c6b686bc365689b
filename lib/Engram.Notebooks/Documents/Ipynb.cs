using System.Text.Json.Nodes;

namespace Engram.Notebooks;

/// <summary>Jupyter's notebooks: reads nbformat 4, writes nbformat 4.5.</summary>
/// <remarks>Source: the format's description, nbformat.readthedocs.io/en/latest/format_description.html.</remarks>
public static class Ipynb
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="DocumentException">There is no such file, or it is no notebook; the message says where.</exception>
    public static NotebookDocument Read(string path) => Parse(DocumentText.Read(path), path);

    /// <summary>Reads a notebook from text.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="path">The file's name, for messages.</param>
    /// <exception cref="DocumentException">It is no notebook; the message says where.</exception>
    public static NotebookDocument Parse(string text, string path = "notebook") => new IpynbReader(path).Read(text);

    /// <summary>Writes a file, which is at no time half written.</summary>
    /// <param name="document">The notebook.</param>
    /// <param name="path">The file's path.</param>
    public static void Write(NotebookDocument document, string path) =>
        DocumentText.Write(path, Format(document));

    /// <summary>A notebook as the text of a file, laid out as Jupyter does.</summary>
    /// <param name="document">The notebook.</param>
    public static string Format(NotebookDocument document) => JupyterJson.Write(new JsonObject
    {
        ["cells"] = new JsonArray([.. document.Cells.Select(CellNode)]),
        ["metadata"] = document.Metadata.DeepClone(),
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    });

    private static JsonObject CellNode(NotebookCell cell)
    {
        var node = new JsonObject
        {
            ["cell_type"] = cell.Kind switch
            {
                CellKind.Code => "code",
                CellKind.Markdown => "markdown",
                _ => "raw",
            },
            ["id"] = cell.Id,
            ["metadata"] = cell.Metadata.DeepClone(),
            ["source"] = MultilineText.Lines(cell.Source),
        };
        if (cell.Attachments is { } attachments) node["attachments"] = attachments.DeepClone();
        if (cell.Kind != CellKind.Code) return node;
        node["execution_count"] = cell.ExecutionCount;
        node["outputs"] = new JsonArray([.. cell.Outputs.Select(output => output.DeepClone())]);
        return node;
    }
}
