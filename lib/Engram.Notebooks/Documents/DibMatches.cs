using System.Security.Cryptography;
using System.Text;

namespace Engram.Notebooks;

/// <summary>Finds the cells of a .dib that its <c>#!meta</c> speaks of, also where somebody has edited the file.</summary>
internal static class DibMatches
{
    /// <summary>What a cell is known by: its language and its text, but for the white space around it.</summary>
    public static string Hash(string language, string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{language}\n{text.Trim()}")))[..8];

    /// <summary>
    /// What is kept for each cell; null where nothing is. Cells that are still the same are found in their order, and
    /// between two of them as many as were there stand for those.
    /// </summary>
    /// <param name="kept">The hashes of the cells that were written; null for one of an older file.</param>
    /// <param name="cells">The hashes of the cells that are there.</param>
    /// <returns>For each cell the place of what is kept.</returns>
    public static int?[] Find(IReadOnlyList<string?> kept, IReadOnlyList<string> cells)
    {
        var found = new int?[cells.Count];
        var (nextKept, nextCell) = (0, 0);
        foreach (var (keptAt, cellAt) in Same(kept, cells).Append((kept.Count, cells.Count)))
        {
            if (keptAt - nextKept == cellAt - nextCell)
                for (var i = nextCell; i < cellAt; i++) found[i] = nextKept + i - nextCell;
            if (cellAt < cells.Count) found[cellAt] = keptAt;
            (nextKept, nextCell) = (keptAt + 1, cellAt + 1);
        }

        return found;
    }

    // The longest common subsequence; what is the same at both ends needs no table.
    private static IEnumerable<(int Kept, int Cell)> Same(IReadOnlyList<string?> kept, IReadOnlyList<string> cells)
    {
        var most = Math.Min(kept.Count, cells.Count);
        var start = 0;
        while (start < most && kept[start] == cells[start]) start++;
        var end = 0;
        while (end < most - start && kept[kept.Count - 1 - end] == cells[cells.Count - 1 - end]) end++;

        for (var i = 0; i < start; i++) yield return (i, i);
        foreach (var (i, j) in Longest([.. kept.Skip(start).SkipLast(end)], [.. cells.Skip(start).SkipLast(end)]))
            yield return (start + i, start + j);
        for (var i = end; i > 0; i--) yield return (kept.Count - i, cells.Count - i);
    }

    private static IEnumerable<(int Kept, int Cell)> Longest(string?[] kept, string[] cells)
    {
        var lengths = new int[kept.Length + 1, cells.Length + 1];
        for (var i = kept.Length - 1; i >= 0; i--)
            for (var j = cells.Length - 1; j >= 0; j--)
                lengths[i, j] = kept[i] == cells[j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);

        for (var (i, j) = (0, 0); i < kept.Length && j < cells.Length;)
        {
            if (kept[i] == cells[j]) yield return (i++, j++);
            else if (lengths[i + 1, j] >= lengths[i, j + 1]) i++;
            else j++;
        }
    }
}
