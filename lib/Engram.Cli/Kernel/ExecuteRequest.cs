using System.Text.Json.Nodes;

namespace Engram.Cli.Kernel;

/// <summary>What a client asks to run, and how.</summary>
internal sealed record ExecuteRequest(
    string Code, bool Silent, bool StoreHistory, bool AllowStdin, bool StopOnError,
    IReadOnlyDictionary<string, string> Expressions)
{
    /// <summary>Reads a request's content; a silent cell never enters the history.</summary>
    /// <exception cref="ProtocolException">It has no code, or an expression that is no text.</exception>
    public static ExecuteRequest Read(JsonObject content)
    {
        var silent = content.Flag("silent", false);
        var expressions = content.Object("user_expressions");
        return new(
            content.RequiredText("code"),
            silent,
            !silent && content.Flag("store_history", true),
            content.Flag("allow_stdin", true),
            content.Flag("stop_on_error", true),
            expressions.ToDictionary(pair => pair.Key, pair => expressions.RequiredText(pair.Key)));
    }
}
