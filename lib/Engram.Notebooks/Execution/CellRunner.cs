using Microsoft.DotNet.Interactive;

namespace Engram.Notebooks;

/// <summary>Runs a cell's parts, one after the other, and turns what goes wrong into its last event.</summary>
/// <param name="engine">The engine.</param>
internal sealed class CellRunner(Engine engine)
{
    private readonly Directives directives = new(engine);

    /// <summary>The names of all directives, with their signs.</summary>
    public IEnumerable<string> DirectiveNames => directives.Names;

    /// <summary>Runs a cell on the calling thread.</summary>
    /// <param name="cell">The run.</param>
    /// <param name="code">Its text.</param>
    /// <param name="language">The language of a cell that names none.</param>
    /// <returns>Whether it ended without an error.</returns>
    public bool Run(RunningCell cell, string code, string language)
    {
        ConsoleRouter.Enter(engine);
        try
        {
            RunParts(cell, code, language, isWhole: true);
            // It may have caught what was to stop it.
            cell.Cancellation.ThrowIfCancellationRequested();
            cell.End();
            return true;
        }
        catch (Exception exception)
        {
            engine.Tell(new CellFailed(CellErrors.Of(exception, cell)));
            return false;
        }
    }

    /// <summary>Runs text in parts, as a cell or from within one.</summary>
    /// <param name="cell">The run; errors speak of its name.</param>
    /// <param name="code">The text.</param>
    /// <param name="language">The language of text that names none.</param>
    /// <param name="isWhole">Whether the last value is the cell's.</param>
    public void RunParts(RunningCell cell, string code, string language, bool isWhole)
    {
        var kind = Content.KindOf(language);
        var parts = CellParser.Parse(code, kind is null ? FindLanguage(language) : engine.Languages[0], kind, engine.FindLanguage);
        var last = isWhole ? parts.OfType<CodePart>().LastOrDefault() : null;
        foreach (var part in parts)
        {
            cell.Cancellation.ThrowIfCancellationRequested();
            Run(cell, part, isResult: part == last, isLast: isWhole && part == parts[^1]);
        }
    }

    private void Run(RunningCell cell, CellPart part, bool isResult, bool isLast)
    {
        switch (part)
        {
            case CodePart code:
                var value = code.Language.Run(new Submission(code.Code, cell.Name), cell.Cancellation);
                // A lazy sequence computes while it is shown.
                if (value.HasValue)
                    Interruptible.Run(() => Show(cell, value, isResult, isLast), cell.Cancellation);
                break;
            case ContentPart content:
                engine.Tell(new ValueDisplayed(Content.Bundle(content.Kind, content.Text), null));
                break;
            case DirectivePart directive:
                directives.Run(directive, new DirectiveContext(engine, this, cell, directive.Language));
                break;
        }
    }

    private void Show(RunningCell cell, SubmissionValue value, bool isResult, bool isLast)
    {
        if (value.Value is DisplayedValue)
            return;
        var bundle = MimeBundles.Of(value.Value, value.Type);
        // What shows a value takes a member that fails for one that has nothing to show, and was stopped in one.
        cell.Cancellation.ThrowIfCancellationRequested();
        engine.Tell(isResult ? new ValueReturned(bundle) : new ValueDisplayed(bundle, null), isLast);
    }

    private ILanguage FindLanguage(string name) =>
        engine.FindLanguage(name)
        ?? throw new InvalidOperationException(
            $"There is no language '{name}'; this engine has {string.Join(", ", engine.Languages.Select(each => each.Name))}.");
}
