using Engram.Notebooks;

namespace Engram.Cli;

/// <summary>Hears how a run goes on, to show it.</summary>
internal interface IRunListener
{
    /// <summary>A notebook begins.</summary>
    void Start(Chapter chapter, int cells);

    /// <summary>A cell begins; it is the n-th that runs, from 1.</summary>
    void StartCell(int ordinal, string source);

    /// <summary>A cell has run.</summary>
    void EndCell(CellResult cell);

    /// <summary>The notebook has ended and is written.</summary>
    void End(NotebookResult result);
}
