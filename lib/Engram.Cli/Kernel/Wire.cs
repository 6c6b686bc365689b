using System.Text.Json;
using NetMQ;
using NetMQ.Sockets;

namespace Engram.Cli.Kernel;

/// <summary>The channels that carry messages.</summary>
internal enum WireChannel
{
    /// <summary>Requests and replies.</summary>
    Shell,

    /// <summary>Requests that don't wait behind others: interrupt, shutdown.</summary>
    Control,

    /// <summary>The kernel's questions to the user.</summary>
    Stdin,

    /// <summary>What all clients hear.</summary>
    IOPub,
}

/// <summary>
/// The four message sockets, all on one poller: received messages are handed over on it, and messages to send
/// come to it through one queue, so that their order is the order of the calls.
/// </summary>
internal sealed class Wire : IDisposable
{
    /// <summary>How many messages may wait to leave; who sends more waits as well. The largest hold some 256 KB.</summary>
    private const int MostWaiting = 256;

    private const int MostFrames = 64;

    private readonly MessageCodec _codec;
    private readonly KernelLog _log;
    private readonly RouterSocket _shell = new();
    private readonly RouterSocket _control = new();
    private readonly RouterSocket _stdin = new();
    private readonly PublisherSocket _iopub = new();
    private readonly NetMQQueue<Outgoing> _outbox = new();
    private readonly NetMQPoller _poller = [];
    private int _waiting;

    /// <summary>Binds the sockets; nothing is read before <see cref="Start"/>.</summary>
    /// <exception cref="ConnectionFileException">A port is not to be had.</exception>
    public Wire(ConnectionFile connection, MessageCodec codec, KernelLog log)
    {
        (_codec, _log) = (codec, log);
        try
        {
            Open(_shell, connection.Address, connection.ShellPort, "shell_port");
            Open(_control, connection.Address, connection.ControlPort, "control_port");
            Open(_stdin, connection.Address, connection.StdinPort, "stdin_port");
            Open(_iopub, connection.Address, connection.IOPubPort, "iopub_port");
        }
        catch (ConnectionFileException)
        {
            Dispose();
            throw;
        }

        foreach (var (channel, router) in Routers())
        {
            router.Options.RouterHandover = true;
            router.ReceiveReady += (_, _) => ReceiveAll(channel, router);
            _poller.Add(router);
        }
        _outbox.ReceiveReady += (_, _) => SendAll();
        _poller.Add(_outbox);
    }

    /// <summary>Hears each good message, on the poller's thread.</summary>
    public event Action<WireChannel, JupyterMessage>? Received;

    /// <summary>Starts to read.</summary>
    public void Start() => _poller.RunAsync("jupyter", isBackgroundThread: true);

    /// <summary>
    /// Sends a message after all that were sent before it. It is written and signed on the poller's thread, and not to be
    /// changed any more: the sender's time is a cell's. Waits while a flood is on its way.
    /// </summary>
    public void Send(WireChannel channel, JupyterMessage message)
    {
        while (Volatile.Read(ref _waiting) > MostWaiting && !_poller.CanExecuteTaskInline) Thread.Sleep(1);
        Enqueue(new(channel, message, null));
    }

    /// <summary>Runs an action on the poller's thread after all that was sent before it.</summary>
    public void Post(Action action) => Enqueue(new(WireChannel.Shell, null, action));

    /// <summary>Hands over all that lies unread in the shell socket; on the poller's thread only.</summary>
    public void ReceivePendingShell() => ReceiveAll(WireChannel.Shell, _shell);

    /// <summary>Stops reading, and gives what is already sent a moment to leave.</summary>
    public void Dispose()
    {
        _poller.Dispose();
        foreach (var socket in new NetMQSocket[] { _shell, _control, _stdin, _iopub }) socket.Dispose();
        _outbox.Dispose();
    }

    private static void Open(NetMQSocket socket, string address, int port, string name)
    {
        socket.Options.Linger = TimeSpan.FromSeconds(1);
        socket.Options.SendHighWatermark = 0;
        socket.Options.ReceiveHighWatermark = 0;
        Ports.Bind(socket, address, port, name);
    }

    private (WireChannel Channel, RouterSocket Socket)[] Routers() =>
        [(WireChannel.Shell, _shell), (WireChannel.Control, _control), (WireChannel.Stdin, _stdin)];

    /// <summary>A formatter may give JSON that can't be written; the kernel survives that.</summary>
    private List<byte[]>? TryEncode(JupyterMessage message)
    {
        try
        {
            return _codec.Encode(message);
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException
            or NotSupportedException)
        {
            _log.Warn($"a {message.Type} could not be written", error.Message);
            return null;
        }
    }

    private void Enqueue(Outgoing item)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            _outbox.Enqueue(item);
        }
        catch (ObjectDisposedException)
        {
            // The kernel has shut down while a cell was still talking.
        }
    }

    private void ReceiveAll(WireChannel channel, RouterSocket socket)
    {
        List<byte[]> frames = [];
        while (socket.TryReceiveMultipartBytes(ref frames!)) Hand(channel, frames);
    }

    private void Hand(WireChannel channel, List<byte[]> frames)
    {
        try
        {
            if (frames.Count > MostFrames) throw new ProtocolException($"{frames.Count} frames");
            Received?.Invoke(channel, _codec.Decode(frames));
        }
        catch (ProtocolException error)
        {
            _log.Warn($"a message on {channel} was ignored", error.Message);
        }
        catch (Exception error)
        {
            _log.Warn($"a message on {channel} could not be handled", error.ToString());
        }
    }

    private void SendAll()
    {
        while (_outbox.TryDequeue(out var item, TimeSpan.Zero))
        {
            Interlocked.Decrement(ref _waiting);
            item.Action?.Invoke();
            if (item.Message is { } message && TryEncode(message) is { } frames)
                SocketOf(item.Channel).TrySendMultipartBytes(frames);
        }
    }

    private NetMQSocket SocketOf(WireChannel channel) => channel switch
    {
        WireChannel.Shell => _shell,
        WireChannel.Control => _control,
        WireChannel.Stdin => _stdin,
        _ => _iopub,
    };

    private sealed record Outgoing(WireChannel Channel, JupyterMessage? Message, Action? Action);
}
