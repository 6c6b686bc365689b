using System.Runtime.InteropServices;

namespace Engram.Cli.Kernel;

/// <summary>A Jupyter kernel: listens, hands each request to whoever answers it, and ends when it is told to.</summary>
internal sealed class KernelServer : IDisposable
{
    private readonly KernelLog _log;
    private readonly Heartbeat _heartbeat;
    private readonly Wire _wire;
    private readonly KernelContext _context;
    private readonly ManualResetEventSlim _ended = new();

    /// <summary>Binds the ports, so that clients can connect; they are answered once it runs.</summary>
    /// <exception cref="ConnectionFileException">A port is not to be had.</exception>
    public KernelServer(ConnectionFile connection, KernelLog log)
    {
        _log = log;
        _wire = new(connection, new(new(connection.Key)), log);
        try
        {
            _heartbeat = new(connection);
        }
        catch (ConnectionFileException)
        {
            _wire.Dispose();
            throw;
        }

        _context = new(_wire, log);
    }

    /// <summary>Serves until a client asks for the end, or the parent is gone.</summary>
    /// <param name="engine">An engine that is ready to run cells.</param>
    public void Run(IKernelEngine engine)
    {
        var executor = new Executor(engine, _context);
        var desk = new ServiceDesk(engine.Services, _context);
        _wire.Received += (channel, message) => Dispatch(channel, message, engine.Language, executor, desk);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            executor.Interrupt();
        });
        ParentWatch.Start(() =>
        {
            _log.Warn("the parent is gone", "the kernel ends");
            _ended.Set();
        });
        StartThread("cells", executor.Run);
        StartThread("services", desk.Run);
        _context.Status.Say("starting");
        _wire.Start();
        _ended.Wait();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _wire.Dispose();
        _heartbeat.Dispose();
    }

    private void Dispatch(
        WireChannel channel, JupyterMessage message, string language, Executor executor, ServiceDesk desk)
    {
        switch (message.Type)
        {
            case "kernel_info_request":
                _context.Status.Around(message, () =>
                    _context.Reply(channel, message, "kernel_info_reply", KernelInfo.Content(language)));
                break;
            case "interrupt_request":
                _wire.ReceivePendingShell(); // What was sent before the interrupt is meant by it.
                executor.Interrupt();
                _context.Status.Around(message, () =>
                    _context.Reply(channel, message, "interrupt_reply", new() { ["status"] = "ok" }));
                break;
            case "shutdown_request":
                ShutDown(channel, message);
                break;
            case "input_reply" when channel == WireChannel.Stdin:
                _context.Stdin.Answer(message);
                break;
            case "execute_request" when channel == WireChannel.Shell:
                executor.Enqueue(message);
                break;
            case var type when channel == WireChannel.Shell && ServiceDesk.Answers(type):
                desk.Enqueue(message);
                break;
            default:
                _log.Warn("an unknown message was ignored", $"'{message.Type}' on {channel}");
                break;
        }
    }

    private void ShutDown(WireChannel channel, JupyterMessage message)
    {
        var restart = message.Content.Flag("restart", false);
        _context.Status.Around(message, () =>
        {
            _context.Publish(message, "shutdown_reply", new() { ["status"] = "ok", ["restart"] = restart });
            _context.Reply(
                channel, message, "shutdown_reply", new() { ["status"] = "ok", ["restart"] = restart });
        });
        _wire.Post(() => _ended.Set());
    }

    /// <summary>Threads of the kernel's own: a cell may keep the whole pool busy.</summary>
    private static void StartThread(string name, Action run) =>
        new Thread(() => run()) { IsBackground = true, Name = name }.Start();
}
