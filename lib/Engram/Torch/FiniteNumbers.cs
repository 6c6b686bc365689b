using System.Numerics;
using System.Runtime.Intrinsics;

namespace Engram;

/// <summary>Whether a tensor holds finite numbers only.</summary>
internal static class FiniteNumbers
{
    // Numbers that one core looks through at a time.
    private const long Part = 1 << 18;

    /// <summary>Whether no number is NaN or infinite. Reads the whole tensor.</summary>
    public static bool AreAll(Tensor tensor)
    {
        // A tensor of shapes alone has no numbers.
        if (tensor.device_type == DeviceType.META || tensor.numel() == 0) return true;
        if (tensor.device_type == DeviceType.CPU && tensor.is_contiguous())
        {
            if (tensor.dtype == ScalarType.Float32) return AreAll<float, uint>(tensor, 0x7f800000u);
            if (tensor.dtype == ScalarType.Float64) return AreAll<double, ulong>(tensor, 0x7ff0000000000000ul);
        }

        using var scope = torch.NewDisposeScope();
        return tensor.isfinite().all().item<bool>();
    }

    private static unsafe bool AreAll<T, TBits>(Tensor tensor, TBits exponent)
        where T : unmanaged
        where TBits : unmanaged, IBinaryInteger<TBits>
    {
        var bits = (TBits*)Memory.Of<T>(tensor);
        var (count, finite) = (tensor.numel(), true);
        Workers.Run((int)((count + Part - 1) / Part), count, part =>
        {
            var from = part * Part;
            if (!AreAll(new(bits + from, (int)Math.Min(Part, count - from)), exponent)) Volatile.Write(ref finite, false);
        });
        GC.KeepAlive(tensor);
        return finite;
    }

    // NaN and infinities have all bits of the exponent set.
    private static bool AreAll<T>(ReadOnlySpan<T> bits, T exponent)
        where T : unmanaged, IBinaryInteger<T>
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
