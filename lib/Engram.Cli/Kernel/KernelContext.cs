using System.Text.Json.Nodes;

namespace Engram.Cli.Kernel;

/// <summary>What the parts of a kernel share: how to answer, and what to remember.</summary>
internal sealed class KernelContext
{
    private readonly Wire _wire;
    private readonly Session _session = new();

    /// <summary>The shared parts of a kernel on a wire.</summary>
    public KernelContext(Wire wire, KernelLog log)
    {
        (_wire, Log) = (wire, log);
        Status = new(_session, wire.Send);
        Stdin = new(_session, wire.Send);
    }

    /// <summary>For the operator's eyes.</summary>
    public KernelLog Log { get; }

    /// <summary>Says busy and idle.</summary>
    public StatusLine Status { get; }

    /// <summary>Asks the user.</summary>
    public StdinChannel Stdin { get; }

    /// <summary>What was run.</summary>
    public History History { get; } = new();

    /// <summary>Answers on the shell channel.</summary>
    public void Reply(JupyterMessage request, string type, JsonObject content) =>
        Reply(WireChannel.Shell, request, type, content);

    /// <summary>Answers on the channel that the request came by.</summary>
    public void Reply(WireChannel channel, JupyterMessage request, string type, JsonObject content) =>
        _wire.Send(channel, _session.Reply(request, type, content));

    /// <summary>Tells all clients.</summary>
    public void Publish(JupyterMessage parent, string type, JsonObject content) =>
        _wire.Send(WireChannel.IOPub, _session.Broadcast(parent, type, content));

    /// <summary>Waits until every request that has reached the shell socket by now has been received.</summary>
    public void ReceiveSent()
    {
        using var done = new ManualResetEventSlim();
        _wire.Post(() =>
        {
            _wire.ReceivePendingShell();
            done.Set();
        });
        done.Wait();
    }
}
