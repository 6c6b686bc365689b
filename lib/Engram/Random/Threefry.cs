using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engram;

/// <summary>
/// Threefry-2x32 with 20 rounds, eight or sixteen blocks at a time, and the two ways in which JAX counts its blocks.
/// Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC11).
/// </summary>
internal static partial class Threefry
{
    /// <summary>Blocks in the shorter vector.</summary>
    public const int Width = 8;

    private const uint KeyParity = 0x1BD11BDA;

    /// <summary>One block: the two words for one counter.</summary>
    public static (uint First, uint Second) Block(uint key0, uint key1, uint counter0, uint counter1)
    {
        var (first, second) = Blocks(key0, key1, Vector256.Create(counter0), Vector256.Create(counter1));
        return (first.ToScalar(), second.ToScalar());
    }

    /// <summary>
    /// The 32-bit words <paramref name="start"/>, … of the <paramref name="total"/> that a key gives.
    /// Any part of the stream can be asked for by itself.
    /// </summary>
    /// <param name="key">The key, with its layout.</param>
    /// <param name="total">The length of the whole stream; the legacy layout depends on it.</param>
    /// <param name="start">A multiple of 16, so that no vector straddles 2³² counters.</param>
    /// <param name="words">Where they go; whole vectors are written, so its length is a multiple of the width.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(PrngKey key, long total, long start, Span<uint> words)
    {
        if (Wide)
        {
            var wide = MemoryMarshal.Cast<uint, Vector512<uint>>(words);
            FillWide(key, total, start, wide);
            var done = wide.Length * Vector512<uint>.Count;
            words = words[done..];
            start += done;
        }

        var vectors = MemoryMarshal.Cast<uint, Vector256<uint>>(words);
        for (var i = 0; i < vectors.Length; i++, start += Width)
            vectors[i] = key.Layout == PrngLayout.Partitionable
                ? Partitionable(key, start)
                : Legacy(key, total, start);
    }

    // Element i has the counter (high word of i, low word of i); both output words are mixed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Partitionable(PrngKey key, long start)
    {
        var low = Vector256.Create((uint)start) + Vector256<uint>.Indices;
        var (first, second) = Blocks(key.High, key.Low, Vector256.Create((uint)(start >> 32)), low);
        return first ^ second;
    }

    // Block j has the counter (j, half + j), where a last counter past the end is 0. The first words of all blocks
    // come before the second words of all.
    private static Vector256<uint> Legacy(PrngKey key, long total, long start)
    {
        var half = (uint)((total + 1) / 2);
        var index = Vector256.Create((uint)start) + Vector256<uint>.Indices;
        var isFirst = Vector256.LessThan(index, Vector256.Create(half));
        var block = Vector256.ConditionalSelect(isFirst, index, index - Vector256.Create(half));
        var partner = block + Vector256.Create(half);
        partner &= Vector256.LessThan(partner, Vector256.Create((uint)total));
        var (first, second) = Blocks(key.High, key.Low, block, partner);
        return Vector256.ConditionalSelect(isFirst, first, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<uint>, Vector256<uint>) Blocks(
        uint key0, uint key1, Vector256<uint> counter0, Vector256<uint> counter1)
    {
        var (k0, k1, k2) = (Vector256.Create(key0), Vector256.Create(key1), Vector256.Create(key0 ^ key1 ^ KeyParity));
        var (x, y) = (counter0 + k0, counter1 + k1);
        (x, y) = EvenRounds(x, y);
        (x, y) = (x + k1, y + k2 + Vector256.Create(1u));
        (x, y) = OddRounds(x, y);
        (x, y) = (x + k2, y + k0 + Vector256.Create(2u));
        (x, y) = EvenRounds(x, y);
        (x, y) = (x + k0, y + k1 + Vector256.Create(3u));
        (x, y) = OddRounds(x, y);
        (x, y) = (x + k1, y + k2 + Vector256.Create(4u));
        (x, y) = EvenRounds(x, y);
        return (x + k2, y + k0 + Vector256.Create(5u));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<uint>, Vector256<uint>) EvenRounds(Vector256<uint> x, Vector256<uint> y)
    {
        x += y;
        y = Rotate(y, 13) ^ x;
        x += y;
        y = Rotate(y, 15) ^ x;
        x += y;
        y = Rotate(y, 26) ^ x;
        x += y;
        y = Rotate(y, 6) ^ x;
        return (x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<uint>, Vector256<uint>) OddRounds(Vector256<uint> x, Vector256<uint> y)
    {
        x += y;
        y = Rotate(y, 17) ^ x;
        x += y;
        y = Rotate(y, 29) ^ x;
        x += y;
        y = Rotate(y, 16) ^ x;
        x += y;
        y = Rotate(y, 24) ^ x;
        return (x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Rotate(Vector256<uint> x, [ConstantExpected] byte bits) =>
        Avx512F.VL.IsSupported
            ? Avx512F.VL.RotateLeft(x, bits)
            : Vector256.ShiftLeft(x, bits) | Vector256.ShiftRightLogical(x, 32 - bits);
}
