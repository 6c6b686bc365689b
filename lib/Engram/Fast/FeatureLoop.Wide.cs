using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engram;

/// <summary>The same work on float32 where the processor has vectors of 512 bits.</summary>
internal sealed unsafe partial class FeatureLoop<T, TElements>
{
    private static bool Wide => typeof(T) == typeof(float) && Vector512.IsHardwareAccelerated;

    // Of four vectors where there are so many, else of two.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WideSlopes(Tile room, int n, int rows, int at)
    {
        float* slopes = (float*)room.Slopes, weights = (float*)room.Weights + at, bias = (float*)room.Bias + at;
        WideProject(room, n, rows, at);
        for (var q = 0; q < rows; q++)
        {
            var square = Vector512.Create(*(float*)(room.Squares + n + q));
            var values = (float*)(room.Values + (n + q) * SumLanes);
            var value = Vector512.Load(values);
            for (var i = 0; i < Width; i += Vector512<float>.Count)
            {
                var h = slopes + q * Width + i;
                var w1 = TElements.Parts == 2 ? Vector512.Load(weights + _chunk + i) : default;
                TElements.Slope(Vector512.Load(h), square, Vector512.Load(bias + i), Vector512.Load(weights + i), w1, ref value)
                    .Store(h);
            }

            value.Store(values);
        }

        if (room.Gradients == null) return;
        float* block = (float*)room.Block(at), g0 = (float*)room.Gradient(n), g1 = (float*)room.Gradient(n + 1);
        if (rows == 2) WideFrequencyBlock.AccumulateTwo(block, slopes, _dimension, g0, g1);
        else
            WideFrequencyBlock.AccumulateFour(
                block, slopes, _dimension, g0, g1, (float*)room.Gradient(n + 2), (float*)room.Gradient(n + 3));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WideTotal(Tile room, float* total)
    {
        float* projections = (float*)room.Slopes, bias = (float*)room.Bias;
        for (var n = 0; n < room.Padded;)
        {
            var rows = room.Group(n);
            WideProject(room, n, rows, at: 0);
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

    private void WideProject(Tile room, int n, int rows, int at)
    {
        float* block = (float*)room.Block(at), z0 = (float*)room.Row(n), z1 = (float*)room.Row(n + 1);
        float* projections = (float*)room.Slopes, bias = (float*)room.Bias + at;
        if (rows == 2) WideFrequencyBlock.ProjectTwo(block, z0, z1, _dimension, projections);
        else
            WideFrequencyBlock.ProjectFour(
                block, z0, z1, (float*)room.Row(n + 2), (float*)room.Row(n + 3), _dimension, projections);
        if (TElements.IsPeriodic && AnyIsFar(projections, bias, rows)) BringNear(projections, bias, rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AnyIsFar(float* projections, float* bias, int rows)
    {
        var largest = Vector512<float>.Zero;
        for (var i = 0; i < Width; i += Vector512<float>.Count)
        {
            var shift = Vector512.Load(bias + i);
            for (var q = 0; q < rows; q++)
                largest = Vector512.Max(Vector512.Abs(Vector512.Load(projections + q * Width + i) + shift), largest);
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
