using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Engram.Notebooks;

/// <summary>Documentation comments as plain text, for a tooltip or a pager.</summary>
public static partial class DocumentationText
{
    /// <summary>Summary, parameters, result, errors and remarks, each on lines of its own.</summary>
    /// <param name="member">A <c>member</c> element, or one that holds the same elements.</param>
    /// <returns>Empty where nothing is said.</returns>
    public static string Of(XElement? member)
    {
        if (member is null) return "";
        var parts = new List<string>();
        void Add(string title, IEnumerable<string> lines)
        {
            var text = string.Join('\n', lines.Where(line => line.Length > 0));
            if (text.Length > 0) parts.Add(title.Length > 0 ? $"{title}\n{Indented(text)}" : text);
        }

        Add("", member.Elements("summary").Select(Plain));
        Add("Parameters:", member.Elements("typeparam").Concat(member.Elements("param")).Select(Named));
        Add("Returns:", member.Elements("returns").Concat(member.Elements("value")).Select(Plain));
        Add("Throws:", member.Elements("exception").Select(thrown => $"{ShortName(thrown.Attribute("cref")?.Value)}: {Plain(thrown)}"));
        Add("Remarks:", member.Elements("remarks").Select(Plain));
        return string.Join("\n\n", parts);
    }

    private static string Named(XElement element) => $"{element.Attribute("name")?.Value}: {Plain(element)}";

    private static string Plain(XElement element)
    {
        var text = new StringBuilder();
        Write(element, text);
        return Spaces().Replace(text.ToString(), " ").Replace(" \n", "\n").Replace("\n ", "\n").Trim();
    }

    private static void Write(XElement element, StringBuilder text)
    {
        foreach (var node in element.Nodes())
        {
            if (node is XText words) text.Append(Breaks().Replace(words.Value, " "));
            else if (node is XElement inner) WriteElement(inner, text);
        }
    }

    private static void WriteElement(XElement element, StringBuilder text)
    {
        var reference = element.Attribute("cref") ?? element.Attribute("langword") ?? element.Attribute("name") ?? element.Attribute("href");
        if (element.IsEmpty && reference is not null) text.Append(ShortName(reference.Value));
        else if (element.Name.LocalName is "para" or "item" or "code")
        {
            text.Append('\n');
            Write(element, text);
            text.Append('\n');
        }
        else Write(element, text);
    }

    // M:Engram.Diff.Grad(System.Func{…}) is Diff.Grad; names without a prefix stand as they are.
    private static string ShortName(string? reference)
    {
        if (reference is null) return "";
        if (reference.Length < 2 || reference[1] != ':') return reference;
        var name = Arity().Replace(reference[2..].Split('(')[0], "");
        var parts = name.Split('.');
        return reference[0] is 'T' or 'N' ? parts[^1] : string.Join('.', parts[Math.Max(0, parts.Length - 2)..]);
    }

    private static string Indented(string text) => "  " + text.Replace("\n", "\n  ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Breaks();

    [GeneratedRegex(@" {2,}")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"`+\d+")]
    private static partial Regex Arity();
}
