using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engram;

/// <summary>
/// Sums over random features in one pass over the frequencies: projection, elements, products with weights and
/// gradient, in blocks that stay in cache, parts of the frequencies over the cores. The parts depend on Y alone and are
/// added in order, in float64, so that the result depends neither on the cores nor on the batch.
/// </summary>
internal sealed unsafe partial class FeatureLoop<T, TElements>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TElements : struct, IFeatureElements<T>
{
    private const int LargestParts = 128;
    private const int SmallestPart = 1024;

    /// <summary>The numbers of gradient sums that a tile of vectors may have: they stay in the second cache.</summary>
    private const int TileNumbers = 1 << 16;

    /// <summary>The rows that are summed before float64 takes over.</summary>
    private const int SumRows = 256;

    private readonly T* _omega, _bias;
    private readonly int _features, _dimension, _part, _parts;

    /// <summary>A loop over frequencies.</summary>
    /// <param name="omega">ω, [Y, D], contiguous.</param>
    /// <param name="bias">b, [Y], or null.</param>
    /// <param name="features">Y.</param>
    /// <param name="dimension">D.</param>
    public FeatureLoop(T* omega, T* bias, int features, int dimension)
    {
        _omega = omega;
        _bias = bias;
        (_features, _dimension) = (features, dimension);
        var even = (features + LargestParts - 1) / LargestParts;
        _part = Math.Max(SmallestPart, (even + Width - 1) / Width * Width);
        _parts = (features + _part - 1) / _part;
    }

    private static int Width => FrequencyBlock<T>.Width;

    private static int LaneCount => Vector256<T>.Count;

    // Lanes of the sums over frequencies.
    private static int SumLanes => Wide ? Vector512<float>.Count : Vector256<T>.Count;

    /// <summary>Σ weight · element of each vector, and its gradient in z.</summary>
    /// <param name="z">[N, D].</param>
    /// <param name="count">N.</param>
    /// <param name="weights">[parts, Y].</param>
    /// <param name="values">[N].</param>
    /// <param name="gradients">[N, D], what comes through the projections; or null.</param>
    public void Products(T* z, int count, T* weights, double* values, double* gradients)
    {
        var tile = Math.Max(2, TileNumbers / (_dimension * SumLanes) / 2 * 2);
        var stride = gradients == null ? 1 : 1 + _dimension;
        using var partial = new Scratch<T>((long)_parts * Math.Min(tile, count) * stride);
        for (var from = 0; from < count; from += tile)
        {
            var (first, here) = (from, Math.Min(tile, count - from));
            Workers.Run(_parts, (double)_features * here * (_dimension + 20), part =>
            {
                using var room = new Tile(this, z + (long)first * _dimension, here, gradients != null);
                Accumulate(room, part, weights);
                room.Reduce(partial.Start + (long)part * here * stride, stride);
            });
            for (var n = 0; n < here; n++)
                for (var part = 0; part < _parts; part++)
                {
                    var at = partial.Start + ((long)part * here + n) * stride;
                    values[first + n] += AsDouble(at[0]);
                    for (var i = 1; i < stride; i++)
                        gradients[(long)(first + n) * _dimension + i - 1] += AsDouble(at[i]);
                }
        }
    }

