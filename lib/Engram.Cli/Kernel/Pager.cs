using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Engram.Notebooks;

namespace Engram.Cli.Kernel;

/// <summary>Help in the pager, as IPython's users know it: a cell <c>?name</c> or <c>name?</c>.</summary>
internal static partial class Pager
{
    /// <summary>The name that a cell asks about, or null if it is a cell like others.</summary>
    public static string? NameIn(string code)
    {
        var match = Question().Match(code);
        return match.Success ? match.Groups["name"].Value : null;
    }

    /// <summary>The payload that opens the pager.</summary>
    public static JsonArray Page(ILanguageServices services, string name)
    {
        var found = services.Inspect(name, name.Length, CancellationToken.None);
        return
        [
            new JsonObject
            {
                ["source"] = "page",
                ["data"] = new JsonObject { ["text/plain"] = found?.Text ?? $"Nothing is known about '{name}'." },
                ["start"] = 0,
            },
        ];
    }

    [GeneratedRegex(@"^\s*(\?{1,2}\s*(?<name>[\w.]+)|(?<name>[\w.]+)\?{1,2})\s*$")]
    private static partial Regex Question();
}
