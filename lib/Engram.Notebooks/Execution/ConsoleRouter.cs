using System.Runtime.ExceptionServices;
using System.Text;

namespace Engram.Notebooks;

/// <summary>
/// Stands in for the process's console: what a cell, or work that a cell started, writes or reads goes to that cell's
/// engine; all other text goes where it went before.
/// </summary>
internal static class ConsoleRouter
{
    private static readonly AsyncLocal<Engine?> CurrentEngine = new();
    private static readonly Lock Gate = new();
    private static bool installed;
    private static volatile Engine? last;

    /// <summary>The console as it was before cells ran.</summary>
    public static (TextWriter Out, TextWriter Error, TextReader In) Process { get; private set; } =
        (Console.Out, Console.Error, TextReader.Null);

    /// <summary>The engine whose cell this code belongs to; null outside of cells.</summary>
    public static Engine? Current => CurrentEngine.Value;

    /// <summary>Marks this thread, and what it starts, as an engine's.</summary>
    /// <param name="engine">The engine.</param>
    public static void Enter(Engine engine)
    {
        Install();
        CurrentEngine.Value = last = engine;
    }

    /// <summary>Forgets an engine that ends.</summary>
    /// <param name="engine">The engine.</param>
    public static void Leave(Engine engine)
    {
        if (last == engine)
            last = null;
    }

    /// <summary>Says that work failed that nobody waits for.</summary>
    /// <param name="exception">How it failed.</param>
    /// <returns>Whether there is an engine that could be told.</returns>
    public static bool Report(Exception exception)
    {
        // Where a timer or an await throws on a thread of the pool, nothing tells any more whose work it was.
        var engine = Current ?? (Thread.CurrentThread.IsThreadPoolThread ? last : null);
        var told = string.Join('\n', CellErrors.Of(exception, "").Traceback);
        engine?.Write(StandardStream.Error, $"Work in the background failed: {told}\n");
        return engine is not null;
    }

    private static void Install()
    {
        lock (Gate)
        {
            if (installed)
                return;
            installed = true;
            Process = (Console.Out, Console.Error, Console.In);
            Console.SetIn(new Reader());
            Renew();
            KeepAlive();
        }
    }

    /// <summary>
    /// Puts fresh writers in place. .NET guards a console's writer with a lock, and a cell that was stopped while it
    /// wrote may have left that lock unusable.
    /// </summary>
    public static void Renew()
    {
        Console.SetOut(new Writer(StandardStream.Out, Process.Out));
        Console.SetError(new Writer(StandardStream.Error, Process.Error));
    }

    /// <summary>Work of a cell that fails says so, and does not end the process.</summary>
    private static void KeepAlive()
    {
        try
        {
            ExceptionHandling.SetUnhandledExceptionHandler(IsOfCell);
        }
        catch (InvalidOperationException)
        {
            // The program has a handler of its own.
        }
    }

    private static bool IsOfCell(Exception exception)
    {
        // An interrupt that falls between two awaits arrives here as well; the cell has ended by then.
        return exception is OperationCanceledException or ThreadInterruptedException
            || IsOfFinalizer(exception)
            || Report(exception);
    }

    /// <summary>
    /// An object whose construction an interrupt cut short is finalized all the same, and its finalizer may fail: F#'s
    /// compiler has such objects.
    /// </summary>
    private static bool IsOfFinalizer(Exception exception) =>
        exception.StackTrace?.Contains(".Finalize()", StringComparison.Ordinal) ?? false;

    private sealed class Writer(StandardStream stream, TextWriter otherwise) : TextWriter
    {
        public override Encoding Encoding => otherwise.Encoding;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

        public override void Write(ReadOnlySpan<char> buffer) => Write(new string(buffer));

        public override void Write(string? value)
        {
            if (string.IsNullOrEmpty(value))
                return;
            if (Current is { } engine)
                engine.Write(stream, value);
            else
                otherwise.Write(value);
        }

        public override void WriteLine(string? value) => Write(value + CoreNewLineString);

        public override void Flush()
        {
            if (Current is null)
                otherwise.Flush();
        }

        private string CoreNewLineString => new(CoreNewLine);
    }

    private sealed class Reader : TextReader
    {
        private RunningCell? asked;
        private string rest = "";

        public override string? ReadLine()
        {
            if (Current is not { } engine)
                return Process.In.ReadLine();
            if (Rest(engine).Length == 0)
                return Ask(engine);
            var line = rest.TrimEnd('\n');
            rest = "";
            return line;
        }

        public override int Read()
        {
            if (Current is null)
                return Process.In.Read();
            var next = Peek();
            if (next >= 0)
                rest = rest[1..];
            return next;
        }

        // Not more than a line: who asks for many characters takes what there is.
        public override int Read(char[] buffer, int index, int count)
        {
            if (Current is null)
                return Process.In.Read(buffer, index, count);
            if (count == 0 || Peek() < 0)
                return 0;
            var length = Math.Min(count, rest.Length);
            rest.CopyTo(0, buffer, index, length);
            rest = rest[length..];
            return length;
        }

        public override int Peek()
        {
            if (Current is not { } engine)
                return Process.In.Peek();
            if (Rest(engine).Length == 0)
                rest = Ask(engine) is { } line ? line + "\n" : "";
            return rest.Length == 0 ? -1 : rest[0];
        }

        // A page has no sign for the end of what it gives: an empty line is one.
        public override string ReadToEnd()
        {
            if (Current is null)
                return Process.In.ReadToEnd();
            var text = new StringBuilder();
            while (ReadLine() is { Length: > 0 } line)
                text.Append(line).Append('\n');
            return text.ToString();
        }

        // What a cell leaves of an answer is not for the next one.
        private string Rest(Engine engine)
        {
            if (!ReferenceEquals(asked, engine.Running))
                (asked, rest) = (engine.Running, "");
            return rest;
        }

        private static string? Ask(Engine engine) =>
            engine.Running?.Input is not null
                ? engine.ReadLine("", hidden: false)
                : throw new InvalidOperationException("The console's input was asked for, and this frontend cannot answer.");
    }
}
