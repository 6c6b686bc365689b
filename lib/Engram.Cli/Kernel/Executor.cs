using System.Text.Json.Nodes;
using Engram.Notebooks;

namespace Engram.Cli.Kernel;

/// <summary>Runs cells one after the other, in the order in which they came.</summary>
internal sealed class Executor(IKernelEngine engine, KernelContext context)
{
    /// <summary>How long messages may take that were sent before a cell failed.</summary>
    private static readonly TimeSpan s_onTheirWay = TimeSpan.FromMilliseconds(20);

    private readonly WorkQueue<JupyterMessage> _queue = new();
    private readonly Lock _gate = new();
    private CancellationTokenSource? _running;
    private CellPublisher? _between;
    private bool _interruptNext;
    private int _outstanding;
    private int _count;

    /// <summary>Puts a request behind those that wait.</summary>
    public void Enqueue(JupyterMessage request)
    {
        lock (_gate) _outstanding++;
        _queue.Add(request);
    }

    /// <summary>Stops the running cell; if one waits to begin, that one.</summary>
    public void Interrupt()
    {
        lock (_gate)
        {
            // Cancelling runs callbacks: the poller must not wait for them, and the pool may be the cell's victim.
            if (_running is { } cell) new Thread(cell.Cancel) { IsBackground = true, Name = "interrupt" }.Start();
            else _interruptNext = _outstanding > 0;
        }
    }

    /// <summary>Runs cells until the kernel ends.</summary>
    public void Run()
    {
        engine.Between = heard => Volatile.Read(ref _between)?.Hear(heard);
        foreach (var request in _queue.TakeAll())
        {
            try
            {
                Answer(request);
                engine.Prepare();
            }
            catch (Exception error)
            {
                context.Log.Warn("a cell could not be answered", error.ToString());
            }
        }
    }

    private void Answer(JupyterMessage request)
    {
        // From the end of its code on: nothing that the cell's work in the background writes may be lost.
        Interlocked.Exchange(ref _between, new((type, content) => context.Publish(request, type, content), _count))?.Dispose();
        var outcome = RunGuarded(request);
        IReadOnlyList<JupyterMessage> aborted = outcome.StopsQueue ? TakeQueued() : [];
        context.Reply(request, "execute_reply", outcome.Reply);
        context.Status.EndCell(request);
        foreach (var waiting in aborted) Abort(waiting);
    }

    private Outcome RunGuarded(JupyterMessage request)
    {
        using var stop = new CancellationTokenSource();
        Begin(stop);
        try
        {
            return RunCell(request, ExecuteRequest.Read(request.Content), stop.Token);
        }
        catch (ProtocolException error)
        {
            context.Status.BeginCell(request);
            return Outcome.Failed(new("MalformedRequest", error.Message, null, [error.Message]), _count, true);
        }
        finally
        {
            End();
        }
    }

    private void Begin(CancellationTokenSource stop)
    {
        lock (_gate)
        {
            _running = stop;
            if (_interruptNext) stop.Cancel();
            _interruptNext = false;
        }
    }

    private void End()
    {
        lock (_gate)
        {
            _running = null;
            _outstanding--;
        }
    }

    private Outcome RunCell(JupyterMessage request, ExecuteRequest asked, CancellationToken stop)
    {
        if (asked.StoreHistory) _count++;
        // The cell does not wait until this is said, but for what it has to say itself.
        using var opening = new Opening(() =>
        {
            context.Status.BeginCell(request);
            Publish("execute_input", new() { ["code"] = asked.Code, ["execution_count"] = _count });
        });
        if (Pager.NameIn(asked.Code) is { } name)
            return Outcome.Ok(_count, [], Pager.Page(engine.Services, name));

        string? result = null;
        var input = asked.AllowStdin ? context.Stdin.For(request) : null;
        CellError? error;
        using (var publisher = new CellPublisher(PublishAfterOpening, _count))
        {
            error = Run(asked.Code, publisher.Hear, input, opening.Say, stop);
            result = publisher.ResultText;
        }
        var expressions = error is null ? Evaluate(asked, stop) : [];

        if (asked.StoreHistory) context.History.Add(_count, asked.Code, result);
        return error is null ? Outcome.Ok(_count, expressions, []) : Outcome.Failed(error, _count, asked.StopOnError);

        void PublishAfterOpening(string type, JsonObject content)
        {
            opening.Say();
            Publish(type, content);
        }

        void Publish(string type, JsonObject content)
        {
            if (!asked.Silent) context.Publish(request, type, content);
        }
    }

    /// <summary>Runs code, and makes sure that a failure has an error, whoever failed.</summary>
    private CellError? Run(
        string code, Action<CellEvent> hear, IInput? input, Action? begun, CancellationToken cancellation)
    {
        CellError? error = null;
        try
        {
            var succeeded = engine.Run(new(code, _count, begun), Listen, input, cancellation);
            if (succeeded || error is not null) return error;
            hear(new CellFailed(error = new("Failed", "The cell failed.", null, ["The cell failed."])));
        }
        catch (Exception thrown)
        {
            context.Log.Warn("the engine threw", thrown.ToString());
            error = new(thrown.GetType().FullName!, thrown.Message, null, [thrown.Message]);
            hear(new CellFailed(error));
        }
        return error;

        void Listen(CellEvent heard)
        {
            if (heard is CellFailed failed) error = failed.Error;
            hear(heard);
        }
    }

    private JsonObject Evaluate(ExecuteRequest asked, CancellationToken cancellation)
    {
        var answers = new JsonObject();
        foreach (var (name, expression) in asked.Expressions)
        {
            MimeBundle? value = null;
            var error = Run(
                expression, heard => value = heard is ValueReturned returned ? returned.Bundle : value, null, null, cancellation);
            var answer = error is null
                ? new JsonObject { ["data"] = value?.Data.DeepClone() ?? new JsonObject(), ["metadata"] = new JsonObject() }
                : CellPublisher.ErrorContent(error);
            answer["status"] = error is null ? "ok" : "error";
            answers[name] = answer;
        }
        return answers;
    }

    /// <summary>
    /// What was sent before the failure is known, and nothing that was sent after it. A client that runs a whole
    /// notebook may still be sending, or its messages be on their way.
    /// </summary>
    private List<JupyterMessage> TakeQueued()
    {
        Thread.Sleep(s_onTheirWay);
        context.ReceiveSent();
        var queued = new List<JupyterMessage>();
        while (_queue.TryTake(out var request)) queued.Add(request);
        lock (_gate) _outstanding -= queued.Count;
        return queued;
    }

    private void Abort(JupyterMessage request) => context.Status.Around(
        request, () => context.Reply(request, "execute_reply", new() { ["status"] = "aborted" }));

    private sealed record Outcome(JsonObject Reply, bool StopsQueue)
    {
        public static Outcome Ok(int count, JsonObject expressions, JsonArray payload) => new(
            new()
            {
                ["status"] = "ok",
                ["execution_count"] = count,
                ["user_expressions"] = expressions,
                ["payload"] = payload,
            },
            false);

        public static Outcome Failed(CellError error, int count, bool stopOnError)
        {
            var reply = CellPublisher.ErrorContent(error);
            reply["status"] = "error";
            reply["execution_count"] = count;
            reply["user_expressions"] = new JsonObject();
            reply["payload"] = new JsonArray();
            return new(reply, stopOnError);
        }
    }
}
