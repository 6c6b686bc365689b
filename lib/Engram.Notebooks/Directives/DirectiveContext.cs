namespace Engram.Notebooks;

/// <summary>Where a directive stands.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="Runner">Runs text that a directive brings.</param>
/// <param name="Cell">The run of the cell.</param>
/// <param name="Language">The language of the text around the directive.</param>
internal sealed record DirectiveContext(Engine Engine, CellRunner Runner, RunningCell Cell, ILanguage Language)
{
    /// <summary>Shows text.</summary>
    /// <param name="text">The text.</param>
    public void Show(string text) => Engine.Tell(new ValueDisplayed(MimeBundle.Plain(text), null));

    /// <summary>The full path of a file that a directive names.</summary>
    /// <param name="path">The path: full, or relative to the file that the directive stands in, or to the notebook's folder.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public string FindFile(string path)
    {
        var full = FullPath(path, File.Exists);
        return File.Exists(full) ? full : throw new FileNotFoundException($"There is no file '{path}' (looked for {full}).", full);
    }

    /// <summary>The full path of a folder that a directive names.</summary>
    /// <param name="path">As for <see cref="FindFile"/>.</param>
    /// <exception cref="DirectiveException">There is no such folder.</exception>
    public string FindFolder(string path)
    {
        var full = FullPath(path, Directory.Exists);
        return Directory.Exists(full) ? full : throw new DirectiveException($"There is no folder '{path}' (looked for {full}).");
    }

    private string FullPath(string path, Func<string, bool> exists) =>
        Cell.Files.Count > 0 && Path.GetFullPath(path, Path.GetDirectoryName(Cell.Files[^1])!) is var beside && exists(beside)
            ? beside
            : Path.GetFullPath(path, Engine.Options.Folder);

    /// <summary>A value of a language, or of the store.</summary>
    /// <param name="from">The language's name.</param>
    /// <param name="name">The value's name.</param>
    public NamedValue? FindValue(string from, string name) =>
        string.Equals(from, ValueStore.Name, StringComparison.OrdinalIgnoreCase)
            ? Engine.Store.Find(name)
            : FindLanguage(from).Find(name);

    /// <summary>The language of a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="DirectiveException">There is none.</exception>
    public ILanguage FindLanguage(string name) =>
        Engine.FindLanguage(name)
        ?? throw new DirectiveException(
            $"There is no language '{name}'; there are {string.Join(", ", Engine.Languages.Select(each => each.Name))} and value.");
}

/// <summary>A directive asks for what cannot be done.</summary>
/// <param name="message">What, and what can.</param>
internal sealed class DirectiveException(string message) : Exception(message)
{
    /// <summary>The directive's line, from 1.</summary>
    public int? Line { get; set; }

    /// <summary>The name of the cell or file that it stands in.</summary>
    public string? Cell { get; set; }
}
