using System.Collections;
using System.Data;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using Microsoft.AspNetCore.Html;

namespace Engram.Notebooks;

/// <summary>
/// Finds what is to be seen of a value: this kit's table of what values are and how each kind is shown. One viewer
/// serves one value and bounds it: items, depth, parts and text.
/// </summary>
internal sealed partial class Viewer
{
    /// <summary>How many items of a sequence, rows of a table and members of an object are shown.</summary>
    public const int Items = 20;

    private const int Depth = 6, Parts = 1_000, TextBytes = 48 * 1024, TopTextBytes = 240 * 1024, NestedTextBytes = 2_000;

    private readonly HashSet<object> path = new(ReferenceEqualityComparer.Instance);
    private int partsLeft = Parts, bytesLeft = TextBytes;

    private Viewer()
    {
    }

    /// <summary>What is to be seen of a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="declared">The type under which it is known; null for its own.</param>
    public static View View(object? value, Type? declared = null) => value switch
    {
        null => new TextView("null"),
        string text => new TextView(Cost.Clip(text, TopTextBytes)),
        StringBuilder text => new TextView(Cost.Clip(text.ToString(), TopTextBytes)),
        IHtmlContent content => Drawn(content),
        _ => new Viewer().Look(value, declared ?? value.GetType(), 0),
    };

    private View Look(object? value, Type declared, int depth)
    {
        if (value is null) return Leaf(FSharpTypes.NullText(declared));
        if (partsLeft-- <= 0 || bytesLeft <= 0) return TextView.More;
        var isReference = !value.GetType().IsValueType;
        if (isReference && !path.Add(value)) return Leaf("(itself)");
        try
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            return depth > 0 && Registered(value) is { } drawn ? drawn : Kind(value, declared, depth);
        }
        catch (Exception e) when (e is not (OperationCanceledException or ThreadInterruptedException))
        {
            return Leaf(Failure(e));
        }
        finally
        {
            if (isReference) path.Remove(value);
        }
    }

    // The table: the first line that fits says how a value is shown.
    private View Kind(object value, Type declared, int depth) => value switch
    {
        string text => Leaf(Quoted(text)),
        char character => Leaf($"'{character}'"),
        bool truth => Leaf(truth ? "true" : "false"),
        double number => Leaf(number.ToString(CultureInfo.InvariantCulture)),
        float number => Leaf(number.ToString(CultureInfo.InvariantCulture)),
        DateTime time => Leaf(time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture)),
        DateTimeOffset time => Leaf(time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF zzz", CultureInfo.InvariantCulture)),
        DateOnly day => Leaf(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        TimeOnly time => Leaf(time.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture)),
        Type type => Leaf(TypeNames.Of(type)),
        DataTable table => DataTableView(table, depth),
        XmlNode xml => Leaf(xml.OuterXml),
        JsonNode json => Json(json),
        JsonDocument json => Json(JsonNode.Parse(json.RootElement.GetRawText())!),
        JsonElement { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } json => Json(JsonNode.Parse(json.GetRawText())!),
        Exception exception => ExceptionViews.Of(exception),
        Delegate { Method.Name: var name } function => Leaf(TypeNames.Of(function.GetType()) + (name.Contains('<') ? "" : " " + name)),
        Task task => TaskView(task, depth),
        IHtmlContent content => Drawn(content),
        ITuple tuple => TupleView(tuple, depth),
        _ when Dictionaries.IsPair(value) => ObjectView(value, depth),
        Array { Rank: 2 } matrix => Matrix(matrix, depth),
        Array { Rank: > 2 } array => Slices(array, [], depth),
        _ when FSharpTypes.IsUnion(value.GetType()) && value is not IEnumerable => UnionView(value, depth),
        _ when FSharpTypes.IsFunction(value.GetType()) => Leaf(TypeNames.Of(value.GetType())),
        _ when depth >= Depth => Leaf(TypeNames.OfPart(value.GetType())),
        _ when Dictionaries.Of(value) is { } pairs => DictionaryView(value, declared, pairs, depth),
        _ when Dictionaries.IsGroup(value) => Groups(value, [value], null, depth),
        IFormattable formattable when value is not IEnumerable => Leaf(formattable.ToString(null, CultureInfo.InvariantCulture) ?? ""),
        IEnumerable sequence => Sequence(value, sequence, depth),
        _ when AwaitedItem(value.GetType()) is { } item => Leaf($"IAsyncEnumerable<{TypeNames.OfPart(item)}>, for await foreach"),
        _ when Members.SpeaksForItself(value.GetType()) && Spoken(value, depth) is { } text => Leaf(text),
        _ => ObjectView(value, depth),
    };

    private static string Failure(Exception e) => $"({TypeNames.Of(e.GetType())}: {ExceptionViews.Message(e)})";

    // Some say nothing: at the top their members are to be seen, within others their type.
    private static string? Spoken(object value, int depth) => value.ToString() switch
    {
        { Length: > 0 } text => text,
        _ when depth > 0 => TypeNames.OfPart(value.GetType()),
        _ => null,
    };

    private DrawnView? Registered(object value)
    {
        var formatters = RegisteredFormatters.For(value.GetType());
        if (formatters.Count == 0) return null;
        string? Get(string mimeType) => formatters.FirstOrDefault(f => f.MimeType == mimeType)?.Format(value);
        var (html, plain) = (Get("text/html"), Get("text/plain"));
        if (html is { Length: > NestedTextBytes * 8 }) html = null;
        if (html is null && plain is null) return null;
        plain = Cost.Clip(plain ?? TypeNames.Of(value.GetType()), NestedTextBytes);
        bytesLeft -= Cost.Of(plain) + ((html?.Length ?? 0) / 4);
        return new DrawnView(html, plain);
    }

    private static DrawnView Drawn(IHtmlContent content)
    {
        var html = HtmlText.Of(content);
        return new DrawnView(html.Length > NestedTextBytes * 8 ? null : html, HtmlText.Visible(html));
    }

    private TextView Leaf(string text)
    {
        var clipped = Cost.Clip(text, NestedTextBytes);
        bytesLeft -= Cost.Of(clipped);
        return new TextView(clipped);
    }

    private static string Quoted(string text) =>
        "\"" + text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\r", "\\r").Replace("\t", "\\t") + "\"";

    private static JsonView Json(JsonNode json)
    {
        var text = json.ToJsonString(new JsonSerializerOptions
        {
            WriteIndented = true,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
        var clipped = Cost.Clip(text, TextBytes);
        return new JsonView(json, clipped, ReferenceEquals(clipped, text));
    }
}
