using Engram.Notebooks;

namespace Microsoft.DotNet.Interactive;

/// <summary>The way from code of a cell to its engine.</summary>
internal static class CellOutput
{
    /// <summary>Tells the frontend of the cell; outside of cells, shows plain text on the console.</summary>
    /// <param name="happened">The event.</param>
    public static void Tell(CellEvent happened)
    {
        if (Engine.Current is { } engine)
            engine.Tell(happened);
        else if (happened is ValueDisplayed shown)
            Console.WriteLine(shown.Bundle.Text("text/plain"));
    }

    /// <summary>Asks the cell's reader.</summary>
    /// <param name="prompt">What to show.</param>
    /// <param name="hidden">Whether the answer is a secret.</param>
    public static string Ask(string prompt, bool hidden) =>
        Engine.Current?.ReadLine(prompt, hidden)
        ?? throw new InvalidOperationException($"'{prompt}' was asked, and this frontend cannot answer.");
}
