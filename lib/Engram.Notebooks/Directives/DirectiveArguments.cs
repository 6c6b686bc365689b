using System.Text;
using System.Text.RegularExpressions;

namespace Engram.Notebooks;

/// <summary>What stands behind a directive's name: options such as <c>--name x</c>, and what it takes without one.</summary>
internal sealed partial class DirectiveArguments
{
    private const string Name = "--name";

    private readonly Dictionary<string, string> options = new(StringComparer.OrdinalIgnoreCase);
    private readonly string directive;
    private readonly string usage;

    private DirectiveArguments(string directive, string usage) => (this.directive, this.usage) = (directive, usage);

    /// <summary>The value of an option without its quotes, or null where the line has none.</summary>
    /// <param name="option">Such as <c>--from</c>.</param>
    public string? this[string option] => options.TryGetValue(option, out var value) ? Unquote(value) : null;

    /// <summary>Reads a line.</summary>
    /// <param name="part">The directive.</param>
    /// <param name="usage">
    /// What it takes, as its user reads it, such as <c>[--name] NAME --from LANGUAGE [--byref]</c>: in capitals what must
    /// follow an option. Where it does not begin with an option, that of a name may be left out.
    /// </param>
    /// <exception cref="DirectiveException">It has what the directive does not take.</exception>
    public static DirectiveArguments Parse(DirectivePart part, string usage)
    {
        var arguments = new DirectiveArguments(part.Name, usage);
        var words = new Queue<string>(Split(part.Arguments));
        while (words.TryDequeue(out var word))
            arguments.Take(word, words);
        return arguments;
    }

    /// <summary>Refuses whatever stands behind a directive that takes nothing, but for a comment.</summary>
    /// <param name="part">The directive.</param>
    public static void TakeNone(DirectivePart part)
    {
        if (!part.Arguments.StartsWith("//", StringComparison.Ordinal))
            Parse(part, "");
    }

    /// <summary>The value of an option that must be there, without its quotes.</summary>
    /// <param name="option">Such as <c>--from</c>.</param>
    /// <exception cref="DirectiveException">It is not there.</exception>
    public string Need(string option) => Unquote(NeedRaw(option));

    /// <summary>As <see cref="Need"/>, with the quotes that it may have.</summary>
    /// <param name="option">Such as <c>--value</c>.</param>
    public string NeedRaw(string option) =>
        Raw(option) ?? throw new DirectiveException($"{directive} needs {option}: it takes {usage}.");

    /// <summary>The value of an option with the quotes that it may have, or null where the line has none.</summary>
    /// <param name="option">Such as <c>--from-value</c>.</param>
    public string? Raw(string option) => options.GetValueOrDefault(option);

    /// <summary>Takes away the quotes around a text.</summary>
    /// <param name="text">The text.</param>
    public static string Unquote(string text) =>
        text.Length >= 2 && text[0] is '"' or '\'' && text[^1] == text[0] ? text[1..^1] : text;

    /// <summary>Words end at white space outside of quotes, braces and brackets.</summary>
    /// <param name="line">What follows a directive's name.</param>
    public static IEnumerable<string> Split(string line)
    {
        var word = new StringBuilder();
        var (quote, depth) = ('\0', 0);
        foreach (var sign in line)
        {
            if (char.IsWhiteSpace(sign) && quote == '\0' && depth == 0)
            {
                if (word.Length > 0)
                    yield return word.ToString();
                word.Clear();
                continue;
            }

            // F# names may end in primes, which quote nothing.
            var quotes = sign == '"' || (sign == '\'' && !(word.Length > 0 && char.IsLetterOrDigit(word[^1])));
            quote = quote == '\0' ? (quotes ? sign : '\0') : (sign == quote ? '\0' : quote);
            depth += quote != '\0' ? 0 : sign is '{' or '[' ? 1 : sign is '}' or ']' ? -1 : 0;
            word.Append(sign);
        }

        if (word.Length > 0)
            yield return word.ToString();
    }

    private void Take(string word, Queue<string> rest)
    {
        if (Option().Match(word) is { Success: true } match)
            TakeOption(word, match.Groups["option"].Value, match.Groups["value"], rest);
        else if (!TakesName || !options.TryAdd(Name, word))
            throw Refuse(word);
    }

    private void TakeOption(string word, string option, Group given, Queue<string> rest)
    {
        if (!Regex.IsMatch(usage, option + @"(?![\w-])", RegexOptions.IgnoreCase))
            throw Refuse(word);
        var value = given.Value;
        if (Regex.IsMatch(usage, option + @"\]? [A-Z]", RegexOptions.IgnoreCase))
        {
            if (!given.Success && rest.TryPeek(out var next) && !Option().IsMatch(next))
                value = rest.Dequeue();
            if (value.Length == 0)
                throw new DirectiveException($"{directive} has nothing behind {option}: it takes {usage}.");
        }

        if (!options.TryAdd(option, value))
            throw new DirectiveException($"{directive} has {option} twice: it takes {usage}.");
    }

    private DirectiveException Refuse(string word) =>
        new($"{directive} takes {(usage.Length > 0 ? usage : "nothing")}, and not '{word}'.");

    private bool TakesName => usage.Length > 0 && !usage.StartsWith('-');

    [GeneratedRegex(@"^(?<option>--[A-Za-z][\w-]*)([=:](?<value>.*))?$", RegexOptions.Singleline)]
    private static partial Regex Option();
}
