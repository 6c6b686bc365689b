using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Html;

namespace Engram.Notebooks;

/// <summary>Text made safe for HTML, and HTML made text.</summary>
internal static partial class HtmlText
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

    /// <summary>The HTML that a value is.</summary>
    public static string Of(IHtmlContent content)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        content.WriteTo(writer, HtmlEncoder.Default);
        return writer.ToString();
    }

    /// <summary>What a reader sees of HTML, on one line and cut where it is long.</summary>
    public static string Visible(string html)
    {
        const int Looked = 100_000, Shown = 2_000;
        var bare = Unseen().Replace(html.Length > Looked ? html[..Looked] : html, " ");
        var text = Blank().Replace(WebUtility.HtmlDecode(Tag().Replace(bare, " ")), " ").Trim();
        return text.Length == 0 ? "(HTML)" : Cost.Clip(text, Shown);
    }

    [GeneratedRegex("<(script|style)\\b.*?(</\\1\\s*>|\\z)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Unseen();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("\\s+")]
    private static partial Regex Blank();
}
