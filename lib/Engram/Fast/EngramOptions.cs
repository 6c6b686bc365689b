namespace Engram;

/// <summary>Switches of the whole library.</summary>
public static class EngramOptions
{
    private static volatile bool fastPaths = Environment.GetEnvironmentVariable("ENGRAM_FAST_PATHS") != "0";

    /// <summary>
    /// Whether work that fits one of the kit's own fused loops takes it, instead of libtorch's operations one after
    /// the other. On by default; the environment variable <c>ENGRAM_FAST_PATHS=0</c> starts with it off.
    /// Both ways agree to rounding.
    /// </summary>
    public static bool FastPaths
    {
        get => fastPaths;
        set => fastPaths = value;
    }
}
