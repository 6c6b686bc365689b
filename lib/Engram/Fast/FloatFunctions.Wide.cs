using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engram;

/// <summary>The same functions of sixteen lanes, operation by operation, so that a lane has the same bits in both.</summary>
internal static partial class FloatFunctions
{
    /// <summary>eˣ; 0 where that is below the least normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        // x = n ln 2 + r, |r| ≤ ½ ln 2.
        var n = Vector512.Round(x * 1.44269504088896341f);
        var r = Fma(n, -0.693359375f, x);
        r = Fma(n, 2.12194440e-4f, r);
        var p = Vector512.Create(1.9875691500e-4f);
        p = Fma(p, r, 1.3981999507e-3f);
        p = Fma(p, r, 8.3334519073e-3f);
        p = Fma(p, r, 4.1665795894e-2f);
        p = Fma(p, r, 1.6666665459e-1f);
        p = Fma(p, r, 5.0000001201e-1f);
        p = Vector512.FusedMultiplyAdd(p, r * r, r) + Vector512<float>.One;
        // 2ⁿ in two factors, for n reaches 128.
        var whole = Vector512.ConvertToInt32Native(n);
        var half = Vector512.ShiftRightArithmetic(whole, 1);
        var y = p * PowerOfTwo(half) * PowerOfTwo(whole - half);
        y = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(-87.3f)), Vector512<float>.Zero, y);
        return Vector512.ConditionalSelect(
            Vector512.GreaterThan(x, Vector512.Create(88.8f)), Vector512.Create(float.PositiveInfinity), y);
    }

    /// <summary>The largest |x| of <see cref="NearSinCos"/>.</summary>
    public const float LargestNear = LargestReduced;

    /// <summary>sin x and cos x for |x| up to <see cref="LargestNear"/>; a loop has no call in it then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NearSinCos(Vector512<float> x, out Vector512<float> sine, out Vector512<float> cosine)
    {
        // x = q π/2 + r, |r| ≤ π/4; π/2 in three parts.
        var q = Vector512.Round(x * 0.636619772367581343f);
        var r = Fma(q, -1.57079637050628662109375f, x);
        r = Fma(q, 4.37113900018624283e-8f, r);
        r = Fma(q, 1.71512451463309752e-15f, r);
        var square = r * r;
        var s = Fma(Vector512.Create(-1.9515295891e-4f), square, 8.3321608736e-3f);
        s = Fma(s, square, -1.6666654611e-1f);
        s = Vector512.FusedMultiplyAdd(s * square, r, r);
        var c = Fma(Vector512.Create(2.443315711809948e-5f), square, -1.388731625493765e-3f);
        c = Fma(c, square, 4.166664568298827e-2f);
        c = Vector512.FusedMultiplyAdd(c * square, square, Fma(square, -0.5f, Vector512<float>.One));

        var quadrant = Vector512.ConvertToInt32Native(q);
        var odd = Vector512.Equals(quadrant & Vector512<int>.One, Vector512<int>.One).AsSingle();
        // Bit 1 of q changes the sign of the sine, bit 1 of q + 1 that of the cosine.
        var two = Vector512.Create(2);
        var sineSign = Vector512.ShiftLeft(quadrant & two, 30).AsSingle();
        var cosineSign = Vector512.ShiftLeft((quadrant + Vector512<int>.One) & two, 30).AsSingle();
        sine = Vector512.ConditionalSelect(odd, c, s) ^ sineSign;
        cosine = Vector512.ConditionalSelect(odd, s, c) ^ cosineSign;
    }

    /// <summary>An angle in [−π, π] of the same sine and cosine, to rounding.</summary>
    public static float Near(float x) => (float)Math.Atan2(Math.Sin(x), Math.Cos(x));

    private static Vector512<float> PowerOfTwo(Vector512<int> n) =>
        Vector512.ShiftLeft(n + Vector512.Create(127), 23).AsSingle();

    private static Vector512<float> Fma(Vector512<float> a, Vector512<float> b, float c) =>
        Vector512.FusedMultiplyAdd(a, b, Vector512.Create(c));

    private static Vector512<float> Fma(Vector512<float> a, float b, Vector512<float> c) =>
        Vector512.FusedMultiplyAdd(a, Vector512.Create(b), c);
}
