using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engram;

/// <summary>Puts numbers of A and B into the order in which <see cref="ProductLoop{TKind,TIn,T,TSum}"/> takes them.</summary>
internal readonly unsafe struct Panels<TKind, TIn, T, TSum>
    where TKind : struct, IProductKind<TIn, T, TSum>
    where TIn : unmanaged
    where T : unmanaged
    where TSum : unmanaged
{
    /// <summary>A tile of C has so many rows, of two vectors: sixteen sums in registers.</summary>
    public const int TileRows = 8;

    private static int Line => 64 / sizeof(T);

    // With so many terms a panel of B stays in the first cache.
    private const int MostTerms = 272;

    private readonly MatrixView<TIn> _a, _b;

    public Panels(MatrixView<TIn> a, MatrixView<TIn> b)
    {
        (_a, _b) = (a, b);
        var stretches = (a.Columns + MostTerms - 1) / MostTerms;
        Terms = stretches == 0 ? 0 : ((a.Columns + stretches - 1) / stretches + 7) / 8 * 8;
    }

    /// <summary>The columns of a tile of C.</summary>
    public static int TileColumns => 2 * Vector512<T>.Count;

    /// <summary>Terms that are summed in registers: the inner size in equal stretches.</summary>
    public int Terms { get; }

    /// <summary>From one tile of rows to the next: one line more, or many would meet in one set of the cache.</summary>
    public static int TileStride(int depth) => depth * TileRows + Line;

    /// <summary>From one panel of columns to the next.</summary>
    public static int PanelStride(int depth) => depth * TileColumns + Line;

    /// <summary>Rows of A, eight side by side: [rows / 8] tiles of [depth, 8].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PackRows(T* to, int stride, int row, int rows, int from, int depth)
    {
        var whole = rows / TileRows * TileRows;
        if (_a.Row == 1)
            for (var k = 0; k < depth; k++)
            {
                var start = _a[row, from + k];
                var place = to + k * TileRows;
                for (var i = 0; i < whole; i += TileRows, place += stride) TKind.CopyEight(start + i, place);
            }
        else if (_a.Column == 1)
            for (var i = 0; i < whole; i += TileRows)
                TKind.Transpose(_a[row + i, from], _a.Row, to + (long)i / TileRows * stride, TileRows, depth);
        else whole = 0;

        for (var i = whole; i < rows; i++)
        {
            var start = _a[row + i, from];
            var place = to + (long)(i / TileRows) * stride + i % TileRows;
            for (var k = 0; k < depth; k++) place[k * TileRows] = TKind.Number(start[k * _a.Column]);
        }
    }

    /// <summary>Columns of B in panels of a tile's width, [depth, TileColumns] each, with zeros where there is no column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PackColumns(T* to, int stride, int column, int columns, int from, int depth)
    {
        var panel = to;
        for (var j = 0; j < columns; j += TileColumns, panel += stride)
            if (columns - j < TileColumns) PackPart(panel, column + j, columns - j, from, depth);
            else if (_b.Column != 1) PackStrided(panel, column + j, TileColumns, from, depth);

        if (_b.Column != 1) return;
        var lanes = Vector512<T>.Count;
        for (var k = 0; k < depth; k++)
        {
            var start = _b[from + k, column];
            var place = to + k * TileColumns;
            for (var j = 0; j + TileColumns <= columns; j += TileColumns, place += stride)
            {
                TKind.Load(start + j).Store(place);
                TKind.Load(start + j + lanes).Store(place + lanes);
            }
        }
    }

    private void PackPart(T* to, int column, int columns, int from, int depth)
    {
        new Span<T>(to, depth * TileColumns).Clear();
        if (_b.Column != 1) PackStrided(to, column, columns, from, depth);
        else
            for (var k = 0; k < depth; k++)
            {
                var start = _b[from + k, column];
                var place = to + k * TileColumns;
                var j = 0;
                for (; j + 8 <= columns; j += 8) TKind.CopyEight(start + j, place + j);
                for (; j < columns; j++) place[j] = TKind.Number(start[j]);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PackStrided(T* to, int column, int columns, int from, int depth)
    {
        var j = 0;
        if (_b.Row == 1)
            for (; j + 8 <= columns; j += 8) TKind.Transpose(_b[from, column + j], _b.Column, to + j, TileColumns, depth);
        for (; j < columns; j++)
            for (var k = 0; k < depth; k++) to[k * TileColumns + j] = TKind.Number(*_b[from + k, column + j]);
    }
}
