using System.Text.Json;

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
            Plain("#!time", "shows how long the cell took", ListingDirectives.Time),
            Plain("#!who", "lists the names of the cell's language", ListingDirectives.Who),
            Plain("#!whos", "lists the names with their types and values", ListingDirectives.Whos),
            Plain("#!lsmagic", "lists the directives", context => ListingDirectives.List(context, Known())),
            Plain("#!about", "says what this engine is", ListingDirectives.About),
            new("#!import", "runs a file: .ipynb, .dib, .csx, .cs, .fsx, .fs", ImportDirective.Run),
            new("#!share", $"takes a value from another language: {SharingDirectives.ShareUsage}", SharingDirectives.Share),
            new("#!set", $"sets a value: {SharingDirectives.SetUsage}", SharingDirectives.Set),
            new("#!value", $"keeps text: {SharingDirectives.KeepUsage}", SharingDirectives.Keep),
            new("#r", "references a package or an assembly", references.Reference),
            new("#i", "adds a package source", references.AddSource),
            new("#load", "runs a source file", ImportDirective.Load),
            new("#help", "tells what is known of a name: NAME", (part, context) => ListingDirectives.Help(part, context, Known())),
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
                throw new DirectiveException(WhyNot(part));
            directive.Run(part, context);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
            or InvalidOperationException or FormatException or JsonException or DocumentException)
        {
            throw new DirectiveException(exception.Message) { Line = part.Line, Cell = context.Cell.Name };
        }
        catch (DirectiveException exception) when (exception.Line is null)
        {
            (exception.Line, exception.Cell) = (part.Line, context.Cell.Name);
            throw;
        }
    }

    private static Directive Plain(string name, string summary, Action<DirectiveContext> run) =>
        new(name, summary, (part, context) =>
        {
            DirectiveArguments.TakeNone(part);
            run(context);
        });

    private string WhyNot(DirectivePart part)
    {
        if (part.Name == "#!")
            return part.Arguments.Length > 0
                ? $"'#! {part.Arguments}' has a blank where a directive's name begins: #!{part.Arguments}"
                : "'#!' has no name behind it; #!lsmagic lists the directives that there are.";
        return engine.FindLanguage(part.Name[2..]) is null && Content.KindOf(part.Name[2..]) is null
            ? $"There is no directive {part.Name}; #!lsmagic lists those that there are."
            : $"{part.Name} stands alone in its line: what belongs to it begins in the next.";
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
