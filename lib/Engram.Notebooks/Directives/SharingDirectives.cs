using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive;

namespace Engram.Notebooks;

/// <summary><c>#!share</c>, <c>#!set</c> and <c>#!value</c>: named values between languages.</summary>
internal static partial class SharingDirectives
{
    /// <summary>What <c>#!share</c> takes.</summary>
    public const string ShareUsage = "[--name] NAME --from LANGUAGE [--as NAME] [--mime-type TYPE]";

    /// <summary>What <c>#!set</c> takes.</summary>
    public const string SetUsage = "--name NAME --value VALUE [--mime-type TYPE] [--byref]";

    /// <summary>What <c>#!value</c> takes.</summary>
    public const string KeepUsage = "--name NAME [--from-file FILE | --from-url URL | --from-value VALUE] [--mime-type TYPE]";

    /// <summary><c>#!share</c></summary>
    /// <param name="part">The directive.</param>
    /// <param name="context">Where it stands.</param>
    public static void Share(DirectivePart part, DirectiveContext context)
    {
        var arguments = DirectiveArguments.Parse(part, ShareUsage);
        var name = arguments.Need("--name");
        var value = Find(arguments.Need("--from"), name, context);
        Give(context, arguments["--as"] ?? name, Shown(value, arguments["--mime-type"]));
    }

    /// <summary><c>#!set</c></summary>
    /// <param name="part">The directive.</param>
    /// <param name="context">Where it stands.</param>
    public static void Set(DirectivePart part, DirectiveContext context)
    {
        var arguments = DirectiveArguments.Parse(part, SetUsage);
        var name = arguments.Need("--name");
        var value = Interpret(arguments.NeedRaw("--value"), name, context);
        Give(context, name, Shown(value, arguments["--mime-type"]));
    }

    /// <summary><c>#!value</c>, which may have its text below it.</summary>
    /// <param name="part">The directive.</param>
    /// <param name="context">Where it stands.</param>
    public static void Keep(DirectivePart part, DirectiveContext context)
    {
        var arguments = DirectiveArguments.Parse(part, KeepUsage);
        var name = arguments.Need("--name");
        var value = Source(arguments, part.Content, name, context);
        context.Engine.Store.Set(name, value);
        if (arguments["--mime-type"] is { } type)
            context.Engine.Tell(new ValueDisplayed(value is string text ? MimeBundles.Raw(text, type) : MimeBundles.Of(value, [type]), null));
    }

    /// <summary>A value, or where a mime type is asked for, the text that shows it.</summary>
    private static NamedValue Shown(NamedValue value, string? mimeType)
    {
        if (mimeType is null)
            return value;
        var shown = MimeBundles.Of(value.Value, [mimeType]).Data;
        if (shown[mimeType] is not { } content)
            throw new DirectiveException($"{value.Name} is shown as {string.Join(", ", shown.Select(each => each.Key))}, not as {mimeType}.");
        return Of(value.Name, content.GetValueKind() == JsonValueKind.String ? content.GetValue<string>() : content.ToJsonString());
    }

    private static object? Source(DirectiveArguments arguments, string below, string name, DirectiveContext context)
    {
        if (arguments["--from-file"] is { } file)
            return File.ReadAllText(context.FindFile(file));
        if (arguments.Raw("--from-value") is { } value)
            return Interpret(value, name, context).Value;
        return arguments["--from-url"] is { } address ? Download(address, context.Cell.Cancellation) : below;
    }

    private static string Download(string address, CancellationToken cancellation)
    {
        using var client = new HttpClient();
        try
        {
            return client.GetStringAsync(address, cancellation).GetAwaiter().GetResult();
        }
        catch (HttpRequestException error)
        {
            throw new DirectiveException($"{address} cannot be read: {error.Message}");
        }
    }

    private static NamedValue Find(string from, string name, DirectiveContext context) =>
        context.FindValue(from, name)
        ?? throw new DirectiveException($"{from} has no value named '{name}'.");

    private static void Give(DirectiveContext context, string name, NamedValue value)
    {
        var seen = context.Language.SetValue(name, value.Value, value.Type);
        if (seen != value.Type)
            context.Show($"{name} is an object here: {context.Language.Name} cannot name {(TypeNames.Of(value.Type) is { Length: > 0 } type ? "its type " + type : "an anonymous type")}.");
    }

    private static NamedValue Interpret(string text, string name, DirectiveContext context)
    {
        if (Question().Match(text) is { Success: true } asked)
            return Of(name, Ask(asked.Groups["prompt"].Value, name, hidden: asked.Groups["hidden"].Success, context));
        if (text.StartsWith('@') && text.IndexOf(':') is > 0 and var colon)
            return Find(text[1..colon], text[(colon + 1)..], context);
        return Of(name, Literal(text));
    }

    private static NamedValue Of(string name, object? value) => new(name, value, value?.GetType() ?? typeof(object));

    private static object Ask(string prompt, string name, bool hidden, DirectiveContext context)
    {
        prompt = prompt.Length == 0 ? name
            : prompt.StartsWith('{')
            ? JsonDocument.Parse(prompt).RootElement.TryGetProperty("prompt", out var given) ? given.GetString() ?? name : name
            : DirectiveArguments.Unquote(prompt);
        var answer = context.Engine.ReadLine(prompt, hidden)
            ?? throw new DirectiveException($"'{prompt}' was asked, and this frontend cannot answer.");
        return hidden ? new PasswordString(answer) : answer;
    }

    [GeneratedRegex("^@(input|(?<hidden>password))(:(?<prompt>.*))?$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Question();

    /// <summary>A JSON number, truth value, text or structure; any other text is itself.</summary>
    private static object? Literal(string text)
    {
        if (text.StartsWith('\''))
            return DirectiveArguments.Unquote(text);
        try
        {
            return Plain(JsonDocument.Parse(text).RootElement);
        }
        catch (JsonException)
        {
            return DirectiveArguments.Unquote(text);
        }
    }

    private static object? Plain(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number when json.TryGetInt32(out var number) => number,
        JsonValueKind.Number when json.TryGetInt64(out var number) => number,
        JsonValueKind.Number => json.GetDouble(),
        _ => json,
    };
}
