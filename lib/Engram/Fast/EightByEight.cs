using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engram;

/// <summary>Eight rows of eight float32, transposed in registers.</summary>
internal readonly unsafe ref struct EightByEight
{
    private readonly Vector256<float> _0, _1, _2, _3, _4, _5, _6, _7;

    /// <param name="from">The first number of the first row.</param>
    /// <param name="stride">From one row to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EightByEight(float* from, long stride)
    {
        var (a0, a1, a2, a3) = Four(from, stride);
        var (b0, b1, b2, b3) = Four(from + 4 * stride, stride);
        _0 = Avx.Permute2x128(a0, b0, 0x20);
        _1 = Avx.Permute2x128(a1, b1, 0x20);
        _2 = Avx.Permute2x128(a2, b2, 0x20);
        _3 = Avx.Permute2x128(a3, b3, 0x20);
        _4 = Avx.Permute2x128(a0, b0, 0x31);
        _5 = Avx.Permute2x128(a1, b1, 0x31);
        _6 = Avx.Permute2x128(a2, b2, 0x31);
        _7 = Avx.Permute2x128(a3, b3, 0x31);
    }

    /// <summary>Eight rows of any length, side by side: to[k · step + r] = from[r · stride + k].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* from, long stride, float* to, int step, int length)
    {
        for (var k = 0; k + 8 <= length; k += 8) new EightByEight(from + k, stride).Store(to + (long)k * step, step);
        // The last eight overlap others, which get the same numbers again.
        if (length % 8 != 0 && length > 8) new EightByEight(from + length - 8, stride).Store(to + (length - 8L) * step, step);
        for (var k = 0; length < 8 && k < length; k++)
            for (var r = 0; r < 8; r++) to[(long)k * step + r] = from[r * stride + k];
    }

    /// <summary>Stores the columns, so far apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to, long step)
    {
        _0.Store(to);
        _1.Store(to + step);
        _2.Store(to + 2 * step);
        _3.Store(to + 3 * step);
        _4.Store(to + 4 * step);
        _5.Store(to + 5 * step);
        _6.Store(to + 6 * step);
        _7.Store(to + 7 * step);
    }

    /// <summary>As <see cref="Store"/>, in float64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreWide(double* to, long step)
    {
        Avx512F.ConvertToVector512Double(_0).Store(to);
        Avx512F.ConvertToVector512Double(_1).Store(to + step);
        Avx512F.ConvertToVector512Double(_2).Store(to + 2 * step);
        Avx512F.ConvertToVector512Double(_3).Store(to + 3 * step);
        Avx512F.ConvertToVector512Double(_4).Store(to + 4 * step);
        Avx512F.ConvertToVector512Double(_5).Store(to + 5 * step);
        Avx512F.ConvertToVector512Double(_6).Store(to + 6 * step);
        Avx512F.ConvertToVector512Double(_7).Store(to + 7 * step);
    }

    // Columns 0 to 3 of four rows in the lower halves, 4 to 7 in the upper.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float>, Vector256<float>, Vector256<float>, Vector256<float>) Four(float* from, long stride)
    {
        Vector256<float> a = Vector256.Load(from), b = Vector256.Load(from + stride);
        Vector256<float> c = Vector256.Load(from + 2 * stride), d = Vector256.Load(from + 3 * stride);
        Vector256<float> ab = Avx.UnpackLow(a, b), cd = Avx.UnpackLow(c, d);
        Vector256<float> abHigh = Avx.UnpackHigh(a, b), cdHigh = Avx.UnpackHigh(c, d);
        return (Avx.Shuffle(ab, cd, 0x44), Avx.Shuffle(ab, cd, 0xee), Avx.Shuffle(abHigh, cdHigh, 0x44), Avx.Shuffle(abHigh, cdHigh, 0xee));
    }
}
