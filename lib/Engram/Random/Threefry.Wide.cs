using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engram;

/// <summary>Sixteen blocks at a time, where the processor has vectors of 512 bits.</summary>
internal static partial class Threefry
{
    private static bool Wide => Vector512.IsHardwareAccelerated && Avx512F.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FillWide(PrngKey key, long total, long start, Span<Vector512<uint>> words)
    {
        for (var i = 0; i < words.Length; i++, start += Vector512<uint>.Count)
            words[i] = key.Layout == PrngLayout.Partitionable
                ? WidePartitionable(key, start)
                : WideLegacy(key, total, start);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> WidePartitionable(PrngKey key, long start)
    {
        var (first, second) = (Vector512.Create((uint)(start >> 32)), Vector512.Create((uint)start) + Vector512<uint>.Indices);
        Mix(key.High, key.Low, ref first, ref second);
        return first ^ second;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> WideLegacy(PrngKey key, long total, long start)
    {
        var half = Vector512.Create((uint)((total + 1) / 2));
        var index = Vector512.Create((uint)start) + Vector512<uint>.Indices;
        var isFirst = Vector512.LessThan(index, half);
        var first = Vector512.ConditionalSelect(isFirst, index, index - half);
        var second = first + half;
        second &= Vector512.LessThan(second, Vector512.Create((uint)total));
        Mix(key.High, key.Low, ref first, ref second);
        return Vector512.ConditionalSelect(isFirst, first, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(uint key0, uint key1, ref Vector512<uint> x, ref Vector512<uint> y)
    {
        var (k0, k1, k2) = (Vector512.Create(key0), Vector512.Create(key1), Vector512.Create(key0 ^ key1 ^ KeyParity));
        (x, y) = (x + k0, y + k1);
        EvenRounds(ref x, ref y);
        (x, y) = (x + k1, y + (k2 + Vector512.Create(1u)));
        OddRounds(ref x, ref y);
        (x, y) = (x + k2, y + (k0 + Vector512.Create(2u)));
        EvenRounds(ref x, ref y);
        (x, y) = (x + k0, y + (k1 + Vector512.Create(3u)));
        OddRounds(ref x, ref y);
        (x, y) = (x + k1, y + (k2 + Vector512.Create(4u)));
        EvenRounds(ref x, ref y);
        (x, y) = (x + k2, y + (k0 + Vector512.Create(5u)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EvenRounds(ref Vector512<uint> x, ref Vector512<uint> y)
    {
        Round(ref x, ref y, 13);
        Round(ref x, ref y, 15);
        Round(ref x, ref y, 26);
        Round(ref x, ref y, 6);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OddRounds(ref Vector512<uint> x, ref Vector512<uint> y)
    {
        Round(ref x, ref y, 17);
        Round(ref x, ref y, 29);
        Round(ref x, ref y, 16);
        Round(ref x, ref y, 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref Vector512<uint> x, ref Vector512<uint> y, [ConstantExpected] byte bits)
    {
        x += y;
        y = Avx512F.RotateLeft(y, bits) ^ x;
    }
}
