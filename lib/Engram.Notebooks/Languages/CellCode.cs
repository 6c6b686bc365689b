using System.Reflection;

namespace Engram.Notebooks;

/// <summary>Loads the compiled code of cells, with a place to stop in each loop and each lambda.</summary>
public static class CellCode
{
    [ThreadStatic]
    private static Action<byte[], Assembly>? hears;

    /// <summary>Runs what may load cells on this thread, and tells of each before it runs.</summary>
    /// <param name="hear">Hears what is loaded, as it was compiled and as it runs.</param>
    /// <param name="run">What may load.</param>
    public static T Hearing<T>(Action<byte[], Assembly> hear, Func<T> run)
    {
        var before = hears;
        hears = hear;
        try
        {
            return run();
        }
        finally
        {
            hears = before;
        }
    }

    /// <summary>Loads an assembly. F# Interactive calls this where it called <see cref="Assembly.Load(byte[])"/>.</summary>
    /// <param name="code">The assembly.</param>
    public static Assembly Load(byte[] code) => Load(code, null);

    /// <summary>Loads an assembly with its symbols.</summary>
    /// <param name="code">The assembly.</param>
    /// <param name="symbols">Its portable symbols.</param>
    public static Assembly Load(byte[] code, byte[]? symbols)
    {
        var (stoppable, moved) = StopPoints.Add(code, symbols);
        var loaded = Assembly.Load(stoppable, moved);
        hears?.Invoke(code, loaded);
        return loaded;
    }

    /// <summary>
    /// Keeps no symbols in a file: they are loaded with their assembly. F# Interactive calls this where it wrote a file for
    /// each cell.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="symbols">The symbols.</param>
    public static void KeepNoFile(string path, byte[] symbols)
    {
    }
}
