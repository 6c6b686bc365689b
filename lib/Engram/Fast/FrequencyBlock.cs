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
    /// <param name="rows">The frequencies.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="dimension">D.</param>
    /// <param name="block">Where they go, [D, width].</param>
    /// <param name="width">The frequencies of a block, a multiple of 8.</param>
    public static void Read(T* rows, int count, int dimension, T* block, int width)
    {
        if (typeof(T) == typeof(float) && Avx.IsSupported && count == width)
            for (var from = 0; from < width; from += 8)
                EightByEight.Transpose((float*)(rows + from * dimension), dimension, (float*)(block + from), width, dimension);
        else
            ReadOneByOne(rows, count, dimension, block, width);
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
    private static void ReadOneByOne(T* rows, int count, int dimension, T* block, int width)
    {
        for (var f = 0; f < width; f++)
            for (var i = 0; i < dimension; i++)
                block[i * width + f] = f < count ? rows[(long)f * dimension + i] : T.Zero;
    }
}
