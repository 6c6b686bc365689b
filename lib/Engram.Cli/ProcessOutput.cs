using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;

namespace Engram.Cli;

/// <summary>
/// What reaches the process's own standard output and not .NET's console: text of programs that a cell starts, of native
/// code, and of <see cref="Console.OpenStandardOutput()"/>. Unix only. Standard error stays with whoever started the
/// process: there the runtime says why it ends, if it ever does, and then nobody would read it here.
/// </summary>
internal sealed class ProcessOutput
{
    private const int StandardOutput = 1;
    private const short Readable = 1;

    /// <summary>What waits in a pipe at most, bytes. A program that writes on and on is not waited for.</summary>
    private const int Capacity = 64 << 10;

    private readonly Lock _gate = new();
    private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.In, HandleInheritability.None);
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly byte[] _bytes = new byte[16 << 10];
    private readonly Action<string> _hear;

    private ProcessOutput(Action<string> hear) => _hear = hear;

    /// <summary>Takes over standard output.</summary>
    /// <param name="hear">Hears the text, also after the cell that caused it.</param>
    /// <returns>What was taken over; null where this system has no way to.</returns>
    public static ProcessOutput? Take(Action<string> hear)
    {
        if (OperatingSystem.IsWindows()) return null;
        // .NET's console has a handle of its own from now on, which goes where it went.
        Console.Out.Flush();
        var output = new ProcessOutput(hear);
        if (dup2((int)output._pipe.ClientSafePipeHandle.DangerousGetHandle(), StandardOutput) < 0) return null;
        new Thread(output.Run) { IsBackground = true, Name = "process output" }.Start();
        return output;
    }

    /// <summary>Tells what has been written by now.</summary>
    public void Drain()
    {
        _ = fflush(0);
        lock (_gate)
        {
            for (var left = Capacity; left > 0 && Waits(0);) left -= Tell();
        }
    }

    private void Run()
    {
        while (true)
        {
            if (!Waits(Timeout.Infinite)) continue;
            lock (_gate)
            {
                // Who drains may have been quicker.
                if (Waits(0)) Tell();
            }
        }
    }

    private bool Waits(int milliseconds)
    {
        var asked = new Poll { File = (int)_pipe.SafePipeHandle.DangerousGetHandle(), Events = Readable };
        return poll(ref asked, 1, milliseconds) > 0;
    }

    private int Tell()
    {
        var read = _pipe.Read(_bytes);
        var text = new char[_decoder.GetCharCount(_bytes, 0, read, flush: false)];
        var length = _decoder.GetChars(_bytes, 0, read, text, 0, flush: false);
        if (length > 0) _hear(new string(text, 0, length));
        return read;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Poll
    {
        public int File;
        public short Events;
        public short Happened;
    }

    [DllImport("libc")]
    private static extern int dup2(int from, int to);

    [DllImport("libc")]
    private static extern int poll(ref Poll asked, nuint count, int milliseconds);

    [DllImport("libc")]
    private static extern int fflush(nint stream);
}
