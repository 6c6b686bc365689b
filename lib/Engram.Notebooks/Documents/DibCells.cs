using System.Text.Json.Nodes;

namespace Engram.Notebooks;

/// <summary>A cell as a .dib shows it.</summary>
/// <param name="Language">The name behind <c>#!</c>.</param>
/// <param name="Text">Its text in the file.</param>
/// <param name="Cell">The cell that it comes from; null for what follows a change of language within a cell.</param>
internal sealed record DibCell(string Language, string Text, NotebookCell? Cell);

/// <summary>Turns cells into what a .dib shows, and back.</summary>
/// <param name="markers">The lines that start a cell.</param>
internal sealed class DibCells(DibMarkers markers)
{
    /// <summary>One cell, or several where its code changes the language: a .dib starts a cell at such a line.</summary>
    public IEnumerable<DibCell> Split(NotebookCell cell)
    {
        if (cell.Kind != CellKind.Code)
        {
            yield return new DibCell(cell.Language, Escape(cell.Source), cell);
            yield break;
        }

        NotebookCell? origin = cell;
        var language = cell.Language;
        var lines = new List<string>();
        foreach (var line in cell.Source.Split('\n'))
        {
            if (markers.Of(line) is not { } next)
            {
                lines.Add(line);
                continue;
            }

            if (lines.Count > 0)
            {
                yield return new DibCell(language, string.Join('\n', lines), origin);
                origin = null;
                lines.Clear();
            }

            language = next;
        }

        if (lines.Count > 0 || origin is not null)
            yield return new DibCell(language, string.Join('\n', lines), origin);
    }

    /// <summary>The text of a cell of prose as its author wrote it.</summary>
    public string Unescape(string text) =>
        string.Join('\n', text.Split('\n').Select(line => IsEscaped(line) ? line[1..] : line));

    /// <summary>The metadata by which every frontend knows a code cell's language; none for the document's own.</summary>
    public static JsonObject LanguageMetadata(string language, string documentLanguage) =>
        language == documentLanguage
            ? []
            : new JsonObject
            {
                ["dotnet_interactive"] = new JsonObject { ["language"] = language },
                ["polyglot_notebook"] = new JsonObject { ["kernelName"] = language },
            };

    private string Escape(string text) =>
        string.Join('\n', text.Split('\n').Select(line => IsMarkerOrEscaped(line) ? " " + line : line));

    private bool IsEscaped(string line) => line.StartsWith(' ') && IsMarkerOrEscaped(line);

    private bool IsMarkerOrEscaped(string line) =>
        line.TrimStart(' ') is var bare && (markers.Of(bare) is not null || bare.TrimEnd() == "#!meta");
}
