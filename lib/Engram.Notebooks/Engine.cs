namespace Engram.Notebooks;

/// <summary>Runs cells: finds directives, hands code to its language, and tells the frontend what happens.</summary>
public sealed class Engine : IDisposable
{
    /// <summary>Runs one cell to its end.</summary>
    /// <param name="code">The cell's text, directives included.</param>
    /// <param name="language">The language of a cell that names none.</param>
    /// <param name="hear">Hears the cell's events, one at a time, in order.</param>
    /// <param name="cancellation">Stops the cell; the engine and its variables live on.</param>
    /// <returns>Whether it ended without an error.</returns>
    public Task<bool> RunAsync(
        string code, string language, Action<CellEvent> hear, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
