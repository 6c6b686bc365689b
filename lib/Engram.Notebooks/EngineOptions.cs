namespace Engram.Notebooks;

/// <summary>Where an engine works and what helps it.</summary>
public sealed record EngineOptions
{
    /// <summary>The folder that relative paths of directives start from: the notebook's own.</summary>
    public string Folder { get; init; } = Environment.CurrentDirectory;

    /// <summary>Finds packages that the program does not carry; null where there is no such help.</summary>
    public IPackageResolver? Packages { get; init; }

    /// <summary>Hears what background work writes while no cell runs; null to keep it for the next cell.</summary>
    public Action<CellEvent>? Between { get; init; }

    /// <summary>Called when a cell's code has ended, while what is told still belongs to it; null for nothing.</summary>
    public Action? Ending { get; init; }

    /// <summary>How many characters a cell may write to its streams; what comes after is dropped, with a notice.</summary>
    public long StreamLimit { get; init; } = 8 * 1024 * 1024;
}
