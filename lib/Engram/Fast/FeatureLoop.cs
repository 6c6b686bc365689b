using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
    private const int LargestParts = 64;
    private const int SmallestPart = 1024;

    /// <summary>The numbers of gradient sums that a tile of vectors may have: they stay in the second cache.</summary>
    private const int TileNumbers = 1 << 16;

    /// <summary>The vectors that a tile has at least: frequencies are read and turned once for all of them.</summary>
    private const int LeastTile = 16;

    /// <summary>The numbers of frequencies that are turned at once: they stay in the second cache.</summary>
    private const int ChunkNumbers = 1 << 13;

    /// <summary>The rows that are summed before float64 takes over.</summary>
    private const int SumRows = 256;

    private readonly T* _omega, _bias;
    private readonly int _features, _dimension, _part, _parts, _chunk;

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
        _chunk = Math.Clamp(ChunkNumbers / dimension / Width * Width, Width, _part);
    }

    private static int Width => Wide ? WideFrequencyBlock.Width : FrequencyBlock<T>.Width;

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
        var tile = Math.Max(LeastTile, TileNumbers / (gradients == null ? 1 : _dimension) / SumLanes / 4 * 4);
        var stride = gradients == null ? 1 : 1 + _dimension;
        using var partial = new Scratch<T>((long)_parts * Math.Min(tile, count) * stride);
        for (var from = 0; from < count; from += tile)
        {
            var (first, here) = (from, Math.Min(tile, count - from));
            Workers.Run(_parts, (double)_features * here * (_dimension + 20), part =>
            {
                using var room = new Tile(this, z + (long)first * _dimension, here, gradients != null, sums: false);
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

    /// <summary>Adds the elements of all vectors, times a factor, to <paramref name="sums"/>, [parts, Y].</summary>
    public void Sum(T* z, int count, double* sums, double factor) =>
        Workers.Run(_parts, (double)_features * count * (_dimension + 20), part =>
        {
            for (var from = 0; from < count; from += SumRows)
            {
                var here = Math.Min(SumRows, count - from);
                using var room = new Tile(this, z + (long)from * _dimension, here, gradients: false, sums: true);
                var last = Math.Min(_features, (part + 1) * _part);
                for (var f = part * _part; f < last; f += Width) Sum(room, f, Math.Min(Width, last - f), sums, factor);
            }
        });

    // A chunk of frequencies is turned once; few vectors at a time then meet all its blocks, so that their sums stay in the
    // first cache, while the next chunk is fetched.
    private void Accumulate(Tile room, int part, T* weights)
    {
        var last = Math.Min(_features, (part + 1) * _part);
        for (int from = part * _part, count; from < last; from += count)
        {
            count = Math.Min(_chunk, last - from);
            Turn(room, from, count, weights);
            Accumulate(room, count, Next(room, from + count, last));
        }
    }

    private void Accumulate(Tile room, int count, Ahead next)
    {
        for (int n = 0, rows; n < room.Padded; n += rows)
        {
            rows = room.Group(n);
            for (var at = 0; at < count; at += Width)
            {
                if (Wide) WideSlopes(room, n, rows, at);
                else Pair(room, n, at);
                next.Fetch();
            }
        }
    }

    // The rows of the chunk that follows, in as many portions as blocks are met until then.
    private Ahead Next(Tile room, int from, int last)
    {
        var bytes = (long)Math.Min(_chunk, last - from) * _dimension * sizeof(T);
        return new Ahead(_omega + (long)from * _dimension, bytes, (room.Padded + 3) / 4 * (_chunk / Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Turn(Tile room, int from, int count, T* weights)
    {
        for (var at = 0; at < count; at += Width)
        {
            var here = Math.Min(Width, count - at);
            FrequencyBlock<T>.Read(_omega + (long)(from + at) * _dimension, here, _dimension, room.Block(at), Width);
            ReadBias(from + at, here, room.Bias + at);
            for (var p = 0; p < TElements.Parts; p++)
            {
                var to = new Span<T>(room.Weights + p * _chunk + at, Width);
                new Span<T>(weights + (long)p * _features + from + at, here).CopyTo(to);
                to[here..].Clear();
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pair(Tile room, int n, int at)
    {
        T* slopes = room.Slopes, weights = room.Weights + at, bias = room.Bias + at;
        FrequencyBlock<T>.Project(room.Block(at), room.Row(n), room.Row(n + 1), _dimension, slopes);
        for (var q = 0; q < 2; q++)
        {
            var square = Vector256.Create(room.Squares[n + q]);
            var value = Vector256.Load(room.Values + (n + q) * LaneCount);
            for (var i = 0; i < Width; i += LaneCount)
            {
                var h = slopes + q * Width + i;
                var w1 = TElements.Parts == 2 ? Vector256.Load(weights + _chunk + i) : default;
                TElements.Slope(Vector256.Load(h), square, Vector256.Load(bias + i), Vector256.Load(weights + i), w1, ref value)
                    .Store(h);
            }

            value.Store(room.Values + (n + q) * LaneCount);
        }

        if (room.Gradients != null)
            FrequencyBlock<T>.Accumulate(room.Block(at), slopes, _dimension, room.Gradient(n), room.Gradient(n + 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum(Tile room, int f, int here, double* sums, double factor)
    {
        var total = room.Weights;
        new Span<T>(total, 2 * Width).Clear();
        FrequencyBlock<T>.Read(_omega + (long)f * _dimension, here, _dimension, room.Block(0), Width);
        ReadBias(f, here, room.Bias);
        if (Wide) WideTotal(room, (float*)total);
        else Total(room, total);
        for (var p = 0; p < TElements.Parts; p++)
            for (var i = 0; i < here; i++)
                sums[(long)p * _features + f + i] += factor * AsDouble(total[p * Width + i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Total(Tile room, T* total)
    {
        T* projections = room.Slopes, bias = room.Bias;
        for (var n = 0; n < room.Padded; n += 2)
        {
            FrequencyBlock<T>.Project(room.Block(0), room.Row(n), room.Row(n + 1), _dimension, projections);
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
        var to = new Span<T>(bias, Width);
        to.Clear();
        if (_bias != null) new Span<T>(_bias + f, here).CopyTo(to);
    }

    /// <summary>The working memory of a tile of vectors on one core.</summary>
    private sealed class Tile : IDisposable
    {
        private readonly Scratch<T> _room;
        private readonly T* _rows, _blocks, _spare;
        private readonly int _dimension;

        /// <summary>Room for so many vectors; for their sums of gradients where asked, else for one block.</summary>
        public Tile(FeatureLoop<T, TElements> loop, T* rows, int count, bool gradients, bool sums)
        {
            _rows = rows;
            (Count, Padded, _dimension) = (count, (count + 1) / 2 * 2, loop._dimension);
            long chunk = sums ? Width : loop._chunk, lanes = SumLanes, blocks = chunk * _dimension;
            long read = blocks + 3 * chunk + 4 * Width, added = (gradients ? Padded * _dimension * lanes : 0) + Padded * (lanes + 1);
            _room = new Scratch<T>(read + added + _dimension, clear: false);
            _blocks = _room.Start;
            Weights = _blocks + blocks;
            Bias = Weights + 2 * chunk;
            Slopes = Bias + chunk;
            Values = Slopes + 4 * Width;
            Gradients = gradients ? Values + Padded * lanes : null;
            _spare = Values + added;
            Squares = _spare - Padded;
            NativeMemory.Clear(Values, (nuint)((added + _dimension) * sizeof(T)));
            for (var n = 0; n < count; n++)
                for (var i = 0; i < _dimension; i++) Squares[n] += rows[(long)n * _dimension + i] * rows[(long)n * _dimension + i];
        }

        public int Count { get; }

        /// <summary>The count rounded up to an even one; the row that is left over is zero.</summary>
        public int Padded { get; }

        /// <summary>The weights of a chunk, [2, chunk]; or the sums of a block.</summary>
        public T* Weights { get; }

        public T* Bias { get; }

        /// <summary>Projections of up to four vectors, then their slopes.</summary>
        public T* Slopes { get; }

        public T* Values { get; }

        public T* Gradients { get; }

        public T* Squares { get; }

        /// <summary>The turned frequencies of a chunk from one of them on.</summary>
        public T* Block(int at) => _blocks + (long)at * _dimension;

        /// <summary>How many vectors go together from one of them on: four where the loops are wide and there are so many, else two.</summary>
        public int Group(int n) => Wide && n + 4 <= Padded ? 4 : 2;

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