    /// <summary>Adds the elements of all vectors to <paramref name="sums"/>, [parts, Y].</summary>
    public void Sum(T* z, int count, double* sums) =>
        Workers.Run(_parts, (double)_features * count * (_dimension + 20), part =>
        {
            for (var from = 0; from < count; from += SumRows)
            {
                var here = Math.Min(SumRows, count - from);
                using var room = new Tile(this, z + (long)from * _dimension, here, gradients: false);
                var last = Math.Min(_features, (part + 1) * _part);
                for (var f = part * _part; f < last; f += Width) Sum(room, f, Math.Min(Width, last - f), sums);
            }
        });

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Accumulate(Tile room, int part, T* weights)
    {
        var padded = stackalloc T[2 * Width];
        var bias = stackalloc T[Width];
        var last = Math.Min(_features, (part + 1) * _part);
        for (var f = part * _part; f < last; f += Width)
        {
            var here = Math.Min(Width, last - f);
            FrequencyBlock<T>.Read(_omega + (long)f * _dimension, here, _dimension, room.Block);
            for (var p = 0; p < TElements.Parts; p++)
                for (var i = 0; i < Width; i++) padded[p * Width + i] = i < here ? weights[(long)p * _features + f + i] : T.Zero;
            ReadBias(f, here, bias);
            if (Wide) WidePairs(room, (float*)padded, (float*)bias);
            else
                for (var n = 0; n < room.Padded; n += 2) Pair(room, n, padded, bias);
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pair(Tile room, int n, T* weights, T* bias)
    {
        var slopes = stackalloc T[2 * Width];
        FrequencyBlock<T>.Project(room.Block, room.Row(n), room.Row(n + 1), _dimension, slopes);
        for (var q = 0; q < 2; q++)
        {
            var square = Vector256.Create(room.Squares[n + q]);
            var value = Vector256.Load(room.Values + (n + q) * LaneCount);
            for (var i = 0; i < Width; i += LaneCount)
            {
                var at = slopes + q * Width + i;
                var w1 = TElements.Parts == 2 ? Vector256.Load(weights + Width + i) : default;
                TElements.Slope(Vector256.Load(at), square, Vector256.Load(bias + i), Vector256.Load(weights + i), w1, ref value)
                    .Store(at);
            }

            value.Store(room.Values + (n + q) * LaneCount);
        }

        if (room.Gradients != null)
            FrequencyBlock<T>.Accumulate(room.Block, slopes, _dimension, room.Gradient(n), room.Gradient(n + 1));
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum(Tile room, int f, int here, double* sums)
    {
        var projections = stackalloc T[2 * Width];
        var total = stackalloc T[2 * Width];
        var bias = stackalloc T[Width];
        new Span<T>(total, 2 * Width).Clear();
        FrequencyBlock<T>.Read(_omega + (long)f * _dimension, here, _dimension, room.Block);
        ReadBias(f, here, bias);
        if (Wide) WideTotal(room, (float*)bias, (float*)total);
        else Total(room, bias, projections, total);
        for (var p = 0; p < TElements.Parts; p++)
            for (var i = 0; i < here; i++)
                sums[(long)p * _features + f + i] += AsDouble(total[p * Width + i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Total(Tile room, T* bias, T* projections, T* total)
    {
        for (var n = 0; n < room.Padded; n += 2)
        {
            FrequencyBlock<T>.Project(room.Block, room.Row(n), room.Row(n + 1), _dimension, projections);
            // The last pair may have one vector only.
            for (var q = 0; q < Math.Min(2, room.Count - n); q++)
            {
                var square = Vector256.Create(room.Squares[n + q]);
                for (var i = 0; i < Width; i += LaneCount)
                {
                    TElements.Elements(
                        Vector256.Load(projections + q * Width + i), square, Vector256.Load(bias + i), out var first, out var second);
                    (Vector256.Load(total + i) + first).Store(total + i);
                    if (TElements.Parts == 2) (Vector256.Load(total + Width + i) + second).Store(total + Width + i);
                }
            }
        }
    }

    // Without the checks of a conversion between any two types of number.
    private static double AsDouble(T number) => typeof(T) == typeof(float) ? (float)(object)number : (double)(object)number;

    private void ReadBias(int f, int here, T* bias)
    {
        for (var i = 0; i < Width; i++) bias[i] = _bias != null && i < here ? _bias[f + i] : T.Zero;
    }

    /// <summary>The working memory of a tile of vectors on one core.</summary>
    private sealed class Tile : IDisposable
    {
        private readonly Scratch<T> _room;
        private readonly T* _rows, _spare;
        private readonly int _dimension;

        public Tile(FeatureLoop<T, TElements> loop, T* rows, int count, bool gradients)
        {
            _rows = rows;
            (Count, Padded, _dimension) = (count, (count + 1) / 2 * 2, loop._dimension);
            long lanes = SumLanes, block = (long)_dimension * Width, sums = gradients ? Padded * _dimension * lanes : 0;
            _room = new Scratch<T>(block + sums + Padded * (lanes + 1) + _dimension);
            Block = _room.Start;
            Values = Block + block;
            Gradients = gradients ? Values + Padded * lanes : null;
            Squares = Values + Padded * lanes + sums;
            _spare = Squares + Padded;
            for (var n = 0; n < count; n++)
                for (var i = 0; i < _dimension; i++) Squares[n] += rows[(long)n * _dimension + i] * rows[(long)n * _dimension + i];
        }

        public int Count { get; }

        /// <summary>The count rounded up to an even one; the row that is left over is zero.</summary>
        public int Padded { get; }

        public T* Block { get; }

        public T* Values { get; }

        public T* Gradients { get; }

        public T* Squares { get; }

        public T* Row(int n) => n < Count ? _rows + (long)n * _dimension : _spare;

        public T* Gradient(int n) => Gradients + (long)n * _dimension * SumLanes;

        /// <summary>Sums the lanes: value, then gradient, of each vector.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Reduce(T* to, int stride)
        {
            for (var n = 0; n < Count; n++)
            {
                to[(long)n * stride] = SumOf(Values + n * SumLanes);
                for (var i = 1; i < stride; i++) to[(long)n * stride + i] = SumOf(Gradient(n) + (i - 1) * SumLanes);
            }
        }

        private static T SumOf(T* lanes) => Wide ? Vector512.Sum(Vector512.Load(lanes)) : Vector256.Sum(Vector256.Load(lanes));

        public void Dispose() => _room.Dispose();
    }
}
