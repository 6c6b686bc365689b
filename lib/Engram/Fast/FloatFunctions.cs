using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engram;

/// <summary>
/// Elementary functions of eight float32 lanes, within 2 units in the last place of the true value (sine and cosine:
/// of 1). The polynomials are those of Cephes (S. Moshier), evaluated with fused multiply-adds.
/// </summary>
internal static partial class FloatFunctions
{
    private const float LargestReduced = 1 << 16;

    /// <summary>eˣ; 0 where that is below the least normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        // x = n ln 2 + r, |r| ≤ ½ ln 2.
        var n = Vector256.Round(x * 1.44269504088896341f);
        var r = Fma(n, -0.693359375f, x);
        r = Fma(n, 2.12194440e-4f, r);
        var p = Vector256.Create(1.9875691500e-4f);
        p = Fma(p, r, 1.3981999507e-3f);
        p = Fma(p, r, 8.3334519073e-3f);
        p = Fma(p, r, 4.1665795894e-2f);
        p = Fma(p, r, 1.6666665459e-1f);
        p = Fma(p, r, 5.0000001201e-1f);
        p = Vector256.FusedMultiplyAdd(p, r * r, r) + Vector256<float>.One;
        // 2ⁿ in two factors, for n reaches 128.
        var whole = Vector256.ConvertToInt32Native(n);
        var half = Vector256.ShiftRightArithmetic(whole, 1);
        var y = p * PowerOfTwo(half) * PowerOfTwo(whole - half);
        y = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256.Create(-87.3f)), Vector256<float>.Zero, y);
        return Vector256.ConditionalSelect(
            Vector256.GreaterThan(x, Vector256.Create(88.8f)), Vector256.Create(float.PositiveInfinity), y);
    }

    /// <summary>sin x and cos x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SinCos(Vector256<float> x, out Vector256<float> sine, out Vector256<float> cosine)
    {
        if (Vector256.GreaterThanAny(Vector256.Abs(x), Vector256.Create(LargestReduced)))
        {
            // By variables of its own: those that come out can stay in registers then.
            OneByOne(x, out var sines, out var cosines);
            (sine, cosine) = (sines, cosines);
            return;
        }

        // x = q π/2 + r, |r| ≤ π/4; π/2 in three parts.
        var q = Vector256.Round(x * 0.636619772367581343f);
        var r = Fma(q, -1.57079637050628662109375f, x);
        r = Fma(q, 4.37113900018624283e-8f, r);
        r = Fma(q, 1.71512451463309752e-15f, r);
        var square = r * r;
        var s = Fma(Vector256.Create(-1.9515295891e-4f), square, 8.3321608736e-3f);
        s = Fma(s, square, -1.6666654611e-1f);
        s = Vector256.FusedMultiplyAdd(s * square, r, r);
        var c = Fma(Vector256.Create(2.443315711809948e-5f), square, -1.388731625493765e-3f);
        c = Fma(c, square, 4.166664568298827e-2f);
        c = Vector256.FusedMultiplyAdd(c * square, square, Fma(square, -0.5f, Vector256<float>.One));

        var quadrant = Vector256.ConvertToInt32Native(q);
        var odd = Vector256.Equals(quadrant & Vector256<int>.One, Vector256<int>.One).AsSingle();
        // Bit 1 of q changes the sign of the sine, bit 1 of q + 1 that of the cosine.
        var two = Vector256.Create(2);
        var sineSign = Vector256.ShiftLeft(quadrant & two, 30).AsSingle();
        var cosineSign = Vector256.ShiftLeft((quadrant + Vector256<int>.One) & two, 30).AsSingle();
        sine = Vector256.ConditionalSelect(odd, c, s) ^ sineSign;
        cosine = Vector256.ConditionalSelect(odd, s, c) ^ cosineSign;
    }

    // Beyond 2¹⁶ the product with 2/π has too few digits left.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void OneByOne(Vector256<float> x, out Vector256<float> sine, out Vector256<float> cosine)
    {
        (sine, cosine) = (Vector256<float>.Zero, Vector256<float>.Zero);
        for (var i = 0; i < Vector256<float>.Count; i++)
        {
            var (s, c) = MathF.SinCos(x[i]);
            (sine, cosine) = (sine.WithElement(i, s), cosine.WithElement(i, c));
        }
    }

    private static Vector256<float> PowerOfTwo(Vector256<int> n) =>
        Vector256.ShiftLeft(n + Vector256.Create(127), 23).AsSingle();

    private static Vector256<float> Fma(Vector256<float> a, Vector256<float> b, float c) =>
        Vector256.FusedMultiplyAdd(a, b, Vector256.Create(c));

    private static Vector256<float> Fma(Vector256<float> a, float b, Vector256<float> c) =>
        Vector256.FusedMultiplyAdd(a, Vector256.Create(b), c);
}
