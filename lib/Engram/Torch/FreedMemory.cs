using System.Runtime.InteropServices;

namespace Engram;

/// <summary>
/// Asks glibc to keep freed memory for the next tensor. By default it gives each large block back to the system, and
/// the next operation waits for as many fresh pages: a third of the time of products of tens of megabytes.
/// </summary>
internal static partial class FreedMemory
{
    // Blocks up to this size are taken from the heap, and so much free heap is kept.
    private const int LargestBlock = 1 << 27, KeptHeap = 1 << 29;

    // Numbers of <malloc.h>.
    private const int TrimThreshold = -1, MapThreshold = -3;

    /// <summary>
    /// Keeps it, unless the environment has an opinion of its own: glibc's <c>MALLOC_…</c> variables, or
    /// <c>ENGRAM_KEEP_MEMORY=0</c>.
    /// </summary>
    public static void Keep()
    {
        if (!OperatingSystem.IsLinux() || HasOpinion()) return;
        try
        {
            _ = SetAllocator(MapThreshold, LargestBlock);
            _ = SetAllocator(TrimThreshold, KeptHeap);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library, which keeps what it keeps.
        }
    }

    private static bool HasOpinion() =>
        new[] { "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "GLIBC_TUNABLES", "LD_PRELOAD" }.Any(IsSet)
        || Environment.GetEnvironmentVariable("ENGRAM_KEEP_MEMORY") == "0";

    private static bool IsSet(string name) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name));

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int SetAllocator(int parameter, int value);
}
