namespace Engram;

/// <summary>Switches of the whole library.</summary>
public static class EngramOptions
{
    private static volatile Func<CancellationToken> cancellation = () => CancellationToken.None;
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

    /// <summary>
    /// Where long work that is given no token finds one: descents, fits, streams of memories, downloads. By default there
    /// is none. A notebook's engine names the running cell's, so that its stop button stops them.
    /// </summary>
    public static Func<CancellationToken> Cancellation
    {
        get => cancellation;
        set => cancellation = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>The token of long work.</summary>
    /// <param name="given">What its caller gives.</param>
    internal static CancellationToken CancellationOr(CancellationToken given) => given.CanBeCanceled ? given : Cancellation();
}
