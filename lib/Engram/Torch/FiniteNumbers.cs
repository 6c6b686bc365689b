using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Engram;

/// <summary>Whether a tensor holds finite numbers only.</summary>
internal static class FiniteNumbers
{
    // One core looks through so many quicker than libtorch's operations start.
    private const long Few = 1 << 16;

    /// <summary>Whether no number is NaN or infinite. Reads the whole tensor.</summary>
    public static bool AreAll(Tensor tensor)
    {
        // A tensor of shapes alone has no numbers.
        if (tensor.device_type == DeviceType.META) return true;
        using var scope = torch.NewDisposeScope();
        if (tensor.numel() > Few || tensor.device_type != DeviceType.CPU || !tensor.is_contiguous() || tensor.numel() == 0)
            return tensor.isfinite().all().item<bool>();
        return tensor.dtype switch
        {
            ScalarType.Float32 => AreAll(MemoryMarshal.Cast<byte, uint>(tensor.bytes), 0x7f800000u),
            ScalarType.Float64 => AreAll(MemoryMarshal.Cast<byte, ulong>(tensor.bytes), 0x7ff0000000000000ul),
            _ => tensor.isfinite().all().item<bool>(),
        };
    }

    // NaN and infinities have all bits of the exponent set.
    private static bool AreAll<T>(ReadOnlySpan<T> bits, T exponent)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        var mask = Vector256.Create(exponent);
        var i = 0;
        for (; i + Vector256<T>.Count <= bits.Length; i += Vector256<T>.Count)
            if (Vector256.EqualsAny(Vector256.Create(bits[i..]) & mask, mask))
                return false;
        for (; i < bits.Length; i++)
            if ((bits[i] & exponent) == exponent)
                return false;
        return true;
    }
}
