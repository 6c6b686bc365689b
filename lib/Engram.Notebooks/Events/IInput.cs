namespace Engram.Notebooks;

/// <summary>Answers what a running cell asks its reader.</summary>
public interface IInput
{
    /// <summary>Asks for one line, and waits for it.</summary>
    /// <param name="prompt">What to show; empty for <c>Console.ReadLine()</c>.</param>
    /// <param name="hidden">Whether the answer is a secret.</param>
    /// <param name="cancellation">Asks to give up waiting.</param>
    /// <returns>The line without its end, or null where there is none to come.</returns>
    string? ReadLine(string prompt, bool hidden, CancellationToken cancellation);
}
