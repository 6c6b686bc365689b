using System.Reflection;

namespace Engram.Notebooks;

/// <summary>Loads the compiled code of cells, with a place to stop in each loop and each lambda.</summary>
public static class CellCode
{
    /// <summary>Loads an assembly. F# Interactive calls this where it called <see cref="Assembly.Load(byte[])"/>.</summary>
    /// <param name="code">The assembly.</param>
    public static Assembly Load(byte[] code)
    {
        var (stoppable, _) = StopPoints.Add(code, null);
        return Assembly.Load(stoppable);
    }

    /// <summary>Loads an assembly with its symbols.</summary>
    /// <param name="code">The assembly.</param>
    /// <param name="symbols">Its portable symbols.</param>
    public static Assembly Load(byte[] code, byte[]? symbols)
    {
        var (stoppable, moved) = StopPoints.Add(code, symbols);
        return Assembly.Load(stoppable, moved);
    }
}
