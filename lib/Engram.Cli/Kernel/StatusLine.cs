using System.Text.Json.Nodes;

namespace Engram.Cli.Kernel;

/// <summary>
/// Says <c>busy</c> and <c>idle</c> for each request. A request that is answered while a cell runs would leave
/// clients with <c>idle</c>, so the cell's <c>busy</c> is said again.
/// </summary>
internal sealed class StatusLine(Session session, Action<WireChannel, JupyterMessage> send)
{
    private readonly Lock _gate = new();
    private JupyterMessage? _running;

    /// <summary>A cell begins.</summary>
    public void BeginCell(JupyterMessage request)
    {
        lock (_gate)
        {
            _running = request;
            Say(request, "busy");
        }
    }

    /// <summary>The cell that began has ended.</summary>
    public void EndCell(JupyterMessage request)
    {
        lock (_gate)
        {
            _running = null;
            Say(request, "idle");
        }
    }

    /// <summary>Answers a request between <c>busy</c> and <c>idle</c>.</summary>
    public void Around(JupyterMessage request, Action answer)
    {
        lock (_gate) Say(request, "busy");
        try
        {
            answer();
        }
        finally
        {
            lock (_gate)
            {
                Say(request, "idle");
                if (_running is { } cell) Say(cell, "busy");
            }
        }
    }

    /// <summary>Says a state that belongs to no request.</summary>
    public void Say(string state) => Say(null, state);

    private void Say(JupyterMessage? parent, string state) =>
        send(WireChannel.IOPub, session.Broadcast(parent, "status", new() { ["execution_state"] = state }));
}
