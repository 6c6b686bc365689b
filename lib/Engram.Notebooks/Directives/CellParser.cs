using System.Text.RegularExpressions;

namespace Engram.Notebooks;

/// <summary>Divides a cell into code, content and directives.</summary>
/// <remarks>
/// The rule is .NET Interactive's: a directive is a line whose first sign is <c>#!</c>, or <c>#r</c>, <c>#i</c> or
/// <c>#load</c> with a quoted argument; F# Interactive's <c>#help</c> is one too. It goes by lines, so such a line within a string of several lines is one too.
/// </remarks>
internal static partial class CellParser
{
    /// <summary>Divides a cell.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="language">The language of a cell that names none.</param>
    /// <param name="contentKind">The kind of content of a cell that names none; null where it is code.</param>
    /// <param name="findLanguage">Finds a language by name or alias.</param>
    /// <returns>The parts, in order; parts of only white space are left out.</returns>
    public static IReadOnlyList<CellPart> Parse(
        string text, ILanguage language, string? contentKind, Func<string, ILanguage?> findLanguage)
    {
        var state = new State(language);
        if (contentKind is not null)
            state.StartContent(contentKind);
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
            Read(state, lines[i], i + 1, findLanguage);
        state.EndPart();
        return state.Parts;
    }

    /// <summary>Whether a line of code is a directive.</summary>
    /// <param name="line">The line.</param>
    public static bool IsDirective(string line) =>
        SharpBang().IsMatch(line) || Nameless().IsMatch(line) || Reference().IsMatch(line);

    private static void Read(State state, string line, int number, Func<string, ILanguage?> findLanguage)
    {
        // A script's first line may say which program runs it.
        if (number == 1 && state.IsCode && Program().IsMatch(line))
            return;
        if (SharpBang().Match(line) is { Success: true } match)
            ReadDirective(state, match, number, findLanguage);
        else if (state.IsCode && Nameless().Match(line) is { Success: true } nameless)
            state.AddDirective("#!", nameless.Groups["rest"].Value.Trim(), number);
        else if (state.IsCode && Reference().Match(line) is { Success: true } reference)
            state.AddDirective("#" + reference.Groups["name"].Value, reference.Groups["rest"].Value, number);
        else
            state.AddLine(line, number);
    }

    private static void ReadDirective(State state, Match match, int number, Func<string, ILanguage?> findLanguage)
    {
        var name = match.Groups["name"].Value;
        var rest = match.Groups["rest"].Value.Trim();
        if (name == "value")
            state.StartContentOfDirective("#!value", rest, number);
        // Nothing belongs behind what starts a part but a comment, and what does is not to be lost without a word.
        else if (!Starts(state, name, findLanguage) || (rest.Length > 0 && !rest.StartsWith("//", StringComparison.Ordinal)))
            state.AddDirective("#!" + name, rest, number);
    }

    private static bool Starts(State state, string name, Func<string, ILanguage?> findLanguage)
    {
        if (Content.KindOf(name) is { } kind)
            state.StartContent(kind);
        else if (findLanguage(name) is { } language)
            state.StartCode(language);
        else
            return false;
        return true;
    }

    [GeneratedRegex(@"^\s*#!(?<name>[^\s]+)(?<rest>.*)$")]
    private static partial Regex SharpBang();

    [GeneratedRegex(@"^\s*#!(\s+(?<rest>.*))?$")]
    private static partial Regex Nameless();

    [GeneratedRegex(@"^#!\s*/")]
    private static partial Regex Program();

    [GeneratedRegex(@"^\s*#((?<name>r|i|load)\s+(?<rest>@?"".*)|(?<name>help)\b(?<rest>.*))$")]
    private static partial Regex Reference();

    /// <summary>Where the reading stands.</summary>
    private sealed class State(ILanguage language)
    {
        private readonly List<string> lines = [];
        private ILanguage language = language;
        private string? contentKind;
        private DirectivePart? open;
        private int firstLine = 1;

        public List<CellPart> Parts { get; } = [];

        public bool IsCode => contentKind is null && open is null;

        public void AddLine(string line, int number)
        {
            if (lines.Count == 0)
                firstLine = number;
            lines.Add(line);
        }

        public void AddDirective(string name, string rest, int number)
        {
            EndPart();
            Parts.Add(new DirectivePart(name, rest, language, "", number));
        }

        public void StartCode(ILanguage next)
        {
            EndPart();
            (language, contentKind, open) = (next, null, null);
        }

        public void StartContent(string kind)
        {
            EndPart();
            (contentKind, open) = (kind, null);
        }

        public void StartContentOfDirective(string name, string rest, int number)
        {
            EndPart();
            (contentKind, open) = (null, new DirectivePart(name, rest, language, "", number));
        }

        public void EndPart()
        {
            var text = string.Join('\n', lines);
            lines.Clear();
            if (open is not null)
                Parts.Add(open with { Content = text });
            else if (string.IsNullOrWhiteSpace(text))
                return;
            else if (contentKind is { } kind)
                Parts.Add(new ContentPart(kind, text, firstLine));
            else
                Parts.Add(new CodePart(language, new string('\n', firstLine - 1) + text, firstLine));
            open = null;
        }
    }
}
