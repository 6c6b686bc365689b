using System.Net;
using System.Text.RegularExpressions;

namespace Engram.Charts;

/// <summary>Plotly's text without its tags.</summary>
internal static partial class PlainText
{
    /// <summary>The text that a reader sees, on one line.</summary>
    public static string Of(string text) => WebUtility.HtmlDecode(Tag().Replace(text.Replace("<br>", " "), ""));

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
