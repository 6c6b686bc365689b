using NetMQ;
using NetMQ.Sockets;

namespace Engram.Cli.Kernel;

/// <summary>Echoes whatever comes, on a thread of its own: a client asks whether the process still lives.</summary>
internal sealed class Heartbeat : IDisposable
{
    private readonly RouterSocket _socket = new();
    private readonly NetMQPoller _poller;

    /// <summary>Starts to beat.</summary>
    /// <exception cref="ConnectionFileException">The port is not to be had.</exception>
    public Heartbeat(ConnectionFile connection)
    {
        _socket.Options.Linger = TimeSpan.Zero;
        try
        {
            Ports.Bind(_socket, connection.Address, connection.HeartbeatPort, "hb_port");
        }
        catch (ConnectionFileException)
        {
            _socket.Dispose();
            throw;
        }

        _socket.ReceiveReady += (_, _) => Echo();
        _poller = [_socket];
        _poller.RunAsync("heartbeat", isBackgroundThread: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _poller.Dispose();
        _socket.Dispose();
    }

    private void Echo()
    {
        List<byte[]> frames = [];
        while (_socket.TryReceiveMultipartBytes(ref frames!)) _socket.TrySendMultipartBytes(frames);
    }
}
