namespace Engram.Notebooks;

/// <summary>The directives that the engine knows, by name.</summary>
internal sealed class Directives
{
    private readonly Dictionary<string, Directive> table;
    private readonly Engine engine;

    /// <summary>Makes the table.</summary>
    /// <param name="engine">The engine.</param>
    public Directives(Engine engine)
    {
        this.engine = engine;
        var references = new ReferenceDirectives();
        Directive[] all =
        [
            new("#!time", "shows how long the cell took", (_, context) => ListingDirectives.Time(context)),
            new("#!who", "lists the names of the cell's language", (_, context) => ListingDirectives.Who(context)),
            new("#!whos", "lists the names with their types and values", (_, context) => ListingDirectives.Whos(context)),
            new("#!lsmagic", "lists the directives", (_, context) => ListingDirectives.List(context, Known())),
            new("#!about", "says what this engine is", (_, context) => ListingDirectives.About(context)),
            new("#!import", "runs a file: .ipynb, .dib, .csx, .cs, .fsx, .fs", ImportDirective.Run),
            new("#!share", "takes a value from another language: NAME --from LANGUAGE [--as NAME]", SharingDirectives.Share),
            new("#!set", "sets a value: --name NAME --value VALUE", SharingDirectives.Set),
            new("#!value", "keeps text: --name NAME [--from-file FILE | --from-url URL]", SharingDirectives.Keep),
            new("#r", "references a package or an assembly", references.Reference),
            new("#i", "adds a package source", references.AddSource),
            new("#load", "runs a source file", ImportDirective.Load),
        ];
        table = all.ToDictionary(each => each.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Their names, with their signs.</summary>
    public IEnumerable<string> Names => table.Keys;

    /// <summary>Runs a directive.</summary>
    /// <param name="part">The directive.</param>
    /// <param name="context">Where it stands.</param>
    /// <exception cref="DirectiveException">It is not known, or asks for what cannot be done.</exception>
    public void Run(DirectivePart part, DirectiveContext context)
    {
        try
        {
            if (!table.TryGetValue(part.Name, out var directive))
                throw new DirectiveException(engine.FindLanguage(part.Name[2..]) is null
                    ? $"There is no directive {part.Name}; #!lsmagic lists those that there are."
                    : $"{part.Name} stands alone in its line: code begins in the next.");
            directive.Run(part, context);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
            or InvalidOperationException or FormatException or DocumentException)
        {
            throw new DirectiveException(exception.Message) { Line = part.Line, Cell = context.Cell.Name };
        }
        catch (DirectiveException exception) when (exception.Line is null)
        {
            (exception.Line, exception.Cell) = (part.Line, context.Cell.Name);
            throw;
        }
    }

    private IEnumerable<(string Name, string Summary)> Known()
    {
        foreach (var language in engine.Languages)
            yield return (string.Join(", ", language.Aliases.Prepend(language.Name).Select(name => "#!" + name)), "code in that language");
        yield return ("#!html, #!javascript, #!markdown", "content that is shown");
        foreach (var directive in table.Values)
            yield return (directive.Name, directive.Summary);
    }

    private sealed record Directive(string Name, string Summary, Action<DirectivePart, DirectiveContext> Run);
}
