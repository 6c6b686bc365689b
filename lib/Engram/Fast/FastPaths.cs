using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engram;

/// <summary>The one place that says which work takes a fused loop: by shape, dtype and device.</summary>
internal static class FastPaths
{
    /// <summary>The most numbers that a set of memories may have for the exact loops: it stays in cache.</summary>
    private const long ExactNumbers = 1 << 13;

    /// <summary>The largest D of the loops over frequencies.</summary>
    private const long LargestDimension = 1 << 11;

    /// <summary>Whether the exact energy of these states goes through <see cref="ExactLoop{T}"/>.</summary>
    public static bool TakesExact(Tensor memories, Tensor states) =>
        memories.numel() <= ExactNumbers && Fits(states) && Fits(memories);

    /// <summary>Whether sums over these frequencies go through <see cref="FeatureLoop{T,TElements}"/>.</summary>
    public static bool TakesFeatures(Tensor frequencies, Tensor states, Tensor? weights = null) =>
        frequencies.shape[1] <= LargestDimension && Fits(states) && Fits(frequencies) && (weights is null || Fits(weights));

    /// <summary>
    /// Whether a product goes through <see cref="ProductLoop{TKind,TIn,T,TSum}"/>: large, and on a processor with
    /// vectors of 512 bits that is not Intel's, for there libtorch's library, which is Intel's, takes shorter ones.
    /// </summary>
    public static bool TakesProduct(Tensor a, Tensor b) =>
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported && !IsIntel && Fits(a) && Fits(b)
        && Math.Min(b.shape[1], a.shape[0]) >= LeastSide && (double)a.numel() * b.shape[1] >= LeastProduct;

    // Narrow or small products do not pay for putting their numbers into tiles.
    private const long LeastSide = 16, LeastProduct = 1 << 20;

    // "ineI" of "GenuineIntel".
    private static bool IsIntel { get; } = X86Base.IsSupported && X86Base.CpuId(0, 0).Edx == 0x49656e69;

    // On the CPU, with vectors of 256 bits, and with nobody recording the operations.
    private static bool Fits(Tensor tensor) =>
        EngramOptions.FastPaths
        && Vector256.IsHardwareAccelerated
        && tensor.device_type == DeviceType.CPU
        && tensor.dtype is ScalarType.Float32 or ScalarType.Float64
        && !(tensor.requires_grad && is_grad_enabled());
}
