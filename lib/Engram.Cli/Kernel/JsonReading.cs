using System.Text.Json;
using System.Text.Json.Nodes;

namespace Engram.Cli.Kernel;

/// <summary>Reads members of a client's JSON without trusting their types.</summary>
internal static class JsonReading
{
    /// <summary>A text member, or null where there is none.</summary>
    public static string? Text(this JsonObject json, string name) =>
        json[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>A boolean member, or the default where there is none.</summary>
    public static bool Flag(this JsonObject json, string name, bool otherwise) =>
        json[name] is JsonValue value && value.GetValueKind() is JsonValueKind.True or JsonValueKind.False
            ? json[name]!.GetValue<bool>()
            : otherwise;

    /// <summary>A whole number, or null where there is none.</summary>
    public static int? Number(this JsonObject json, string name) =>
        json[name] is JsonValue value && value.TryGetValue(out int number) ? number : null;

    /// <summary>An object, or an empty one where there is none.</summary>
    public static JsonObject Object(this JsonObject json, string name) => json[name] as JsonObject ?? [];

    /// <summary>The text of a required member.</summary>
    /// <exception cref="ProtocolException">There is no such text.</exception>
    public static string RequiredText(this JsonObject json, string name) =>
        json.Text(name) ?? throw new ProtocolException($"'{name}' is missing or is no text");
}
