using System.Text;

namespace Engram.Notebooks;

/// <summary>The words of a directive's line: plain ones, and options such as <c>--name x</c>.</summary>
internal sealed class DirectiveArguments
{
    private readonly Dictionary<string, string> options = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> words = [];

    private DirectiveArguments()
    {
    }

    /// <summary>The words that belong to no option.</summary>
    public IReadOnlyList<string> Words => words;

    /// <summary>The value of an option, or null where the line has none.</summary>
    /// <param name="name">Such as <c>--from</c>.</param>
    public string? this[string name] => options.GetValueOrDefault(name);

    /// <summary>Reads a line.</summary>
    /// <param name="line">What follows the directive's name.</param>
    public static DirectiveArguments Parse(string line)
    {
        var arguments = new DirectiveArguments();
        string? option = null;
        foreach (var word in Split(line))
        {
            if (word.StartsWith("--", StringComparison.Ordinal))
                arguments.options[option = word] = "";
            else if (option is not null)
                (arguments.options[option], option) = (word, null);
            else
                arguments.words.Add(word);
        }

        return arguments;
    }

    /// <summary>The value of an option that must be there.</summary>
    /// <param name="name">Such as <c>--from</c>.</param>
    /// <param name="directive">The directive, for the error.</param>
    /// <exception cref="DirectiveException">It is not there.</exception>
    public string Need(string name, string directive) =>
        this[name] is { Length: > 0 } value ? value : throw new DirectiveException($"{directive} needs {name}.");

    /// <summary>Takes away the quotes around a text.</summary>
    /// <param name="text">The text.</param>
    public static string Unquote(string text) =>
        text.Length >= 2 && text[0] is '"' or '\'' && text[^1] == text[0] ? text[1..^1] : text;

    /// <summary>Words end at white space outside of quotes, braces and brackets.</summary>
    private static IEnumerable<string> Split(string line)
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
}
