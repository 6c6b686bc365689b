namespace Engram.Notebooks.Cells;

/// <summary>Progress bars for loops in cells.</summary>
/// <remarks>
/// A bar is one display that is updated, at most ten times a second: one line in a saved notebook, whatever the length.
/// </remarks>
public static class Progress
{
    /// <summary>Counts from 0, showing how far.</summary>
    /// <param name="count">How many numbers.</param>
    /// <param name="label">What is under way.</param>
    /// <returns>The numbers 0 … <paramref name="count"/> − 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static IEnumerable<int> Over(int count, string label = "")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Over(Enumerable.Range(0, count), label);
    }

    /// <summary>Passes a sequence on, showing how far.</summary>
    /// <typeparam name="T">The type of its items.</typeparam>
    /// <param name="items">The sequence; where its length is not known without counting, the bar counts only.</param>
    /// <param name="label">What is under way.</param>
    /// <returns>The same items.</returns>
    public static IEnumerable<T> Over<T>(IEnumerable<T> items, string label = "")
    {
        ArgumentNullException.ThrowIfNull(items);
        return Follow(items, label);
    }

    /// <summary>A bar for work that tells by itself how far it has come.</summary>
    /// <param name="total">The number of steps; null where it is not known.</param>
    /// <param name="label">What is under way.</param>
    /// <returns>The bar; it ends with <see cref="ProgressBar.Dispose"/> or at the last step.</returns>
    public static ProgressBar Bar(long? total, string label = "") => new(total, label);

    /// <summary>A bar for a library that takes an <see cref="IProgress{T}"/>.</summary>
    /// <typeparam name="T">What the library reports.</typeparam>
    /// <param name="total">The number of steps; null where it is not known.</param>
    /// <param name="step">The number of steps done, of a report.</param>
    /// <param name="label">What is under way.</param>
    /// <returns>What the library takes.</returns>
    public static IProgress<T> Of<T>(long? total, Func<T, long> step, string label = "") =>
        new Reports<T>(new ProgressBar(total, label), step);

    private static IEnumerable<T> Follow<T>(IEnumerable<T> items, string label)
    {
        using var bar = new ProgressBar(Count(items), label);
        var done = 0L;
        foreach (var item in items)
        {
            yield return item;
            bar.Report(++done);
        }
    }

    // LINQ's own question leaves out what only promises to be read, such as a list of F#.
    private static long? Count<T>(IEnumerable<T> items) =>
        items is IReadOnlyCollection<T> known ? known.Count
        : items.TryGetNonEnumeratedCount(out var count) ? count
        : null;

    private sealed class Reports<T>(ProgressBar bar, Func<T, long> step) : IProgress<T>
    {
        public void Report(T value) => bar.Report(step(value));
    }
}
