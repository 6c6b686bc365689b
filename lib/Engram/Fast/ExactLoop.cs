using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engram;

/// <summary>
/// Exact energies of a block of states, one state a lane: −1/β log Σκ, or −Σκ, with gradients. Distances are
/// differences, so that the relative error of an exponent is some ε, whatever the size.
/// </summary>
/// <param name="memories">Ξ, [K, D], contiguous.</param>
/// <param name="count">K.</param>
/// <param name="dimension">D.</param>
/// <param name="beta">β.</param>
/// <param name="logarithm">Whether the energy is the logarithm of the sum.</param>
internal readonly unsafe struct ExactLoop<T>(T* memories, int count, int dimension, T beta, bool logarithm)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The numbers of working memory that <see cref="Evaluate"/> needs.</summary>
    public int ScratchLength => count * Lanes<T>.Count;

    /// <summary>Energies of the block, and gradients where there is room for them.</summary>
    /// <param name="states">[D, lanes].</param>
    /// <param name="gradients">[D, lanes], or null.</param>
    /// <param name="weights">Working memory, [K, lanes].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Vector256<T> Evaluate(T* states, T* gradients, T* weights)
    {
        var largest = Exponents(states, weights);
        var shift = logarithm ? largest : Vector256<T>.Zero;
        var sum = Vector256<T>.Zero;
        for (var k = 0; k < count; k++)
        {
            var at = weights + k * Lanes<T>.Count;
            var kernel = Lanes<T>.Exp(Vector256.Load(at) - shift);
            kernel.Store(at);
            sum += kernel;
        }

        if (gradients != null) Gradients(states, gradients, weights, sum);
        return logarithm ? (largest + Lanes<T>.Log(sum)) * (-T.One / beta) : -sum;
    }

    // −β/2 ‖v − ξ‖² of each memory; their largest. Four memories at a time, to have four chains of sums under way.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector256<T> Exponents(T* states, T* exponents)
    {
        var lanes = Lanes<T>.Count;
        var factor = Lanes<T>.All(-beta / (T.One + T.One));
        var largest = Lanes<T>.All(T.NegativeInfinity);
        var k = 0;
        for (; k + 4 <= count; k += 4)
        {
            T* a = memories + k * dimension, b = a + dimension, c = b + dimension, d = c + dimension;
            Vector256<T> s0 = default, s1 = default, s2 = default, s3 = default;
            for (var i = 0; i < dimension; i++)
            {
                var x = Vector256.Load(states + i * lanes);
                Vector256<T> d0 = x - Lanes<T>.All(a[i]), d1 = x - Lanes<T>.All(b[i]);
                Vector256<T> d2 = x - Lanes<T>.All(c[i]), d3 = x - Lanes<T>.All(d[i]);
                (s0, s1) = (Lanes<T>.Fma(d0, d0, s0), Lanes<T>.Fma(d1, d1, s1));
                (s2, s3) = (Lanes<T>.Fma(d2, d2, s2), Lanes<T>.Fma(d3, d3, s3));
            }

            (s0, s1, s2, s3) = (s0 * factor, s1 * factor, s2 * factor, s3 * factor);
            var at = exponents + k * lanes;
            s0.Store(at);
            s1.Store(at + lanes);
            s2.Store(at + 2 * lanes);
            s3.Store(at + 3 * lanes);
            largest = Vector256.Max(Vector256.Max(Vector256.Max(s0, s1), Vector256.Max(s2, s3)), largest);
        }

        for (; k < count; k++)
        {
            Vector256<T> sum = default;
            for (var i = 0; i < dimension; i++)
            {
                var difference = Vector256.Load(states + i * lanes) - Lanes<T>.All(memories[k * dimension + i]);
                sum = Lanes<T>.Fma(difference, difference, sum);
            }

            sum *= factor;
            sum.Store(exponents + k * lanes);
            largest = Vector256.Max(sum, largest);
        }

        return largest;
    }

    // v − Σ w ξ / Σ w, or β (Σ w · v − Σ w ξ); four coordinates at a time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gradients(T* states, T* gradients, T* weights, Vector256<T> sum)
    {
        var lanes = Lanes<T>.Count;
        var i = 0;
        for (; i + 4 <= dimension; i += 4)
        {
            Vector256<T> s0 = default, s1 = default, s2 = default, s3 = default;
            for (var k = 0; k < count; k++)
            {
                var w = Vector256.Load(weights + k * lanes);
                var at = memories + k * dimension + i;
                (s0, s1) = (Lanes<T>.Fma(w, Lanes<T>.All(at[0]), s0), Lanes<T>.Fma(w, Lanes<T>.All(at[1]), s1));
                (s2, s3) = (Lanes<T>.Fma(w, Lanes<T>.All(at[2]), s2), Lanes<T>.Fma(w, Lanes<T>.All(at[3]), s3));
            }

            Finish(states, gradients, i, s0, sum);
            Finish(states, gradients, i + 1, s1, sum);
            Finish(states, gradients, i + 2, s2, sum);
            Finish(states, gradients, i + 3, s3, sum);
        }

        for (; i < dimension; i++)
        {
            Vector256<T> s = default;
            for (var k = 0; k < count; k++)
                s = Lanes<T>.Fma(Vector256.Load(weights + k * lanes), Lanes<T>.All(memories[k * dimension + i]), s);
            Finish(states, gradients, i, s, sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Finish(T* states, T* gradients, int i, Vector256<T> weighted, Vector256<T> sum)
    {
        var at = i * Lanes<T>.Count;
        var v = Vector256.Load(states + at);
        var gradient = logarithm ? v - weighted / sum : (sum * v - weighted) * beta;
        gradient.Store(gradients + at);
    }
}
