using System.Globalization;
using System.Runtime.InteropServices;

namespace Engram.Benchmarks;

/// <summary>Resident memory of this process in bytes, with a peak that can be started anew (Linux).</summary>
internal static partial class ResidentMemory
{
    /// <summary>The greatest since <see cref="Restart"/>, or of the whole process where the system has no such start.</summary>
    public static long Peak => Read("VmHWM:");

    /// <summary>Gives freed memory back, starts the peak at what is resident then, and answers that.</summary>
    public static long Restart()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = GiveFreedBack(0);
            File.WriteAllText("/proc/self/clear_refs", "5");
        }

        return Read("VmRSS:");
    }

    private static long Read(string name)
    {
        if (!OperatingSystem.IsLinux()) return Environment.WorkingSet;
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line[name.Length..].Replace("kB", "").Trim(), CultureInfo.InvariantCulture);
    }

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int GiveFreedBack(nuint kept);
}
