using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Engram;

/// <summary>
/// A key's stream of numbers, written straight into a tensor's memory by every core. The stream is cut into blocks of
/// fixed length and each element depends on its place alone, so the number of cores does not show in the result.
/// </summary>
internal static class PrngStream
{
    // Small enough for the first-level cache, a multiple of the vector's width.
    private const int Block = 1024;

    // Blocks that a core takes at a time: 32 Ki elements.
    private const long BlocksOfPart = 32;

    private const double OperationsOfNumber = 16;

    private delegate void Map(Span<uint> words);

    /// <summary>float32 in [low, high): JAX's <c>max(low, f·(high - low) + low)</c>, with 23 random bits in f.</summary>
    public static Tensor Uniform(PrngKey key, long[] shape, float low, float high) =>
        Fill(key, shape, words => ToUniform(words, low, high));

    /// <summary>float32, standard normal: √2·erf⁻¹(u), u uniform on (-1, 1).</summary>
    public static Tensor Normal(PrngKey key, long[] shape) => Fill(key, shape, ToNormal);

    /// <summary>The stream's first words.</summary>
    public static uint[] Words(PrngKey key, long count)
    {
        var words = new uint[Padded(count)];
        Workers.Run((int)((count + Block - 1) / Block), count * OperationsOfNumber, block =>
        {
            var start = block * Block;
            Threefry.Fill(key, count, start, words.AsSpan(start, Math.Min(Block, words.Length - start)));
        });
        return words[..(int)count];
    }

    private static int Padded(long count) =>
        checked((int)((count + Threefry.Width - 1) / Threefry.Width * Threefry.Width));

    private static unsafe Tensor Fill(PrngKey key, long[] shape, Map map)
    {
        var tensor = torch.empty(shape, dtype: ScalarType.Float32);
        var count = tensor.numel();
        if (count == 0) return tensor;
        var target = (nint)Memory.Of<float>(tensor);
        var blocks = (count + Block - 1) / Block;
        Workers.Run(checked((int)((blocks + BlocksOfPart - 1) / BlocksOfPart)), count * OperationsOfNumber, part => FillBlocks(
            key, count, part * BlocksOfPart, Math.Min(blocks, (part + 1) * BlocksOfPart), (float*)target, map));
        return tensor;
    }

    private static unsafe void FillBlocks(PrngKey key, long count, long from, long to, float* target, Map map)
    {
        Span<uint> words = stackalloc uint[Block];
        for (var block = from; block < to; block++)
        {
            var start = block * Block;
            var length = (int)Math.Min(Block, count - start);
            var padded = words[..Padded(length)];
            Threefry.Fill(key, count, start, padded);
            map(padded);
            MemoryMarshal.Cast<uint, float>(words)[..length].CopyTo(new Span<float>(target + start, length));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ToUniform(Span<uint> words, float low, float high)
    {
        var (least, span) = (Vector256.Create(low), Vector256.Create(high - low));
        var vectors = MemoryMarshal.Cast<uint, Vector256<uint>>(words);
        foreach (ref var vector in vectors)
            vector = Vector256.Max(least, Fraction(vector) * span + least).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ToNormal(Span<uint> words)
    {
        var (least, span) = (Vector256.Create(-0.99999994f), Vector256.Create(2f));
        if (Vector512.IsHardwareAccelerated) words = ToNormalWide(words);
        var vectors = MemoryMarshal.Cast<uint, Vector256<uint>>(words);
        foreach (ref var vector in vectors)
        {
            var u = Vector256.Max(least, Fraction(vector) * span + least);
            vector = (Vector256.Create(1.41421356f) * InverseErf.Of(u)).AsUInt32();
        }
    }

    // Sixteen at a time; answers of those that are left over.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Span<uint> ToNormalWide(Span<uint> words)
    {
        var (least, span) = (Vector512.Create(-0.99999994f), Vector512.Create(2f));
        var vectors = MemoryMarshal.Cast<uint, Vector512<uint>>(words);
        foreach (ref var vector in vectors)
        {
            var u = Vector512.Max(least, Fraction(vector) * span + least);
            vector = (Vector512.Create(1.41421356f) * InverseErf.Of(u)).AsUInt32();
        }

        return words[(vectors.Length * Vector512<uint>.Count)..];
    }

    // In [0, 1): 23 bits behind the exponent of 1, minus 1.
    private static Vector256<float> Fraction(Vector256<uint> words) =>
        (Vector256.ShiftRightLogical(words, 9) | Vector256.Create(0x3F800000u)).AsSingle() - Vector256<float>.One;

    private static Vector512<float> Fraction(Vector512<uint> words) =>
        (Vector512.ShiftRightLogical(words, 9) | Vector512.Create(0x3F800000u)).AsSingle() - Vector512<float>.One;
}
