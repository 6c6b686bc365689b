using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engram;

/// <summary>Exact energies of many states through <see cref="ExactLoop{T}"/>.</summary>
internal static unsafe class ExactEnergies
{
    // A few for each core, so that none waits long for another.
    private const int Parts = 16;

    /// <summary>Energies [N], and gradients [N, D] where asked.</summary>
    /// <param name="memories">Ξ, [K, D].</param>
    /// <param name="states">[N, D].</param>
    /// <param name="beta">β.</param>
    /// <param name="logarithm">−1/β log Σκ, or −Σκ.</param>
    /// <param name="gradients">Whether to answer gradients.</param>
    public static (Tensor Value, Tensor? Gradient) Of(
        Tensor memories, Tensor states, double beta, bool logarithm, bool gradients) =>
        states.dtype == ScalarType.Float32
            ? Of<float>(memories, states, (float)beta, logarithm, gradients)
            : Of<double>(memories, states, beta, logarithm, gradients);

    private static (Tensor, Tensor?) Of<T>(Tensor memories, Tensor states, T beta, bool logarithm, bool gradients)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor xi = memories.contiguous(), v = states.contiguous();
        var (n, d) = ((int)v.shape[0], (int)v.shape[1]);
        var value = empty([n], v.dtype);
        var gradient = gradients ? empty([n, d], v.dtype) : null;
        if (n == 0) return (value, gradient);
        var loop = new ExactLoop<T>(Memory.Of<T>(xi), (int)xi.shape[0], d, beta, logarithm);
        T* from = Memory.Of<T>(v), values = Memory.Of<T>(value), slopes = gradient is null ? null : Memory.Of<T>(gradient);

        // Many blocks to a part, so that working memory is not asked for anew for each.
        var lanes = Lanes<T>.Count;
        var blocks = (n + lanes - 1) / lanes;
        var work = (double)n * xi.numel() * (gradients ? 2 : 1) + 16.0 * n * xi.shape[0];
        var each = Workers.Share(work) ? Math.Max(1, (blocks + Parts - 1) / Parts) : blocks;
        Workers.Run((blocks + each - 1) / each, work, part =>
        {
            using var room = new Scratch<T>(2L * d * lanes + loop.ScratchLength);
            T* x = room.Start, g = x + d * lanes, weights = g + d * lanes;
            for (var block = part * each; block < Math.Min(blocks, (part + 1) * each); block++)
            {
                var first = block * lanes;
                var here = Math.Min(lanes, n - first);
                Block<T>.Read(from + (long)first * d, x, here, d);
                var energies = loop.Evaluate(x, slopes == null ? null : g, weights);
                Lanes<T>.Write(energies, values + first, here);
                if (slopes != null) Block<T>.Write(g, slopes + (long)first * d, here, d);
            }
        });
        GC.KeepAlive(xi);
        GC.KeepAlive(v);
        return (value, gradient);
    }
}

/// <summary>Rows [lanes, D] against a block [D, lanes].</summary>
internal static unsafe class Block<T>
    where T : unmanaged
{
    /// <summary>Rows into a block; lanes that are left over repeat the last row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(T* rows, T* block, int count, int dimension)
    {
        var lanes = Vector256<T>.Count;
        for (var lane = 0; lane < lanes; lane++)
        {
            var row = rows + (long)Math.Min(lane, count - 1) * dimension;
            for (var i = 0; i < dimension; i++) block[i * lanes + lane] = row[i];
        }
    }

    /// <summary>A block into rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(T* block, T* rows, int count, int dimension)
    {
        var lanes = Vector256<T>.Count;
        for (var lane = 0; lane < count; lane++)
            for (var i = 0; i < dimension; i++) rows[(long)lane * dimension + i] = block[i * lanes + lane];
    }
}
