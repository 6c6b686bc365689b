using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engram;

/// <summary>Sixteen values at a time, operation by operation the same, so that a lane has the same bits in both.</summary>
internal static partial class InverseErf
{
    /// <summary>erf⁻¹(x) for |x| &lt; 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x)
    {
        var w = MinusLog1p(-(x * x));
        var isTail = Vector512.GreaterThanOrEqual(w, Vector512.Create(5f));
        var p = Polynomial(Central, w - Vector512.Create(2.5f));
        if (isTail != Vector512<float>.Zero)
            p = Vector512.ConditionalSelect(isTail, Polynomial(Tail, Vector512.Sqrt(w) - Vector512.Create(3f)), p);
        return p * x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Polynomial(ReadOnlySpan<float> coefficients, Vector512<float> x)
    {
        var p = Vector512.Create(coefficients[0]);
        p = Vector512.FusedMultiplyAdd(p, x, Vector512.Create(coefficients[1]));
        p = Vector512.FusedMultiplyAdd(p, x, Vector512.Create(coefficients[2]));
        p = Vector512.FusedMultiplyAdd(p, x, Vector512.Create(coefficients[3]));
        p = Vector512.FusedMultiplyAdd(p, x, Vector512.Create(coefficients[4]));
        p = Vector512.FusedMultiplyAdd(p, x, Vector512.Create(coefficients[5]));
        p = Vector512.FusedMultiplyAdd(p, x, Vector512.Create(coefficients[6]));
        p = Vector512.FusedMultiplyAdd(p, x, Vector512.Create(coefficients[7]));
        return Vector512.FusedMultiplyAdd(p, x, Vector512.Create(coefficients[8]));
    }

    /// <summary>-log(1 + x) for -1 &lt; x ≤ 0, computed in float64 and rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> MinusLog1p(Vector512<float> x)
    {
        var (lower, upper) = Vector512.Widen(x);
        return -Vector512.Narrow(Log(Vector512<double>.One + lower), Log(Vector512<double>.One + upper));
    }

    /// <inheritdoc cref="Log(Vector256{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Log(Vector512<double> y)
    {
        var shifted = y.AsUInt64() - Vector512.Create(RootOfHalf);
        var m = ((shifted & Vector512.Create(FractionBits)) + Vector512.Create(RootOfHalf)).AsDouble();
        var exponent = Vector512.ShiftRightLogical(shifted + Vector512.Create(Bias), 52) | Vector512.Create(TwoTo52);
        var e = exponent.AsDouble() - Vector512.Create(4503599627370496d + 64);

        var s = (m - Vector512<double>.One) / (m + Vector512<double>.One);
        var z = s * s;
        var series = Vector512.Create(2 / 15d);
        series = Vector512.FusedMultiplyAdd(series, z, Vector512.Create(2 / 13d));
        series = Vector512.FusedMultiplyAdd(series, z, Vector512.Create(2 / 11d));
        series = Vector512.FusedMultiplyAdd(series, z, Vector512.Create(2 / 9d));
        series = Vector512.FusedMultiplyAdd(series, z, Vector512.Create(2 / 7d));
        series = Vector512.FusedMultiplyAdd(series, z, Vector512.Create(2 / 5d));
        series = Vector512.FusedMultiplyAdd(series, z, Vector512.Create(2 / 3d));
        series = Vector512.FusedMultiplyAdd(series, z, Vector512.Create(2d));
        return Vector512.FusedMultiplyAdd(e, Vector512.Create(0.6931471805599453), s * series);
    }
}
