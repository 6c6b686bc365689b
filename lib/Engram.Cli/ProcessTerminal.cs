using System.Runtime.InteropServices;

namespace Engram.Cli;

/// <summary>The terminal that this process was started from. Unix only.</summary>
internal static class ProcessTerminal
{
    private const int StandardInput = 0;
    private const string Kind = "TERM";

    /// <summary>
    /// Leaves it, before .NET's console is first used. Standard input is at its end: nobody who looks at a notebook could
    /// answer keys, native code or programs there. And the console writes no signs of its own for colours and keys, which
    /// would go where cells' programs write.
    /// </summary>
    public static void Leave()
    {
        if (OperatingSystem.IsWindows()) return;
        using (var nothing = File.OpenHandle("/dev/null"))
            _ = dup2((int)nothing.DangerousGetHandle(), StandardInput);
        var kind = Environment.GetEnvironmentVariable(Kind);
        Environment.SetEnvironmentVariable(Kind, null);
        Console.ResetColor();
        Environment.SetEnvironmentVariable(Kind, kind);
    }

    [DllImport("libc")]
    private static extern int dup2(int from, int to);
}
