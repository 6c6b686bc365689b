using System.Runtime.InteropServices;

namespace Engram;

/// <summary>
/// Asks libtorch's threads (libgomp's) to sleep soon after an operation. By default they go on turning for
/// milliseconds, in case another follows, and take the cores from the kit's own loops.
/// </summary>
internal static partial class IdleThreads
{
    // Some microseconds: operations that follow at once still find them awake.
    private const string Turns = "3000";

    /// <summary>Asks for it, unless the environment has an opinion of its own. libgomp reads it once, when it is loaded.</summary>
    public static void Rest()
    {
        if (!OperatingSystem.IsLinux() || new[] { "GOMP_SPINCOUNT", "OMP_WAIT_POLICY" }.Any(IsSet)) return;
        try
        {
            _ = SetVariable("GOMP_SPINCOUNT", Turns, 0);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library: the threads turn as they do.
        }
    }

    private static bool IsSet(string name) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name));

    // .NET keeps variables of its own; a native library sees those of the C library.
    [LibraryImport("libc.so.6", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
