using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engram;

/// <summary>
/// The work of <see cref="FrequencyBlock{T}"/> on float32 with vectors of 512 bits: blocks [D, 64], met as four vectors, by
/// four vectors z at a time, so that sixteen sums are under way for each eight that are loaded.
/// </summary>
internal static unsafe class WideFrequencyBlock
{
    private const int Lanes = 16;

    /// <summary>The frequencies of a block.</summary>
    public const int Width = 4 * Lanes;

    /// <summary>Projections of four vectors on the block's frequencies: [4, 64].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ProjectFour(float* block, float* z0, float* z1, float* z2, float* z3, int dimension, float* projections)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default;
        Vector512<float> d0 = default, d1 = default, d2 = default, d3 = default;
        for (var i = 0; i < dimension; i++, block += Width)
        {
            Vector512<float> w0 = Vector512.Load(block), w1 = Vector512.Load(block + Lanes);
            Vector512<float> w2 = Vector512.Load(block + 2 * Lanes), w3 = Vector512.Load(block + 3 * Lanes);
            var a = Vector512.Create(z0[i]);
            (a0, a1) = (Vector512.FusedMultiplyAdd(w0, a, a0), Vector512.FusedMultiplyAdd(w1, a, a1));
            (a2, a3) = (Vector512.FusedMultiplyAdd(w2, a, a2), Vector512.FusedMultiplyAdd(w3, a, a3));
            var b = Vector512.Create(z1[i]);
            (b0, b1) = (Vector512.FusedMultiplyAdd(w0, b, b0), Vector512.FusedMultiplyAdd(w1, b, b1));
            (b2, b3) = (Vector512.FusedMultiplyAdd(w2, b, b2), Vector512.FusedMultiplyAdd(w3, b, b3));
            var c = Vector512.Create(z2[i]);
            (c0, c1) = (Vector512.FusedMultiplyAdd(w0, c, c0), Vector512.FusedMultiplyAdd(w1, c, c1));
            (c2, c3) = (Vector512.FusedMultiplyAdd(w2, c, c2), Vector512.FusedMultiplyAdd(w3, c, c3));
            var d = Vector512.Create(z3[i]);
            (d0, d1) = (Vector512.FusedMultiplyAdd(w0, d, d0), Vector512.FusedMultiplyAdd(w1, d, d1));
            (d2, d3) = (Vector512.FusedMultiplyAdd(w2, d, d2), Vector512.FusedMultiplyAdd(w3, d, d3));
        }

