namespace Engram.Notebooks;

/// <summary>A cell asked for the end of the process, which is not its own: the cell ends.</summary>
/// <param name="exitCode">The code that it wanted the process to end with.</param>
public sealed class CellExit(int exitCode)
    : Exception($"The cell called exit with code {exitCode} and ends here. The process and its variables live on.")
{
    /// <summary>The code that it wanted the process to end with.</summary>
    public int ExitCode { get; } = exitCode;
}
