using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive;

namespace Engram.Notebooks;

/// <summary><c>#!share</c>, <c>#!set</c> and <c>#!value</c>: named values between languages.</summary>
internal static partial class SharingDirectives
{
    /// <summary><c>#!share NAME --from LANGUAGE [--as NAME]</c></summary>
    /// <param name="part">The directive.</param>
    /// <param name="context">Where it stands.</param>
    public static void Share(DirectivePart part, DirectiveContext context)
    {
        var arguments = DirectiveArguments.Parse(part.Arguments);
        var name = DirectiveArguments.Unquote(arguments.Words.FirstOrDefault() ?? arguments.Need("--name", part.Name));
        var value = Find(arguments.Need("--from", part.Name), name, context);
        Give(context, arguments["--as"] is { Length: > 0 } other ? other : name, value);
    }

    /// <summary><c>#!set --name NAME --value VALUE</c></summary>
    /// <param name="part">The directive.</param>
    /// <param name="context">Where it stands.</param>
    public static void Set(DirectivePart part, DirectiveContext context)
    {
        var arguments = DirectiveArguments.Parse(part.Arguments);
        var name = arguments.Need("--name", part.Name);
        Give(context, name, Interpret(arguments.Need("--value", part.Name), name, context));
    }

    /// <summary><c>#!value --name NAME [--from-file FILE | --from-url URL | --from-value @…]</c>, or text below it.</summary>
    /// <param name="part">The directive.</param>
    /// <param name="context">Where it stands.</param>
    public static void Keep(DirectivePart part, DirectiveContext context)
    {
        var arguments = DirectiveArguments.Parse(part.Arguments);
        var name = arguments.Need("--name", part.Name);
        context.Engine.Store.Set(name, Source(arguments, part.Content, name, context));
    }

    private static object? Source(DirectiveArguments arguments, string below, string name, DirectiveContext context)
    {
        if (arguments["--from-file"] is { Length: > 0 } file)
            return File.ReadAllText(context.FindFile(DirectiveArguments.Unquote(file)));
        if (arguments["--from-value"] is { Length: > 0 } value)
            return Interpret(value, name, context).Value;
        if (arguments["--from-url"] is not { Length: > 0 } address)
            return below;
        return Download(DirectiveArguments.Unquote(address), context.Cell.Cancellation);
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
