namespace Engram.Notebooks;

/// <summary>Runs cells: finds directives, hands code to its language, and tells the frontend what happens.</summary>
/// <param name="languages">The languages that cells may be written in; the engine disposes them.</param>
/// <param name="options">Where it works and what helps it; null for the defaults.</param>
public sealed class Engine(IReadOnlyList<ILanguage> languages, EngineOptions? options = null) : IDisposable
{
    /// <summary>The languages that cells may be written in.</summary>
    public IReadOnlyList<ILanguage> Languages { get; } = languages;

    /// <summary>Where it works and what helps it.</summary>
    public EngineOptions Options { get; } = options ?? new EngineOptions();

    /// <summary>How many cells have been started. A frontend with a count of its own may set it.</summary>
    public int ExecutionCount { get; set; }

    /// <summary>Runs one cell to its end. Cells wait for each other.</summary>
    /// <param name="code">The cell's text, directives included.</param>
    /// <param name="language">The language of a cell that names none.</param>
    /// <param name="hear">Hears the cell's events, one at a time, in order, on a thread of the engine's.</param>
    /// <param name="cancellation">Stops the cell; the engine and its variables live on.</param>
    /// <param name="input">Answers what the cell asks its reader; null where nobody can.</param>
    /// <returns>Whether it ended without an error.</returns>
    public Task<bool> RunAsync(
        string code,
        string language,
        Action<CellEvent> hear,
        CancellationToken cancellation = default,
        IInput? input = null) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var language in Languages)
            language.Dispose();
    }
}
