using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Engram.Cli.Kernel;

/// <summary>Makes this kernel's messages: headers, parents, identities and topics.</summary>
internal sealed class Session
{
    /// <summary>The version of the protocol that the kernel speaks.</summary>
    public const string ProtocolVersion = "5.4";

    private readonly string _id = Guid.NewGuid().ToString();

    /// <summary>A message that goes back to whoever sent the request.</summary>
    public JupyterMessage Reply(JupyterMessage request, string type, JsonObject content) =>
        Make(request.Identities, request, type, content, []);

    /// <summary>A message that all clients hear.</summary>
    /// <param name="parent">The request that it belongs to; null for what belongs to none.</param>
    /// <param name="type">Such as <c>stream</c>.</param>
    /// <param name="content">What it says.</param>
    /// <param name="metadata">Its metadata; null for none.</param>
    public JupyterMessage Broadcast(
        JupyterMessage? parent, string type, JsonObject content, JsonObject? metadata = null) =>
        Make([Encoding.ASCII.GetBytes($"kernel.{_id}.{type}")], parent, type, content, metadata ?? []);

    private JupyterMessage Make(
        IReadOnlyList<byte[]> identities, JupyterMessage? parent, string type, JsonObject content, JsonObject metadata)
    {
        var header = new JsonObject
        {
            ["msg_id"] = Guid.NewGuid().ToString(),
            ["session"] = _id,
            ["username"] = "kernel",
            // Microseconds: a date with more digits is no date to jupyter_client.
            ["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffK", CultureInfo.InvariantCulture),
            ["msg_type"] = type,
            ["version"] = ProtocolVersion,
        };
        var parentHeader = (JsonObject?)parent?.Header.DeepClone() ?? [];
        return new(identities, header, parentHeader, metadata, content, []);
    }
}
