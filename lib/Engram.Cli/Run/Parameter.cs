using System.Text.RegularExpressions;

namespace Engram.Cli;

/// <summary>A value for a notebook's variable, as the command line gives it.</summary>
/// <param name="Name">The variable.</param>
/// <param name="Text">The value's text.</param>
internal sealed partial record Parameter(string Name, string Text)
{
    /// <summary>Reads each <c>name=value</c>.</summary>
    /// <exception cref="UsageException">One is not that, or a name is given twice.</exception>
    public static IReadOnlyList<Parameter> ParseAll(IEnumerable<string> texts)
    {
        var parameters = texts.Select(Parse).ToList();
        return parameters.GroupBy(parameter => parameter.Name).FirstOrDefault(same => same.Count() > 1) is { Key: var name }
            ? throw new UsageException($"--set gives '{name}' more than one value.")
            : parameters;
    }

    /// <summary>Reads <c>name=value</c>.</summary>
    /// <exception cref="UsageException">There is no name or no sign of equality.</exception>
    public static Parameter Parse(string text)
    {
        var match = Form().Match(text);
        return match.Success
            ? new Parameter(match.Groups["name"].Value, match.Groups["value"].Value)
            : throw new UsageException($"--set takes name=value, where the name is a variable's; '{text}' is not that.");
    }

    [GeneratedRegex(@"^(?<name>[\p{L}_][\p{L}\p{Nd}_]*)=(?<value>.*)$", RegexOptions.Singleline)]
    private static partial Regex Form();
}
