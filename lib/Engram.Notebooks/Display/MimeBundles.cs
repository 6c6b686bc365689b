using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;

namespace Engram.Notebooks;

/// <summary>The one place where a value becomes a mime bundle.</summary>
/// <remarks>
/// Formatters that a cell or a library registered come first, for all mime types that they give: those of
/// <c>Formatter.Register</c>, of a type's <c>[TypeFormatterSource]</c>, and of an assembly's (see
/// <see cref="FormatterSources"/>). Every other value is shown by this kit's own table as <c>text/plain</c> and, where
/// it has parts, <c>text/html</c>: at most 20 items of a sequence, a few levels deep, never more than
/// <see cref="MaximumBytes"/> in all.
/// </remarks>
public static class MimeBundles
{
    /// <summary>The bytes, as JSON, that a value without a registered formatter can take.</summary>
    public const int MaximumBytes = 256 * 1024;

    /// <summary>
    /// The characters that a registered formatter may write in one mime type: a page with a script library fits.
    /// </summary>
    public const int MaximumRegistered = 32 * 1024 * 1024;

    private const int PlainBytes = 80 * 1024, ShortBytes = 40 * 1024;

    private const string Html = "text/html", Json = "application/json", Text = "text/plain";

    /// <summary>A value in all representations that it has.</summary>
    /// <param name="value">The value.</param>
    /// <param name="declared">
    /// The type under which it is known, if that says more: null is <c>None</c> where it is an F# option.
    /// </param>
    public static MimeBundle Of(object? value, Type? declared = null)
    {
        ToDisplayString.Install();
        if (value is MimeBundle bundle) return bundle;
        if (value is IHtmlContent content) return OfHtml(content);
        if (value is null) return MimeBundle.Plain(declared is null ? "null" : FSharpTypes.NullText(declared));
        var registered = RegisteredFormatters.For(value.GetType());
        return registered.Count > 0 ? OfRegistered(value, registered) : OfTable(value, declared);
    }

    /// <summary>A value in chosen representations; plain text is always there as well.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">Those wanted, such as <c>text/html</c>; one that the value lacks is left out.</param>
    public static MimeBundle Of(object? value, IReadOnlyCollection<string> mimeTypes)
    {
        var all = Of(value);
        if (mimeTypes.Count == 0) return all;
        var data = new JsonObject();
        foreach (var mimeType in mimeTypes.Append(Text))
        {
            if (all.Data[mimeType] is { } content) data[mimeType] = content.DeepClone();
            else if (mimeType == Html && all.Text(Text) is { } plain) data[Html] = HtmlText.Pre(Cost.Clip(plain, ShortBytes));
        }

        if (mimeTypes.Contains(Json) && !data.ContainsKey(Json)) AddJson(data, value);
        if (data[Text] is { } text && data.Count > 1 && Cost.Of(text.ToString()) > PlainBytes) data[Text] = Cost.Clip(text.ToString(), ShortBytes);
        return new MimeBundle(data, (JsonObject)all.Metadata.DeepClone());
    }

    /// <summary>Text that already is what it is to be shown as.</summary>
    /// <param name="content">The text, such as HTML or markdown; JSON for mime types that end in <c>json</c>.</param>
    /// <param name="mimeType">Its mime type.</param>
    /// <exception cref="JsonException">A JSON type, and the text is no JSON.</exception>
    public static MimeBundle Raw(string content, string mimeType) =>
        new(new JsonObject { [mimeType] = Node(content, mimeType) });

    private static MimeBundle OfHtml(IHtmlContent content)
    {
        var html = HtmlText.Of(content);
        return new MimeBundle(new JsonObject { [Html] = Bounded(html, Html), [Text] = HtmlText.Visible(html) });
    }

    private static MimeBundle OfRegistered(object value, IReadOnlyList<RegisteredFormatter> formatters)
    {
        var data = new JsonObject();
        var failures = "";
        foreach (var formatter in formatters)
        {
            try
            {
                if (formatter.Format(value) is { } content)
                    data[formatter.MimeType] = Node(Bounded(content, formatter.MimeType), formatter.MimeType);
            }
            catch (Exception e) when (e is not (OperationCanceledException or ThreadInterruptedException))
            {
                failures += $"\n(the formatter for {formatter.MimeType} failed: {TypeNames.Of(e.GetType())}: {ExceptionViews.Message(e)})";
            }
        }

        if (!data.ContainsKey(Text) || failures.Length > 0)
            data[Text] = (data[Text]?.GetValue<string>() ?? PlainRenderer.Render(Viewer.View(value))) + failures;
        return new MimeBundle(data);
    }

    private static MimeBundle OfTable(object value, Type? declared)
    {
        var view = Viewer.View(value, declared);
        var plain = view is TextView text ? text.Value : Cost.Clip(PlainRenderer.Render(view), PlainBytes);
        var data = new JsonObject();
        var preferred = RegisteredFormatters.Preferred(value.GetType());
        if (view is JsonView { IsWhole: true } json) data[Json] = json.Json.DeepClone();
        else if (preferred?.Contains(Html) != false && HtmlRenderer.Render(view) is { } html && Cost.Of(html) + Cost.Of(plain) < MaximumBytes)
            data[Html] = html;
        data[Text] = plain;
        if (preferred?.Contains(Json) == true && !data.ContainsKey(Json)) AddJson(data, value);
        return new MimeBundle(data);
    }

    // What has no JSON, or too much, is left with its plain text.
    private static void AddJson(JsonObject data, object? value)
    {
        var left = MaximumBytes - data.Sum(part => part.Value is JsonValue text ? Cost.Of(text.ToString()) : 0) - 1024;
        if (JsonView.Serialize(value, left) is { } json) data.Insert(0, Json, json);
    }

    private static JsonNode? Node(string content, string mimeType) =>
        mimeType.EndsWith("json", StringComparison.Ordinal) ? JsonNode.Parse(content) : JsonValue.Create(content);

    private static string Bounded(string content, string mimeType)
    {
        if (content.Length <= MaximumRegistered) return content;
        var notice = $"A formatter wrote {content.Length:N0} characters of {mimeType}; {MaximumRegistered:N0} are shown at most.";
        return mimeType.EndsWith("json", StringComparison.Ordinal) ? JsonSerializer.Serialize(notice) : notice;
    }
}
