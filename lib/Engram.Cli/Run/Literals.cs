using System.Globalization;
using System.Text.Json.Nodes;

namespace Engram.Cli;

/// <summary>Values of a command line as literals of C# and F#.</summary>
internal static class Literals
{
    /// <summary>The literal of a text for a variable.</summary>
    /// <param name="text">What the command line says.</param>
    /// <param name="declared">The variable's type; null to take the one that the text suggests.</param>
    /// <param name="language"><c>csharp</c> or <c>fsharp</c>.</param>
    /// <exception cref="FormatException">The text is no value of that type.</exception>
    public static string Of(string text, Type? declared, string language)
    {
        var type = Nullable.GetUnderlyingType(declared ?? typeof(object)) ?? declared ?? Suggested(text);
        return type == typeof(object) ? Of(text, Suggested(text), language)
            : type.IsArray && type.GetElementType() is { IsArray: false } element ? Array(text, element, language)
            : Scalar(text, type, language);
    }

    private static Type Suggested(string text) =>
        text is "true" or "false" ? typeof(bool)
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? typeof(int)
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? typeof(long)
        : IsNumber(text) ? typeof(double)
        : text.StartsWith('[') && text.EndsWith(']') ? Elements(text).Select(Suggested).Distinct().ToList() switch
        {
            [var one] => one.MakeArrayType(),
            var several when several.TrueForAll(type => type == typeof(int) || type == typeof(long)) => typeof(long[]),
            var several when several.Count > 0 && several.TrueForAll(type => type != typeof(string) && type != typeof(bool)) => typeof(double[]),
            _ => typeof(string[]),
        }
        : typeof(string);

    private static string Scalar(string text, Type type, string language)
    {
        var isCSharp = language == "csharp";
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => Parsed<bool>(text, type) ? "true" : "false",
            TypeCode.Int32 => Number<int>(text, type),
            TypeCode.Int64 => Number<long>(text, type) + "L",
            TypeCode.Double => Real(Parsed<double>(text, type), isCSharp ? "double.NaN" : "nan", isCSharp ? "double.PositiveInfinity" : "infinity"),
            TypeCode.Single => Single(Parsed<float>(text, type), isCSharp),
            TypeCode.Decimal => Number<decimal>(text, type) + "m",
            TypeCode.String => Quoted(Unquoted(text)),
            _ => throw Wrong(text, type),
        };
    }

    private static string Array(string text, Type element, string language)
    {
        if (!text.StartsWith('[') || !text.EndsWith(']')) throw Wrong(text, element.MakeArrayType());
        var items = Elements(text).Select(item => Scalar(item, element, language)).ToList();
        return language == "csharp"
            ? $"new {Name(element)}[] {{ {string.Join(", ", items)} }}"
            : items.Count > 0 ? $"[| {string.Join("; ", items)} |]" : $"Array.empty<{FSharpName(element)}>";
    }

    private static IEnumerable<string> Elements(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonArray items
                ? [.. items.Select(item => item is JsonValue value && value.TryGetValue(out string? quoted) ? quoted : item?.ToJsonString() ?? "null")]
                : [];
        }
        catch (System.Text.Json.JsonException)
        {
            // A list of bare words is a list of texts.
            return text[1..^1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }
    }

    private static string Number<T>(string text, Type type) where T : ISpanParsable<T>, IFormattable =>
        Parsed<T>(text, type).ToString(null, CultureInfo.InvariantCulture);

    private static T Parsed<T>(string text, Type type) where T : ISpanParsable<T> =>
        T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(text, type);

    private static bool IsNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && (double.IsFinite(number) || text is "NaN" or "Infinity" or "-Infinity");

    private static string Single(float value, bool isCSharp) =>
        float.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) is var digits && !isCSharp && !digits.Contains('.') && !digits.Contains('E')
            ? digits + ".0f" : digits + "f"
        : Real(value, isCSharp ? "float.NaN" : "nanf", isCSharp ? "float.PositiveInfinity" : "infinityf");

    private static string Real(double value, string notANumber, string infinity) =>
        double.IsNaN(value) ? notANumber
        : double.IsPositiveInfinity(value) ? infinity
        : double.IsNegativeInfinity(value) ? "-" + infinity
        : value.ToString("R", CultureInfo.InvariantCulture) is var digits && (digits.Contains('.') || digits.Contains('E'))
            ? digits : digits + ".0";

    private static string Unquoted(string text) =>
        text.Length >= 2 && text[0] == text[^1] && text[0] is '"' or '\'' ? text[1..^1] : text;

    private static string Quoted(string text) =>
        "\"" + string.Concat(text.Select(character => character switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            < ' ' => $"\\u{(int)character:x4}",
            _ => character.ToString(),
        })) + "\"";

    private static string Name(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "bool",
        TypeCode.Int32 => "int",
        TypeCode.Int64 => "long",
        TypeCode.Double => "double",
        TypeCode.Single => "float",
        TypeCode.Decimal => "decimal",
        _ => "string",
    };

    private static string FSharpName(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Int64 => "int64",
        TypeCode.Double => "float",
        TypeCode.Single => "float32",
        _ => Name(type),
    };

    private static FormatException Wrong(string text, Type type) =>
        new($"'{text}' is no value for a variable of type {(type.IsArray ? Name(type.GetElementType()!) + "[]" : Readable(type))}");

    private static string Readable(Type type) =>
        Type.GetTypeCode(type) is TypeCode.Object or TypeCode.Char or TypeCode.DateTime ? type.Name + ", which --set cannot give" : Name(type);
}
