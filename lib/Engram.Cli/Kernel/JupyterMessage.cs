using System.Text.Json.Nodes;

namespace Engram.Cli.Kernel;

/// <summary>One message of Jupyter's protocol.</summary>
/// <param name="Identities">The routing frames of a ROUTER socket, or the topic of a PUB socket.</param>
/// <param name="Header">Its own header.</param>
/// <param name="ParentHeader">The header of the request that it answers; empty where there is none.</param>
/// <param name="Metadata">Its metadata.</param>
/// <param name="Content">What it says.</param>
/// <param name="Buffers">Raw bytes that follow.</param>
internal sealed record JupyterMessage(
    IReadOnlyList<byte[]> Identities, JsonObject Header, JsonObject ParentHeader,
    JsonObject Metadata, JsonObject Content, IReadOnlyList<byte[]> Buffers)
{
    /// <summary>Such as <c>execute_request</c>.</summary>
    public string Type { get; } = Header.Text("msg_type") ?? "";

    /// <summary>Its unique id.</summary>
    public string Id { get; } = Header.Text("msg_id") ?? "";
}
