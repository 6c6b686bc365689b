using System.Text;

namespace Engram.Notebooks;

/// <summary>Text made safe for HTML.</summary>
internal static class HtmlText
{
    /// <summary>Text between tags.</summary>
    public static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny("&<>\"'") < 0) return text;
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            _ = character switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }

    /// <summary>Text as it stands, in a fixed-width face.</summary>
    public static string Pre(string text) => $"<pre>{Escape(text)}</pre>";
}
