using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;

namespace Engram.Notebooks;

/// <summary>Directives that list what there is.</summary>
internal static class ListingDirectives
{
    /// <summary><c>#!time</c></summary>
    /// <param name="context">Where it stands.</param>
    public static void Time(DirectiveContext context)
    {
        var watch = Stopwatch.StartNew();
        context.Cell.AtEnd(() => context.Show($"Wall time: {watch.Elapsed.TotalMilliseconds:0.###} ms"));
    }

    /// <summary><c>#!who</c></summary>
    /// <param name="context">Where it stands.</param>
    public static void Who(DirectiveContext context) =>
        context.Show(string.Join('\n', context.Language.Values.Select(value => value.Name).Order(StringComparer.Ordinal)));

    /// <summary><c>#!whos</c></summary>
    /// <param name="context">Where it stands.</param>
    public static void Whos(DirectiveContext context)
    {
        var rows = context.Language.Values
            .OrderBy(value => value.Name, StringComparer.Ordinal)
            .Select(value => new[] { value.Name, TypeOf(value.Type), ValueSize.Of(value.Value), Summary(value) })
            .ToList();
        context.Engine.Tell(new ValueDisplayed(Table(["Name", "Type", "Size", "Value"], rows), null));
    }

    /// <summary><c>#!lsmagic</c></summary>
    /// <param name="context">Where it stands.</param>
    /// <param name="known">The directives.</param>
    public static void List(DirectiveContext context, IEnumerable<(string Name, string Summary)> known) =>
        context.Show(string.Join('\n', known.Select(each => $"{each.Name,-34} {each.Summary}")));

    /// <summary><c>#help</c>, and <c>#help NAME</c> as F# Interactive takes it, quoted or not.</summary>
    /// <param name="part">The directive.</param>
    /// <param name="context">Where it stands.</param>
    /// <param name="known">The directives.</param>
    public static void Help(DirectivePart part, DirectiveContext context, IEnumerable<(string Name, string Summary)> known)
    {
        var name = DirectiveArguments.Unquote(part.Arguments.Trim().TrimEnd(';').Trim());
        if (name.Length > 0)
        {
            var found = context.Language.Services?.Inspect(name, name.Length, context.Cell.Cancellation);
            context.Show(found?.Text ?? $"Nothing is known of '{name}'.");
            return;
        }

        context.Show("#help NAME tells what is known of a name, as Shift-Tab does where the cursor stands. Tab completes names.");
        List(context, known);
    }

    /// <summary><c>#!about</c></summary>
    /// <param name="context">Where it stands.</param>
    public static void About(DirectiveContext context)
    {
        var version = typeof(Engine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        context.Show($"Engram {version?.Split('+')[0]}, an engine for C# and F# notebooks, on .NET {Environment.Version}");
    }

    private static string TypeOf(Type type) => TypeNames.Of(type) is { Length: > 0 } name ? name : "anonymous type";

    private static string Summary(NamedValue value)
    {
        var text = MimeBundles.Of(value.Value, value.Type).Text("text/plain") ?? "";
        text = text.ReplaceLineEndings(" ");
        return text.Length <= 80 ? text : text[..79] + "…";
    }

    private static MimeBundle Table(string[] heads, List<string[]> rows)
    {
        var html = new StringBuilder("<table><thead><tr>");
        foreach (var head in heads)
            html.Append($"<th>{head}</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var row in rows)
            html.Append("<tr>").AppendJoin("", row.Select(cell => $"<td>{WebUtility.HtmlEncode(cell)}</td>")).Append("</tr>");
        html.Append("</tbody></table>");
        return new MimeBundle(new JsonObject { ["text/html"] = html.ToString(), ["text/plain"] = PlainTable([heads, .. rows]) });
    }

    private static string PlainTable(List<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(i => rows.Max(row => row[i].Length)).ToArray();
        return string.Join('\n', rows.Select(row => string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd()));
    }
}
