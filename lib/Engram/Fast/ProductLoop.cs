using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engram;

/// <summary>
/// C = A·B, with vectors of 512 bits, over the cores. Sums go in order over the inner size, so that the result does
/// not depend on the number of cores.
/// </summary>
/// <remarks>
/// Of the inner size a stretch is taken at a time: B is packed for it, then each part of the work multiplies some rows of
/// A with it, or all of them with some columns. Source: Goto and van de Geijn, "Anatomy of high-performance matrix
/// multiplication" (2008).
/// </remarks>
/// <param name="a">A, [M, K].</param>
/// <param name="b">B, [K, N].</param>
/// <param name="c">C, [M, N], row after row; its numbers do not matter.</param>
/// <param name="upper">Whether only what is on the diagonal and above it is wanted; some of the rest is computed too.</param>
internal sealed unsafe class ProductLoop<TKind, TIn, T, TSum>(MatrixView<TIn> a, MatrixView<TIn> b, TSum* c, bool upper)
    where TKind : struct, IProductKind<TIn, T, TSum>
    where TIn : unmanaged
    where T : unmanaged
    where TSum : unmanaged, IBinaryFloatingPointIeee754<TSum>
{
    private const int TileRows = Panels<TKind, TIn, T, TSum>.TileRows;

    // Numbers of B that are packed at a time, at most; they stay in the last cache.
    private const int Room = 1 << 20;

    // Parts of the work where there is enough of it: more than cores, so that none waits long for another.
    private const int Parts = 16;

    // With fewer rows, and columns enough, the parts of the work are of columns.
    private const int ManyRows = 512, ManyPanels = 8;

    private readonly Panels<TKind, TIn, T, TSum> _panels = new(a, b);

    private static int TileColumns => Panels<TKind, TIn, T, TSum>.TileColumns;

    public void Run()
    {
        if (a.Rows == 0 || b.Columns == 0 || a.Columns == 0) return;
        var stretch = 4 * _panels.Terms;
        var wide = Math.Min(Up(b.Columns, TileColumns), Room / stretch / TileColumns * TileColumns);
        using var shared = new Scratch<T>((long)wide / TileColumns * Panels<TKind, TIn, T, TSum>.PanelStride(stretch), clear: false);
        for (var column = 0; column < b.Columns; column += wide)
            for (var from = 0; from < a.Columns; from += stretch)
            {
                var (columns, depth) = (Math.Min(wide, b.Columns - column), Math.Min(stretch, a.Columns - from));
                PackColumns(shared.Start, column, columns, from, depth);
                if (a.Rows < ManyRows && columns > ManyPanels * TileColumns) ByColumns(shared.Start, column, columns, from, depth);
                else ByRows(shared.Start, column, columns, from, depth);
            }
    }

    // The panel of a column, from a term on.
    private static T* Panel(T* panels, int column, int term, int depth) =>
        panels + (long)column / TileColumns * Panels<TKind, TIn, T, TSum>.PanelStride(depth) + (long)term * TileColumns;

    private static int Up(int size, int unit) => (size + unit - 1) / unit * unit;

    // The length of a part, in whole units.
    private static int Part(int size, int unit, int largest) => Math.Clamp(Up((size + Parts - 1) / Parts, unit), unit, largest);

    // Rows of B that lie in one piece are read as they lie.
    private void PackColumns(T* to, int column, int columns, int from, int depth)
    {
        var work = 8.0 * depth * columns;
        var stride = Panels<TKind, TIn, T, TSum>.PanelStride(depth);
        if (b.Column == 1)
            Each(depth, 32, work, (k, terms) => _panels.PackColumns(to + k * TileColumns, stride, column, columns, from + k, terms));
        else
            Each(columns, TileColumns, work, (j, count) => _panels.PackColumns(to + (long)j / TileColumns * stride, stride, column + j, count, from, depth));
    }

    // All of A is packed first; each part of the work is of some columns.
    private void ByColumns(T* panels, int column, int columns, int from, int depth)
    {
        var stride = Panels<TKind, TIn, T, TSum>.TileStride(depth);
        using var rows = new Scratch<T>((long)Up(a.Rows, TileRows) / TileRows * stride, clear: false);
        Each(a.Rows, 64, 8.0 * depth * a.Rows, (row, count) =>
            _panels.PackRows(rows.Start + (long)row / TileRows * stride, stride, row, count, from, depth));
        Each(columns, Part(columns, TileColumns, 4 * TileColumns), 2.0 * depth * a.Rows * columns, (start, count) =>
        {
            for (var j = start; j < start + count; j += TileColumns)
                for (var k = 0; k < depth; k += _panels.Terms)
                    Multiply(
                        rows.Start + k * TileRows, stride, Panel(panels, j, k, depth),
                        Math.Min(_panels.Terms, depth - k), 0, a.Rows, column + j, from + k == 0);
        });
    }

    // Each part of the work is of some rows of A, and packs them itself.
    private void ByRows(T* panels, int column, int columns, int from, int depth)
    {
        var stride = Panels<TKind, TIn, T, TSum>.TileStride(_panels.Terms);
        var part = Part(a.Rows, TileRows, 128);
        Each(a.Rows, part, 2.0 * depth * columns * a.Rows, (row, count) =>
        {
            if (upper && column + columns <= row) return;
            using var rows = new Scratch<T>((long)part / TileRows * stride, clear: false);
            for (var k = 0; k < depth; k += _panels.Terms)
            {
                var terms = Math.Min(_panels.Terms, depth - k);
                _panels.PackRows(rows.Start, stride, row, count, from + k, terms);
                for (var j = 0; j < columns; j += TileColumns)
                    Multiply(rows.Start, stride, Panel(panels, j, k, depth), terms, row, count, column + j, from + k == 0);
            }
        });
    }

    private static void Each(int size, int part, double work, Action<int, int> run) =>
        Workers.Run((size + part - 1) / part, work, i => run(i * part, Math.Min(part, size - i * part)));

    // Packed rows times one panel of columns; a tile that reaches over C's edge is computed aside.
    private void Multiply(T* tiles, int stride, T* panel, int terms, int row, int rows, int column, bool first)
    {
        var columns = Math.Min(TileColumns, b.Columns - column);
        var aside = stackalloc TSum[TileRows * TileColumns];
        for (var i = 0; i < rows && !(upper && column + TileColumns <= row + i); i += TileRows, tiles += stride)
        {
            var place = c + (long)(row + i) * b.Columns + column;
            if (rows - i >= TileRows && columns == TileColumns)
            {
                Tile(tiles, panel, terms, place, b.Columns, first);
                continue;
            }

            Tile(tiles, panel, terms, aside, TileColumns, first: true);
            for (var r = 0; r < Math.Min(TileRows, rows - i); r++)
                for (var j = 0; j < columns; j++)
                    place[(long)r * b.Columns + j] = aside[r * TileColumns + j] + (first ? TSum.Zero : place[(long)r * b.Columns + j]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(T* x, T* y, int terms, TSum* to, long stride, bool first)
    {
        Vector512<T> r00 = default, r01 = default, r10 = default, r11 = default, r20 = default, r21 = default;
        Vector512<T> r30 = default, r31 = default, r40 = default, r41 = default, r50 = default, r51 = default;
        Vector512<T> r60 = default, r61 = default, r70 = default, r71 = default;
        for (var end = x + terms * TileRows; x < end; x += TileRows, y += TileColumns)
        {
            Vector512<T> y0 = Vector512.Load(y), y1 = Vector512.Load(y + Vector512<T>.Count);
            Step(Vector512.Create(x[0]), y0, y1, ref r00, ref r01);
            Step(Vector512.Create(x[1]), y0, y1, ref r10, ref r11);
            Step(Vector512.Create(x[2]), y0, y1, ref r20, ref r21);
            Step(Vector512.Create(x[3]), y0, y1, ref r30, ref r31);
            Step(Vector512.Create(x[4]), y0, y1, ref r40, ref r41);
            Step(Vector512.Create(x[5]), y0, y1, ref r50, ref r51);
            Step(Vector512.Create(x[6]), y0, y1, ref r60, ref r61);
            Step(Vector512.Create(x[7]), y0, y1, ref r70, ref r71);
        }

        Keep(to, r00, r01, first);
        Keep(to + stride, r10, r11, first);
        Keep(to + 2 * stride, r20, r21, first);
        Keep(to + 3 * stride, r30, r31, first);
        Keep(to + 4 * stride, r40, r41, first);
        Keep(to + 5 * stride, r50, r51, first);
        Keep(to + 6 * stride, r60, r61, first);
        Keep(to + 7 * stride, r70, r71, first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(Vector512<T> x, Vector512<T> y0, Vector512<T> y1, ref Vector512<T> r0, ref Vector512<T> r1)
    {
        r0 = TKind.MultiplyAdd(x, y0, r0);
        r1 = TKind.MultiplyAdd(x, y1, r1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep(TSum* to, Vector512<T> left, Vector512<T> right, bool first)
    {
        if (first)
        {
            TKind.Begin(to, left);
            TKind.Begin(to + Vector512<T>.Count, right);
        }
        else
        {
            TKind.Add(to, left);
            TKind.Add(to + Vector512<T>.Count, right);
        }
    }
}
