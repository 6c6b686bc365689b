namespace Engram.Notebooks;

/// <summary>A file that is no notebook, or cannot be read or written.</summary>
/// <param name="path">The file.</param>
/// <param name="position">Where in it, such as <c>line 3, column 7</c> or <c>cells[2].source</c>; null for the whole.</param>
/// <param name="reason">What is wrong there.</param>
public sealed class DocumentException(string path, string? position, string reason)
    : Exception(position is null ? $"{path}: {reason}" : $"{path}: {position}: {reason}")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>Where in the file; null for the whole.</summary>
    public string? Position { get; } = position;
}
