using System.Text.Json.Nodes;
using Engram.Notebooks;

namespace Engram.Cli.Kernel;

/// <summary>Asks the user of one client for a line, and waits for the answer.</summary>
internal sealed class StdinChannel(Session session, Action<WireChannel, JupyterMessage> send)
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turn = new(1);
    private TaskCompletionSource<string>? _awaited;

    /// <summary>The questions of one cell go to whoever sent it.</summary>
    public IInput For(JupyterMessage request) => new Asker(this, request);

    /// <summary>Hears an <c>input_reply</c>; one that nobody waits for is of no use.</summary>
    public void Answer(JupyterMessage reply)
    {
        lock (_gate) _awaited?.TrySetResult(reply.Content.Text("value") ?? "");
    }

    // An answer does not say which question it is for.
    private string Ask(JupyterMessage request, string prompt, bool hidden, CancellationToken cancellation)
    {
        _turn.Wait(cancellation);
        try
        {
            return AskAlone(request, prompt, hidden, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    private string AskAlone(JupyterMessage request, string prompt, bool hidden, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate) _awaited = answer;
        send(WireChannel.Stdin, session.Reply(request, "input_request", new JsonObject
        {
            ["prompt"] = prompt,
            ["password"] = hidden,
        }));
        answer.Task.Wait(cancellation);
        return answer.Task.Result;
    }

    private sealed class Asker(StdinChannel channel, JupyterMessage request) : IInput
    {
        public string? ReadLine(string prompt, bool hidden, CancellationToken cancellation) =>
            channel.Ask(request, prompt, hidden, cancellation);
    }
}