        Store(projections, a0, a1, a2, a3);
        Store(projections + Width, b0, b1, b2, b3);
        Store(projections + 2 * Width, c0, c1, c2, c3);
        Store(projections + 3 * Width, d0, d1, d2, d3);
    }

    /// <summary>Projections of two vectors on the block's frequencies: [2, 64], by the same sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ProjectTwo(float* block, float* z0, float* z1, int dimension, float* projections)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default;
        for (var i = 0; i < dimension; i++, block += Width)
        {
            Vector512<float> w0 = Vector512.Load(block), w1 = Vector512.Load(block + Lanes);
            Vector512<float> w2 = Vector512.Load(block + 2 * Lanes), w3 = Vector512.Load(block + 3 * Lanes);
            var a = Vector512.Create(z0[i]);
            (a0, a1) = (Vector512.FusedMultiplyAdd(w0, a, a0), Vector512.FusedMultiplyAdd(w1, a, a1));
            (a2, a3) = (Vector512.FusedMultiplyAdd(w2, a, a2), Vector512.FusedMultiplyAdd(w3, a, a3));
            var b = Vector512.Create(z1[i]);
            (b0, b1) = (Vector512.FusedMultiplyAdd(w0, b, b0), Vector512.FusedMultiplyAdd(w1, b, b1));
            (b2, b3) = (Vector512.FusedMultiplyAdd(w2, b, b2), Vector512.FusedMultiplyAdd(w3, b, b3));
        }

        Store(projections, a0, a1, a2, a3);
        Store(projections + Width, b0, b1, b2, b3);
    }

    /// <summary>Adds slope · frequency to the sums of four vectors, each [D, 16].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AccumulateFour(float* block, float* slopes, int dimension, float* sums0, float* sums1, float* sums2, float* sums3)
    {
        Load(slopes, out var a0, out var a1, out var a2, out var a3);
        Load(slopes + Width, out var b0, out var b1, out var b2, out var b3);
        Load(slopes + 2 * Width, out var c0, out var c1, out var c2, out var c3);
        Load(slopes + 3 * Width, out var d0, out var d1, out var d2, out var d3);
        for (var i = 0; i < dimension * Lanes; i += Lanes, block += Width)
        {
            Vector512<float> w0 = Vector512.Load(block), w1 = Vector512.Load(block + Lanes);
            Vector512<float> w2 = Vector512.Load(block + 2 * Lanes), w3 = Vector512.Load(block + 3 * Lanes);
            var a = Vector512.FusedMultiplyAdd(a1, w1, Vector512.FusedMultiplyAdd(a0, w0, Vector512.Load(sums0 + i)));
            var b = Vector512.FusedMultiplyAdd(b1, w1, Vector512.FusedMultiplyAdd(b0, w0, Vector512.Load(sums1 + i)));
            var c = Vector512.FusedMultiplyAdd(c1, w1, Vector512.FusedMultiplyAdd(c0, w0, Vector512.Load(sums2 + i)));
            var d = Vector512.FusedMultiplyAdd(d1, w1, Vector512.FusedMultiplyAdd(d0, w0, Vector512.Load(sums3 + i)));
            Vector512.FusedMultiplyAdd(a3, w3, Vector512.FusedMultiplyAdd(a2, w2, a)).Store(sums0 + i);
            Vector512.FusedMultiplyAdd(b3, w3, Vector512.FusedMultiplyAdd(b2, w2, b)).Store(sums1 + i);
            Vector512.FusedMultiplyAdd(c3, w3, Vector512.FusedMultiplyAdd(c2, w2, c)).Store(sums2 + i);
            Vector512.FusedMultiplyAdd(d3, w3, Vector512.FusedMultiplyAdd(d2, w2, d)).Store(sums3 + i);
        }
    }

    /// <summary>Adds slope · frequency to the sums of two vectors, each [D, 16].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AccumulateTwo(float* block, float* slopes, int dimension, float* sums0, float* sums1)
    {
        Load(slopes, out var a0, out var a1, out var a2, out var a3);
        Load(slopes + Width, out var b0, out var b1, out var b2, out var b3);
        for (var i = 0; i < dimension * Lanes; i += Lanes, block += Width)
        {
            Vector512<float> w0 = Vector512.Load(block), w1 = Vector512.Load(block + Lanes);
            Vector512<float> w2 = Vector512.Load(block + 2 * Lanes), w3 = Vector512.Load(block + 3 * Lanes);
            var a = Vector512.FusedMultiplyAdd(a1, w1, Vector512.FusedMultiplyAdd(a0, w0, Vector512.Load(sums0 + i)));
            var b = Vector512.FusedMultiplyAdd(b1, w1, Vector512.FusedMultiplyAdd(b0, w0, Vector512.Load(sums1 + i)));
            Vector512.FusedMultiplyAdd(a3, w3, Vector512.FusedMultiplyAdd(a2, w2, a)).Store(sums0 + i);
            Vector512.FusedMultiplyAdd(b3, w3, Vector512.FusedMultiplyAdd(b2, w2, b)).Store(sums1 + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        float* to, Vector512<float> first, Vector512<float> second, Vector512<float> third, Vector512<float> fourth)
    {
        first.Store(to);
        second.Store(to + Lanes);
        third.Store(to + 2 * Lanes);
        fourth.Store(to + 3 * Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(
        float* from, out Vector512<float> first, out Vector512<float> second, out Vector512<float> third, out Vector512<float> fourth)
    {
        first = Vector512.Load(from);
        second = Vector512.Load(from + Lanes);
        third = Vector512.Load(from + 2 * Lanes);
        fourth = Vector512.Load(from + 3 * Lanes);
    }
}
