namespace Engram.Cli.Kernel;

/// <summary>Jupyter counts cursor positions in Unicode code points, .NET in UTF-16 units.</summary>
internal static class CodePoints
{
    /// <summary>The index of a code point; the end of the text for one that lies beyond it.</summary>
    public static int ToIndex(string text, int codePoints)
    {
        var index = 0;
        for (var seen = 0; seen < codePoints && index < text.Length; seen++) index += Width(text, index);
        return index;
    }

    /// <summary>How many code points stand before an index.</summary>
    public static int FromIndex(string text, int index)
    {
        var count = 0;
        for (var at = 0; at < index && at < text.Length; at += Width(text, at)) count++;
        return count;
    }

    private static int Width(string text, int index) => char.IsSurrogatePair(text, index) ? 2 : 1;
}
