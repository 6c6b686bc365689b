namespace Engram.Notebooks;

/// <summary>
/// <c>#!import</c>: text from files, run as if it stood in the cell; <c>#load</c>: files, run as their language does.
/// </summary>
internal static class ImportDirective
{
    /// <summary><c>#!import FILE</c></summary>
    /// <param name="part">The directive.</param>
    /// <param name="context">Where it stands.</param>
    public static void Run(DirectivePart part, DirectiveContext context)
    {
        var path = DirectiveArguments.Unquote(part.Arguments.Trim());
        if (path.Length == 0)
            throw new DirectiveException("#!import needs a file.");
        RunFile(context.FindFile(path), context);
    }

    /// <summary><c>#load "FILE" …</c></summary>
    /// <param name="part">The directive.</param>
    /// <param name="context">Where it stands.</param>
    public static void Load(DirectivePart part, DirectiveContext context)
    {
        foreach (var path in DirectiveArguments.Split(part.Arguments.TrimEnd(';')))
        {
            var full = context.FindFile(DirectiveArguments.Unquote(path.TrimStart('@')));
            GuardAgainstCircles(full, context);
            var lines = File.ReadAllText(full).ReplaceLineEndings("\n").Split('\n');
            // The file's own directives come first; what is left goes to the language.
            RunText(Only(lines, CellParser.IsDirective), context.Language.Name, full, context);
            context.Language.Load(full, Only(lines, line => !CellParser.IsDirective(line)), context.Cell.Cancellation);
        }
    }

    /// <summary>Runs a file in the language that its name tells.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="context">Where the directive stands.</param>
    public static void RunFile(string path, DirectiveContext context)
    {
        GuardAgainstCircles(path, context);
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".csx" or ".cs":
                RunText(File.ReadAllText(path), "csharp", path, context);
                break;
            case ".fsx" or ".fs":
                RunText(File.ReadAllText(path), "fsharp", path, context);
                break;
            case ".ipynb" or ".dib":
                RunDocument(path, context);
                break;
            default:
                throw new DirectiveException($"#!import knows .ipynb, .dib, .csx, .cs, .fsx and .fs, not '{Path.GetFileName(path)}'.");
        }
    }

    private static void GuardAgainstCircles(string path, DirectiveContext context)
    {
        var outer = context.Cell.Files.SkipWhile(file => file != path).ToList();
        if (outer.Count > 0)
            throw new DirectiveException($"A file would import itself: {string.Join(" → ", outer.Append(path).Select(Path.GetFileName))}.");
    }

    private static void RunDocument(string path, DirectiveContext context)
    {
        var document = Documents.Open(path);
        var number = 0;
        foreach (var cell in document.Cells)
        {
            number++;
            if (cell.Kind == CellKind.Code)
                RunText(cell.Source, cell.Language, path, context, $" cell {number}");
        }
    }

    // The other lines are left empty, so that these keep their places.
    private static string Only(IEnumerable<string> lines, Func<string, bool> wanted) =>
        string.Join('\n', lines.Select(line => wanted(line) ? line : ""));

    private static void RunText(string text, string language, string path, DirectiveContext context, string place = "")
    {
        var cell = context.Cell with { Name = Path.GetFileName(path) + place, Files = [.. context.Cell.Files, path] };
        context.Runner.RunParts(cell, text, language, isWhole: false);
    }
}
