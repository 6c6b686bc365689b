using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Engram.Notebooks;

/// <summary>The ids of one notebook's cells: kept where they are valid and new, else made from place and text.</summary>
internal sealed partial class CellIds
{
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    /// <summary>The id of the next cell.</summary>
    /// <param name="given">What the file says.</param>
    /// <param name="index">The cell's place.</param>
    /// <param name="source">The cell's text.</param>
    public string Take(string? given, int index, string source)
    {
        if (given is not null && Valid().IsMatch(given) && taken.Add(given)) return given;
        for (var attempt = 0; ; attempt++)
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{attempt}\n{index}\n{source}"));
            var made = Convert.ToHexStringLower(hash)[..8];
            if (taken.Add(made)) return made;
        }
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$")]
    private static partial Regex Valid();
}
