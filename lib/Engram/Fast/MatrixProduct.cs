using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engram;

/// <summary>
/// Products of float32 matrices with vectors of 512 bits, for processors on which libtorch's library takes shorter
/// ones. Sums go in order over blocks of the inner size, so that the result does not depend on the number of cores.
/// </summary>
/// <remarks>Source: Goto and van de Geijn, "Anatomy of high-performance matrix multiplication" (2008).</remarks>
internal static unsafe class MatrixProduct
{
    // A tile of C is 8 rows of two vectors: sixteen sums in registers.
    private const int Lanes = 16, TileRows = 8, TileColumns = 2 * Lanes;

    // A panel of B, 256 by 32, stays in the first cache; a block of A, 128 by 256, in the second.
    private const int Inner = 256, BlockRows = 128;

    /// <summary>A·B, shape [M, N], by this loop where <see cref="FastPaths"/> says so, else by libtorch.</summary>
    public static Tensor Of(Tensor a, Tensor b) => FastPaths.TakesProduct(a, b) ? ByTiles(a, b) : a.mm(b);

    /// <summary>A·B, shape [M, N].</summary>
    /// <param name="a">A, shape [M, K], float32, with any strides.</param>
    /// <param name="b">B, shape [K, N].</param>
    public static Tensor ByTiles(Tensor a, Tensor b)
    {
        var job = new Job(a, b);
        job.Run();
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        return job.Result;
    }

    private sealed class Job(Tensor a, Tensor b)
    {
        private readonly float* _a = Address(a), _b = Address(b);
        private readonly long _rowA = a.stride(0), _columnA = a.stride(1), _rowB = b.stride(0), _columnB = b.stride(1);
        private readonly int _m = (int)a.shape[0], _k = (int)a.shape[1], _n = (int)b.shape[1];

        public Tensor Result { get; } = zeros([a.shape[0], b.shape[1]], ScalarType.Float32);

        public void Run()
        {
            if (_m == 0 || _n == 0 || _k == 0) return;
            var panels = (_n + TileColumns - 1) / TileColumns;
            var blocks = (_m + BlockRows - 1) / BlockRows;
            var c = Memory.Of<float>(Result);
            using var packed = new Scratch<float>((long)panels * TileColumns * Inner);
            for (var from = 0; from < _k; from += Inner)
            {
                var (first, depth) = (from, Math.Min(Inner, _k - from));
                Workers.Run(panels, (double)depth * _n * 8, panel => PackB(packed.Start, panel, first, depth));
                Workers.Run(blocks, 2.0 * depth * _m * _n, block => Multiply(packed.Start, c, block, panels, first, depth));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void PackB(float* packed, int panel, int from, int depth)
        {
            var to = packed + (long)panel * TileColumns * Inner;
            var (column, here) = (panel * TileColumns, Math.Min(TileColumns, _n - panel * TileColumns));
            if (here < TileColumns) new Span<float>(to, depth * TileColumns).Clear();
            if (_columnB == 1)
                for (var k = 0; k < depth; k++)
                    new ReadOnlySpan<float>(_b + (from + k) * _rowB + column, here).CopyTo(new(to + k * TileColumns, here));
            else
                for (var j = 0; j < here; j++)
                    for (var k = 0; k < depth; k++) to[k * TileColumns + j] = _b[(from + k) * _rowB + (column + j) * _columnB];
        }

        private void Multiply(float* packed, float* c, int block, int panels, int from, int depth)
        {
            var (row, rows) = (block * BlockRows, Math.Min(BlockRows, _m - block * BlockRows));
            using var room = new Scratch<float>(BlockRows * Inner);
            PackA(room.Start, row, rows, from, depth);
            for (var panel = 0; panel < panels; panel++)
                for (var i = 0; i < rows; i += TileRows)
                    Tile(
                        room.Start + i * Inner, packed + (long)panel * TileColumns * Inner, depth,
                        c + (long)(row + i) * _n + panel * TileColumns,
                        Math.Min(TileRows, rows - i), Math.Min(TileColumns, _n - panel * TileColumns));
        }

        // Eight rows side by side: [depth, 8].
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void PackA(float* to, int row, int rows, int from, int depth)
        {
            for (var i = 0; i < rows; i += TileRows)
            {
                var tile = to + i * Inner;
                var here = Math.Min(TileRows, rows - i);
                var start = _a + (row + i) * _rowA + from * _columnA;
                if (_rowA == 1 && here == TileRows)
                    for (var k = 0; k < depth; k++) Vector256.Load(start + k * _columnA).Store(tile + k * TileRows);
                else
                    for (var r = 0; r < here; r++)
                        for (var k = 0; k < depth; k++) tile[k * TileRows + r] = start[r * _rowA + k * _columnA];
            }
        }

        private void Tile(float* a, float* b, int depth, float* c, int rows, int columns)
        {
            if (rows == TileRows && columns == TileColumns)
            {
                AddTile(a, b, depth, c, _n);
                return;
            }

            var whole = stackalloc float[TileRows * TileColumns];
            new Span<float>(whole, TileRows * TileColumns).Clear();
            AddTile(a, b, depth, whole, TileColumns);
            for (var i = 0; i < rows; i++)
                for (var j = 0; j < columns; j++) c[(long)i * _n + j] += whole[i * TileColumns + j];
        }
    }

    private static float* Address(Tensor tensor)
    {
        if (tensor.numel() == 0) return null;
        using var first = tensor.narrow(0, 0, 1).narrow(1, 0, 1);
        return (float*)Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetReference(first.bytes));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTile(float* a, float* b, int depth, float* c, long stride)
    {
        Vector512<float> r00 = default, r01 = default, r10 = default, r11 = default, r20 = default, r21 = default;
        Vector512<float> r30 = default, r31 = default, r40 = default, r41 = default, r50 = default, r51 = default;
        Vector512<float> r60 = default, r61 = default, r70 = default, r71 = default;
        for (var end = a + depth * TileRows; a < end; a += TileRows, b += TileColumns)
        {
            Vector512<float> b0 = Vector512.Load(b), b1 = Vector512.Load(b + Lanes);
            Step(Vector512.Create(a[0]), b0, b1, ref r00, ref r01);
            Step(Vector512.Create(a[1]), b0, b1, ref r10, ref r11);
            Step(Vector512.Create(a[2]), b0, b1, ref r20, ref r21);
            Step(Vector512.Create(a[3]), b0, b1, ref r30, ref r31);
            Step(Vector512.Create(a[4]), b0, b1, ref r40, ref r41);
            Step(Vector512.Create(a[5]), b0, b1, ref r50, ref r51);
            Step(Vector512.Create(a[6]), b0, b1, ref r60, ref r61);
            Step(Vector512.Create(a[7]), b0, b1, ref r70, ref r71);
        }

        Add(c, r00, r01);
        Add(c + stride, r10, r11);
        Add(c + 2 * stride, r20, r21);
        Add(c + 3 * stride, r30, r31);
        Add(c + 4 * stride, r40, r41);
        Add(c + 5 * stride, r50, r51);
        Add(c + 6 * stride, r60, r61);
        Add(c + 7 * stride, r70, r71);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        Vector512<float> a, Vector512<float> b0, Vector512<float> b1, ref Vector512<float> r0, ref Vector512<float> r1)
    {
        r0 = Vector512.FusedMultiplyAdd(a, b0, r0);
        r1 = Vector512.FusedMultiplyAdd(a, b1, r1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* c, Vector512<float> first, Vector512<float> second)
    {
        (Vector512.Load(c) + first).Store(c);
        (Vector512.Load(c + Lanes) + second).Store(c + Lanes);
    }
}
