using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engram;

/// <summary>The same work on float32 where the processor has vectors of 512 bits.</summary>
internal sealed unsafe partial class FeatureLoop<T, TElements>
{
    private static bool Wide => typeof(T) == typeof(float) && Vector512.IsHardwareAccelerated;

    // Four vectors at a time, the last two by themselves.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WidePairs(Tile room, float* weights, float* bias)
    {
        for (var n = 0; n < room.Padded; n += n + 4 <= room.Padded ? 4 : 2) WideSlopes(room, n, weights, bias);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WideSlopes(Tile room, int n, float* weights, float* bias)
    {
        var slopes = stackalloc float[4 * Width];
        var rows = WideProject(room, n, bias, slopes);
        for (var q = 0; q < rows; q++)
        {
            var square = Vector512.Create(*(float*)(room.Squares + n + q));
            var values = (float*)(room.Values + (n + q) * SumLanes);
            var value = Vector512.Load(values);
            for (var i = 0; i < Width; i += Vector512<float>.Count)
            {
                var at = slopes + q * Width + i;
                var w1 = TElements.Parts == 2 ? Vector512.Load(weights + Width + i) : default;
                TElements.Slope(Vector512.Load(at), square, Vector512.Load(bias + i), Vector512.Load(weights + i), w1, ref value)
                    .Store(at);
            }

            value.Store(values);
        }

        if (room.Gradients == null) return;
        for (var q = 0; q < rows; q += 2)
            WideFrequencyBlock.AccumulateTwo(
                (float*)room.Block, slopes + q * Width, _dimension, (float*)room.Gradient(n + q), (float*)room.Gradient(n + q + 1));
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WideTotal(Tile room, float* bias, float* total)
    {
        var projections = stackalloc float[4 * Width];
        for (var n = 0; n < room.Padded;)
        {
            var rows = WideProject(room, n, bias, projections);
            // The last pair may have one vector only.
            for (var q = 0; q < Math.Min(rows, room.Count - n); q++)
            {
                var square = Vector512.Create(*(float*)(room.Squares + n + q));
                for (var i = 0; i < Width; i += Vector512<float>.Count)
                {
                    TElements.Elements(
                        Vector512.Load(projections + q * Width + i), square, Vector512.Load(bias + i), out var first, out var second);
                    (Vector512.Load(total + i) + first).Store(total + i);
                    if (TElements.Parts == 2) (Vector512.Load(total + Width + i) + second).Store(total + Width + i);
                }
            }

            n += rows;
        }
    }

    // Of four vectors where there are so many, else of two; answers of how many.
    private int WideProject(Tile room, int n, float* bias, float* projections)
    {
        var rows = n + 4 <= room.Padded ? 4 : 2;
        float* block = (float*)room.Block, z0 = (float*)room.Row(n), z1 = (float*)room.Row(n + 1);
        if (rows == 2) WideFrequencyBlock.ProjectTwo(block, z0, z1, _dimension, projections);
        else
            WideFrequencyBlock.ProjectFour(
                block, z0, z1, (float*)room.Row(n + 2), (float*)room.Row(n + 3), _dimension, projections);
        if (TElements.IsPeriodic && AnyIsFar(projections, bias, rows)) BringNear(projections, bias, rows);
        return rows;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AnyIsFar(float* projections, float* bias, int rows)
    {
        var (first, second) = (Vector512.Load(bias), Vector512.Load(bias + Vector512<float>.Count));
        var largest = Vector512<float>.Zero;
        for (var q = 0; q < rows; q++)
        {
            var at = projections + q * Width;
            largest = Vector512.Max(Vector512.Abs(Vector512.Load(at) + first), largest);
            largest = Vector512.Max(Vector512.Abs(Vector512.Load(at + Vector512<float>.Count) + second), largest);
        }

        return !Vector512.LessThanOrEqualAll(largest, Vector512.Create(FloatFunctions.LargestNear));
    }

    private static void BringNear(float* projections, float* bias, int rows)
    {
        for (var i = 0; i < rows * Width; i++)
        {
            var angle = projections[i] + bias[i % Width];
            if (!(Math.Abs(angle) <= FloatFunctions.LargestNear)) projections[i] = FloatFunctions.Near(angle) - bias[i % Width];
        }
    }
}
