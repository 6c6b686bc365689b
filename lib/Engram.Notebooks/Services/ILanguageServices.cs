namespace Engram.Notebooks;

/// <summary>What an editor asks about code that has not run yet. Positions count UTF-16 units from 0.</summary>
public interface ILanguageServices
{
    /// <summary>What may stand at a position.</summary>
    /// <param name="code">The code of one language, without directives.</param>
    /// <param name="position">The cursor's place.</param>
    /// <param name="cancellation">Gives up.</param>
    Completions Complete(string code, int position, CancellationToken cancellation);

    /// <summary>What stands at a position: signature and documentation.</summary>
    /// <param name="code">The code of one language, without directives.</param>
    /// <param name="position">The cursor's place.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null where nothing is known.</returns>
    Inspection? Inspect(string code, int position, CancellationToken cancellation);

    /// <summary>Whether the code can run as it stands, or wants more lines.</summary>
    /// <param name="code">The code of one language, without directives.</param>
    CodeStatus Check(string code);
}

/// <summary>What may stand at a place.</summary>
/// <param name="Start">Where the text that it replaces begins.</param>
/// <param name="End">Where that text ends.</param>
/// <param name="Items">The candidates, best first.</param>
public sealed record Completions(int Start, int End, IReadOnlyList<CompletionChoice> Items)
{
    /// <summary>No candidates.</summary>
    /// <param name="position">The cursor's place.</param>
    public static Completions None(int position) => new(position, position, []);
}

/// <summary>One candidate.</summary>
/// <param name="Text">What is inserted.</param>
/// <param name="Kind">In Jupyter's words: <c>function</c>, <c>property</c>, <c>class</c>, <c>keyword</c>, ….</param>
public sealed record CompletionChoice(string Text, string Kind);

/// <summary>What is known about a name.</summary>
/// <param name="Signatures">Its declarations; more than one for overloads.</param>
/// <param name="Documentation">Its documentation as plain text; empty where there is none.</param>
public sealed record Inspection(IReadOnlyList<string> Signatures, string Documentation)
{
    /// <summary>Both as plain text, for a terminal or a tooltip.</summary>
    public string Text => string.Join(
        "\n\n", new[] { string.Join("\n", Signatures), Documentation }.Where(part => part.Length > 0));
}

/// <summary>Whether code is ready to run.</summary>
/// <param name="Completeness">The verdict.</param>
/// <param name="Indent">What the next line should begin with, when more is wanted.</param>
public sealed record CodeStatus(Completeness Completeness, string Indent = "")
{
    /// <summary>Ready.</summary>
    public static CodeStatus Complete { get; } = new(Completeness.Complete);

    /// <summary>Wrong, whatever follows.</summary>
    public static CodeStatus Invalid { get; } = new(Completeness.Invalid);
}

/// <summary>The verdicts on a piece of code.</summary>
public enum Completeness
{
    /// <summary>It can run.</summary>
    Complete,

    /// <summary>More lines are wanted.</summary>
    Incomplete,

    /// <summary>No further line can mend it.</summary>
    Invalid,
}
