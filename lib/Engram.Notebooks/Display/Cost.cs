namespace Engram.Notebooks;

/// <summary>What text takes as JSON in UTF-8, counted without writing it; never too low.</summary>
internal static class Cost
{
    public static int Of(string text)
    {
        var bytes = 0;
        foreach (var character in text) bytes += Of(character);
        return bytes;
    }

    /// <summary>A text, or its beginning and how long it is where it takes more than the given bytes.</summary>
    public static string Clip(string text, int bytes)
    {
        if (text.Length * 6L <= bytes) return text;
        var left = bytes;
        for (var i = 0; i < text.Length; i++)
        {
            left -= Of(text[i]);
            if (left >= 0) continue;
            var end = i > 0 && char.IsHighSurrogate(text[i - 1]) ? i - 1 : i;
            return $"{text.AsSpan(0, end)}… ({text.Length:N0} characters)";
        }

        return text;
    }

    private static int Of(char character) => character switch
    {
        '"' or '\\' or '\n' or '\r' or '\t' => 2,
        < ' ' => 6,
        < '\x7f' => 1,
        _ => 6,
    };
}
