using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engram;

/// <summary>
/// The inverse error function in float32, as XLA computes it, eight values at a time. Each operation is an IEEE one
/// (fused multiply-adds included), so that every processor gives the same bits.
/// Source: Giles, "Approximating the erfinv function" (GPU Computing Gems, Jade edition, 2011).
/// </summary>
internal static partial class InverseErf
{
    // w < 5: in w - 2.5; highest power first.
    private static ReadOnlySpan<float> Central =>
    [
        2.81022636e-08f, 3.43273939e-07f, -3.5233877e-06f, -4.39150654e-06f, 0.00021858087f,
        -0.00125372503f, -0.00417768164f, 0.246640727f, 1.50140941f,
    ];

    // w ≥ 5: in √w - 3.
    private static ReadOnlySpan<float> Tail =>
    [
        -0.000200214257f, 0.000100950558f, 0.00134934322f, -0.00367342844f, 0.00573950773f,
        -0.0076224613f, 0.00943887047f, 1.00167406f, 2.83297682f,
    ];

    /// <summary>erf⁻¹(x) for |x| &lt; 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x)
    {
        var w = MinusLog1p(-(x * x));
        var isTail = Vector256.GreaterThanOrEqual(w, Vector256.Create(5f));
        var p = Polynomial(Central, w - Vector256.Create(2.5f));
        if (isTail != Vector256<float>.Zero)
            p = Vector256.ConditionalSelect(isTail, Polynomial(Tail, Vector256.Sqrt(w) - Vector256.Create(3f)), p);
        return p * x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Polynomial(ReadOnlySpan<float> coefficients, Vector256<float> x)
    {
        var p = Vector256.Create(coefficients[0]);
        p = Vector256.FusedMultiplyAdd(p, x, Vector256.Create(coefficients[1]));
        p = Vector256.FusedMultiplyAdd(p, x, Vector256.Create(coefficients[2]));
        p = Vector256.FusedMultiplyAdd(p, x, Vector256.Create(coefficients[3]));
        p = Vector256.FusedMultiplyAdd(p, x, Vector256.Create(coefficients[4]));
        p = Vector256.FusedMultiplyAdd(p, x, Vector256.Create(coefficients[5]));
        p = Vector256.FusedMultiplyAdd(p, x, Vector256.Create(coefficients[6]));
        p = Vector256.FusedMultiplyAdd(p, x, Vector256.Create(coefficients[7]));
        return Vector256.FusedMultiplyAdd(p, x, Vector256.Create(coefficients[8]));
    }

    /// <summary>-log(1 + x) for -1 &lt; x ≤ 0, computed in float64 and rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> MinusLog1p(Vector256<float> x)
    {
        var (lower, upper) = Vector256.Widen(x);
        return -Vector256.Narrow(Log(Vector256<double>.One + lower), Log(Vector256<double>.One + upper));
    }

    // √½, 64 in the exponent's place, the bits of a fraction, and 2⁵².
    private const ulong RootOfHalf = 0x3fe6a09e667f3bcd, Bias = 64UL << 52, FractionBits = (1UL << 52) - 1;
    private const ulong TwoTo52 = 0x4330000000000000;

    /// <summary>
    /// log y for 2⁻⁶⁰ &lt; y ≤ 1: y = 2ᵉ·m with m in [√½, √2), and log m = 2 artanh s with s = (m-1)/(m+1).
    /// |s| ≤ .172, so the series' first term left out is below 2⁻⁴⁴ of the sum.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Log(Vector256<double> y)
    {
        var shifted = y.AsUInt64() - Vector256.Create(RootOfHalf);
        var m = ((shifted & Vector256.Create(FractionBits)) + Vector256.Create(RootOfHalf)).AsDouble();
        var exponent = Vector256.ShiftRightLogical(shifted + Vector256.Create(Bias), 52) | Vector256.Create(TwoTo52);
        var e = exponent.AsDouble() - Vector256.Create(4503599627370496d + 64);

        var s = (m - Vector256<double>.One) / (m + Vector256<double>.One);
        var z = s * s;
        var series = Vector256.Create(2 / 15d);
        series = Vector256.FusedMultiplyAdd(series, z, Vector256.Create(2 / 13d));
        series = Vector256.FusedMultiplyAdd(series, z, Vector256.Create(2 / 11d));
        series = Vector256.FusedMultiplyAdd(series, z, Vector256.Create(2 / 9d));
        series = Vector256.FusedMultiplyAdd(series, z, Vector256.Create(2 / 7d));
        series = Vector256.FusedMultiplyAdd(series, z, Vector256.Create(2 / 5d));
        series = Vector256.FusedMultiplyAdd(series, z, Vector256.Create(2 / 3d));
        series = Vector256.FusedMultiplyAdd(series, z, Vector256.Create(2d));
        return Vector256.FusedMultiplyAdd(e, Vector256.Create(0.6931471805599453), s * series);
    }
}
