using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engram;

/// <summary>
/// The work of <see cref="FrequencyBlock{T}"/> on float32 with vectors of 512 bits: the same blocks [D, 32], met as two
/// vectors, by four vectors z at a time, so that eight chains of sums are under way.
/// </summary>
internal static unsafe class WideFrequencyBlock
{
    private const int Lanes = 16, Width = 2 * Lanes;

    /// <summary>Projections of four vectors on the block's frequencies: [4, 32].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ProjectFour(float* block, float* z0, float* z1, float* z2, float* z3, int dimension, float* projections)
    {
        Vector512<float> a0 = default, a1 = default, b0 = default, b1 = default;
        Vector512<float> c0 = default, c1 = default, d0 = default, d1 = default;
        for (var i = 0; i < dimension; i++)
        {
            Vector512<float> w0 = Vector512.Load(block + i * Width), w1 = Vector512.Load(block + i * Width + Lanes);
            Vector512<float> a = Vector512.Create(z0[i]), b = Vector512.Create(z1[i]);
            Vector512<float> c = Vector512.Create(z2[i]), d = Vector512.Create(z3[i]);
            (a0, a1) = (Vector512.FusedMultiplyAdd(w0, a, a0), Vector512.FusedMultiplyAdd(w1, a, a1));
            (b0, b1) = (Vector512.FusedMultiplyAdd(w0, b, b0), Vector512.FusedMultiplyAdd(w1, b, b1));
            (c0, c1) = (Vector512.FusedMultiplyAdd(w0, c, c0), Vector512.FusedMultiplyAdd(w1, c, c1));
            (d0, d1) = (Vector512.FusedMultiplyAdd(w0, d, d0), Vector512.FusedMultiplyAdd(w1, d, d1));
        }

        Store(projections, a0, a1);
        Store(projections + Width, b0, b1);
        Store(projections + 2 * Width, c0, c1);
        Store(projections + 3 * Width, d0, d1);
    }

    /// <summary>Projections of two vectors: [2, 32], by the same sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ProjectTwo(float* block, float* z0, float* z1, int dimension, float* projections)
    {
        Vector512<float> a0 = default, a1 = default, b0 = default, b1 = default;
        for (var i = 0; i < dimension; i++)
        {
            Vector512<float> w0 = Vector512.Load(block + i * Width), w1 = Vector512.Load(block + i * Width + Lanes);
            Vector512<float> a = Vector512.Create(z0[i]), b = Vector512.Create(z1[i]);
            (a0, a1) = (Vector512.FusedMultiplyAdd(w0, a, a0), Vector512.FusedMultiplyAdd(w1, a, a1));
            (b0, b1) = (Vector512.FusedMultiplyAdd(w0, b, b0), Vector512.FusedMultiplyAdd(w1, b, b1));
        }

        Store(projections, a0, a1);
        Store(projections + Width, b0, b1);
    }

    /// <summary>Adds slope · frequency to the sums of two vectors, each [D, 16].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AccumulateTwo(float* block, float* slopes, int dimension, float* sums0, float* sums1)
    {
        Vector512<float> a0 = Vector512.Load(slopes), a1 = Vector512.Load(slopes + Lanes);
        Vector512<float> b0 = Vector512.Load(slopes + Width), b1 = Vector512.Load(slopes + Width + Lanes);
        for (var i = 0; i < dimension; i++)
        {
            Vector512<float> w0 = Vector512.Load(block + i * Width), w1 = Vector512.Load(block + i * Width + Lanes);
            float* s0 = sums0 + i * Lanes, s1 = sums1 + i * Lanes;
            var sum0 = Vector512.FusedMultiplyAdd(a0, w0, Vector512.Load(s0));
            var sum1 = Vector512.FusedMultiplyAdd(b0, w0, Vector512.Load(s1));
            Vector512.FusedMultiplyAdd(a1, w1, sum0).Store(s0);
            Vector512.FusedMultiplyAdd(b1, w1, sum1).Store(s1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* to, Vector512<float> first, Vector512<float> second)
    {
        first.Store(to);
        second.Store(to + Lanes);
    }
}
