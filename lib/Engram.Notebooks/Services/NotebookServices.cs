namespace Engram.Notebooks;

/// <summary>What an editor asks about whole cells: finds the part in question and asks its language.</summary>
/// <param name="engine">The engine whose cells these are.</param>
/// <param name="language">The language of a cell that names none.</param>
public sealed class NotebookServices(Engine engine, string language) : ILanguageServices
{
    private static readonly string[] Contents = ["html", "javascript", "markdown"];

    /// <inheritdoc/>
    public Completions Complete(string code, int position, CancellationToken cancellation)
    {
        var start = code.LastIndexOf('\n', Math.Max(0, Math.Min(position, code.Length) - 1)) + 1;
        var typed = code[Math.Min(start, position)..position];
        if (typed.TrimStart().StartsWith("#!", StringComparison.Ordinal) && !typed.TrimStart().Contains(' '))
            return Directive(typed, position);
        return Find(code, position) is { Services: { } services } place
            ? place.Back(services.Complete(place.Code, place.Position, cancellation))
            : Completions.None(position);
    }

    /// <inheritdoc/>
    public Inspection? Inspect(string code, int position, CancellationToken cancellation) =>
        Find(code, position) is { Services: { } services } place
            ? services.Inspect(place.Code, place.Position, cancellation)
            : null;

    /// <inheritdoc/>
    public CodeStatus Check(string code)
    {
        // A cell runs part by part: the last one decides whether more is wanted.
        var last = CodeParts(code).LastOrDefault();
        return last is null ? CodeStatus.Complete : last.Language.Services?.Check(last.Code) ?? CodeStatus.Complete;
    }

    private Completions Directive(string typed, int position)
    {
        var prefix = typed.TrimStart();
        var names = engine.Languages.SelectMany(each => each.Aliases.Prepend(each.Name))
            .Concat(Contents).Select(name => "#!" + name)
            .Concat(engine.DirectiveNames.Where(name => name.StartsWith("#!", StringComparison.Ordinal)));
        var choices = names.Where(name => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            .Distinct().Order(StringComparer.Ordinal).Select(name => new CompletionChoice(name, "magic"));
        return new(position - prefix.Length, position, [.. choices]);
    }

    private IReadOnlyList<CodePart> CodeParts(string code) =>
        engine.FindLanguage(language) is { } first
            ? [.. CellParser.Parse(code, first, null, engine.FindLanguage).OfType<CodePart>()]
            : [];

    // A part keeps its lines where the cell has them, so a place is a line and a column in both.
    private Place? Find(string code, int position)
    {
        position = Math.Clamp(position, 0, code.Length);
        var text = code.ReplaceLineEndings("\n");
        if (text.Length != code.Length) position -= code[..position].Count(sign => sign == '\r');
        var line = text[..position].Count(sign => sign == '\n') + 1;
        var column = position - (text.LastIndexOf('\n', Math.Max(0, position - 1), Math.Max(0, position)) + 1);
        var part = CodeParts(text).LastOrDefault(each => each.Line <= line);
        if (part is null) return null;
        var start = Start(part.Code, line);
        return start < 0 || start + column > part.Code.Length
            ? null
            : new(part.Language.Services, part.Code, start + column, position - (start + column));
    }

    private static int Start(string code, int line)
    {
        var start = 0;
        for (var i = 1; i < line; i++)
        {
            start = code.IndexOf('\n', start) + 1;
            if (start == 0) return -1;
        }

        return start;
    }

    private sealed record Place(ILanguageServices? Services, string Code, int Position, int Shift)
    {
        public Completions Back(Completions found) => found with { Start = found.Start + Shift, End = found.End + Shift };
    }
}
