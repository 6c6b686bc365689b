namespace Engram.Cli.Kernel;

/// <summary>
/// What an operator should know, on the process's own standard error, which cells do not write to.
/// A flood of one kind is counted, not written.
/// </summary>
internal sealed class KernelLog(TextWriter writer)
{
    private const int FullyWritten = 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>A log on standard error.</summary>
    public static KernelLog OnStandardError() =>
        new(new StreamWriter(Console.OpenStandardError()) { AutoFlush = true });

    /// <summary>Writes one line.</summary>
    /// <param name="kind">A fixed text; lines of one kind are counted together.</param>
    /// <param name="detail">What happened this time.</param>
    public void Warn(string kind, string detail)
    {
        lock (_gate)
        {
            var count = _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
            if (count > FullyWritten && !IsRound(count)) return;
            var line = count > FullyWritten ? $"{kind} ({count} times)" : $"{kind}: {detail}";
            TryWrite($"engram kernel: {line.ReplaceLineEndings(" ")}");
        }
    }

    private static bool IsRound(int count) => count % 1000 == 0;

    private void TryWrite(string line)
    {
        try
        {
            writer.WriteLine(line);
        }
        catch (IOException)
        {
            // Whoever started the kernel has closed its end; there is nobody to tell.
        }
    }
}
