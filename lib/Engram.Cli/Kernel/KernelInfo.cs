using System.Text.Json.Nodes;

namespace Engram.Cli.Kernel;

/// <summary>How the kernel introduces itself.</summary>
internal static class KernelInfo
{
    /// <summary>The version of this program.</summary>
    public static string Version { get; } = typeof(KernelInfo).Assembly.GetName().Version!.ToString(3);

    /// <summary>The content of a <c>kernel_info_reply</c>.</summary>
    public static JsonObject Content(string language) => new()
    {
        ["status"] = "ok",
        ["protocol_version"] = Session.ProtocolVersion,
        ["implementation"] = "engram",
        ["implementation_version"] = Version,
        ["language_info"] = language == "fsharp" ? FSharp() : CSharp(),
        ["banner"] = $"Engram {Version}: C# and F# on .NET {Environment.Version}",
        ["debugger"] = false,
        ["help_links"] = new JsonArray(
            Link("C#", "https://learn.microsoft.com/dotnet/csharp/"),
            Link("F#", "https://learn.microsoft.com/dotnet/fsharp/")),
    };

    private static JsonObject CSharp() => new()
    {
        ["name"] = "C#",
        ["version"] = "14.0",
        ["mimetype"] = "text/x-csharp",
        ["file_extension"] = ".cs",
        ["pygments_lexer"] = "csharp",
        ["codemirror_mode"] = "text/x-csharp",
    };

    private static JsonObject FSharp() => new()
    {
        ["name"] = "F#",
        ["version"] = "10.0",
        ["mimetype"] = "text/x-fsharp",
        ["file_extension"] = ".fs",
        ["pygments_lexer"] = "fsharp",
        ["codemirror_mode"] = "text/x-fsharp",
    };

    private static JsonObject Link(string text, string url) => new() { ["text"] = text, ["url"] = url };
}
