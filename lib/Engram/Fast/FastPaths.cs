using System.Runtime.Intrinsics;

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

    // On the CPU, with vectors of 256 bits, and with nobody recording the operations.
    private static bool Fits(Tensor tensor) =>
        EngramOptions.FastPaths
        && Vector256.IsHardwareAccelerated
        && tensor.device_type == DeviceType.CPU
        && tensor.dtype is ScalarType.Float32 or ScalarType.Float64
        && !(tensor.requires_grad && is_grad_enabled());
}
