using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engram;

/// <summary>Four vectors of frequencies side by side, [D, 4·lanes], so that a loop over D meets them in order.</summary>
internal static unsafe class FrequencyBlock<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The frequencies of a block: 32 of float32, 16 of float64.</summary>
    public static int Width => 4 * Vector256<T>.Count;

    /// <summary>Rows of frequencies [count, D] into a block; what is left over is zero.</summary>
    public static void Read(T* rows, int count, int dimension, T* block)
    {
        if (typeof(T) == typeof(float) && Avx.IsSupported && count == Width)
            for (var from = 0; from < Width; from += 8)
                Transpose((float*)(rows + from * dimension), dimension, (float*)(block + from));
        else
            ReadOneByOne(rows, count, dimension, block);
    }

    /// <summary>Projections of two vectors on the block's frequencies: four vectors of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Project(T* block, T* z0, T* z1, int dimension, T* projections)
    {
        var lanes = Vector256<T>.Count;
        Vector256<T> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector256<T> b0 = default, b1 = default, b2 = default, b3 = default;
        for (var i = 0; i < dimension; i++)
        {
            var at = block + i * 4 * lanes;
            Vector256<T> w0 = Vector256.Load(at), w1 = Vector256.Load(at + lanes);
            Vector256<T> w2 = Vector256.Load(at + 2 * lanes), w3 = Vector256.Load(at + 3 * lanes);
            Vector256<T> a = Vector256.Create(z0[i]), b = Vector256.Create(z1[i]);
            (a0, a1) = (Lanes<T>.Fma(w0, a, a0), Lanes<T>.Fma(w1, a, a1));
            (a2, a3) = (Lanes<T>.Fma(w2, a, a2), Lanes<T>.Fma(w3, a, a3));
            (b0, b1) = (Lanes<T>.Fma(w0, b, b0), Lanes<T>.Fma(w1, b, b1));
            (b2, b3) = (Lanes<T>.Fma(w2, b, b2), Lanes<T>.Fma(w3, b, b3));
        }

        a0.Store(projections);
        a1.Store(projections + lanes);
        a2.Store(projections + 2 * lanes);
        a3.Store(projections + 3 * lanes);
        b0.Store(projections + 4 * lanes);
        b1.Store(projections + 5 * lanes);
        b2.Store(projections + 6 * lanes);
        b3.Store(projections + 7 * lanes);
    }

    /// <summary>Adds slope · frequency to the sums of two vectors, each [D, lanes].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate(T* block, T* slopes, int dimension, T* sums0, T* sums1)
    {
        var lanes = Vector256<T>.Count;
        Vector256<T> a0 = Vector256.Load(slopes), a1 = Vector256.Load(slopes + lanes);
        Vector256<T> a2 = Vector256.Load(slopes + 2 * lanes), a3 = Vector256.Load(slopes + 3 * lanes);
        Vector256<T> b0 = Vector256.Load(slopes + 4 * lanes), b1 = Vector256.Load(slopes + 5 * lanes);
        Vector256<T> b2 = Vector256.Load(slopes + 6 * lanes), b3 = Vector256.Load(slopes + 7 * lanes);
        for (var i = 0; i < dimension; i++)
        {
            var at = block + i * 4 * lanes;
            Vector256<T> w0 = Vector256.Load(at), w1 = Vector256.Load(at + lanes);
            Vector256<T> w2 = Vector256.Load(at + 2 * lanes), w3 = Vector256.Load(at + 3 * lanes);
            T* s0 = sums0 + i * lanes, s1 = sums1 + i * lanes;
            var sum0 = Lanes<T>.Fma(a1, w1, Lanes<T>.Fma(a0, w0, Vector256.Load(s0)));
            var sum1 = Lanes<T>.Fma(b1, w1, Lanes<T>.Fma(b0, w0, Vector256.Load(s1)));
            Lanes<T>.Fma(a3, w3, Lanes<T>.Fma(a2, w2, sum0)).Store(s0);
            Lanes<T>.Fma(b3, w3, Lanes<T>.Fma(b2, w2, sum1)).Store(s1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReadOneByOne(T* rows, int count, int dimension, T* block)
    {
        for (var f = 0; f < Width; f++)
            for (var i = 0; i < dimension; i++)
                block[i * Width + f] = f < count ? rows[(long)f * dimension + i] : T.Zero;
    }

    // Eight rows of floats, eight by eight.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(float* rows, int dimension, float* block)
    {
        var width = Width;
        var i = 0;
        for (; i + 8 <= dimension; i += 8)
        {
            Vector256<float> r0 = Avx.LoadVector256(rows + i), r1 = Avx.LoadVector256(rows + dimension + i);
            Vector256<float> r2 = Avx.LoadVector256(rows + 2 * dimension + i), r3 = Avx.LoadVector256(rows + 3 * dimension + i);
            Vector256<float> r4 = Avx.LoadVector256(rows + 4 * dimension + i), r5 = Avx.LoadVector256(rows + 5 * dimension + i);
            Vector256<float> r6 = Avx.LoadVector256(rows + 6 * dimension + i), r7 = Avx.LoadVector256(rows + 7 * dimension + i);
            Vector256<float> p0 = Avx.UnpackLow(r0, r1), p1 = Avx.UnpackHigh(r0, r1), p2 = Avx.UnpackLow(r2, r3);
            Vector256<float> p3 = Avx.UnpackHigh(r2, r3), p4 = Avx.UnpackLow(r4, r5), p5 = Avx.UnpackHigh(r4, r5);
            Vector256<float> p6 = Avx.UnpackLow(r6, r7), p7 = Avx.UnpackHigh(r6, r7);
            Vector256<float> q0 = Avx.Shuffle(p0, p2, 0x44), q1 = Avx.Shuffle(p0, p2, 0xEE), q2 = Avx.Shuffle(p1, p3, 0x44);
            Vector256<float> q3 = Avx.Shuffle(p1, p3, 0xEE), q4 = Avx.Shuffle(p4, p6, 0x44), q5 = Avx.Shuffle(p4, p6, 0xEE);
            Vector256<float> q6 = Avx.Shuffle(p5, p7, 0x44), q7 = Avx.Shuffle(p5, p7, 0xEE);
            Avx.Permute2x128(q0, q4, 0x20).Store(block + i * width);
            Avx.Permute2x128(q1, q5, 0x20).Store(block + (i + 1) * width);
            Avx.Permute2x128(q2, q6, 0x20).Store(block + (i + 2) * width);
            Avx.Permute2x128(q3, q7, 0x20).Store(block + (i + 3) * width);
            Avx.Permute2x128(q0, q4, 0x31).Store(block + (i + 4) * width);
            Avx.Permute2x128(q1, q5, 0x31).Store(block + (i + 5) * width);
            Avx.Permute2x128(q2, q6, 0x31).Store(block + (i + 6) * width);
            Avx.Permute2x128(q3, q7, 0x31).Store(block + (i + 7) * width);
        }

        for (; i < dimension; i++)
            for (var f = 0; f < 8; f++) block[i * width + f] = rows[f * dimension + i];
    }
}
