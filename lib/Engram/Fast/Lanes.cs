using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engram;

/// <summary>Vectors of float32 or float64: what the fused loops need beyond the operators.</summary>
internal static class Lanes<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of lanes: 8 of float32, 4 of float64.</summary>
    public static int Count => Vector256<T>.Count;

    /// <summary>a·b + c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Fma(Vector256<T> a, Vector256<T> b, Vector256<T> c) =>
        typeof(T) == typeof(float)
            ? Vector256.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector256.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    /// <summary>The same number in all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> All(T value) => Vector256.Create(value);

    /// <summary>eˣ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Exp(Vector256<T> x) =>
        typeof(T) == typeof(float)
            ? FloatFunctions.Exp(x.AsSingle()).As<float, T>()
            : Vector256.Exp(x.AsDouble()).As<double, T>();

    /// <summary>log x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Log(Vector256<T> x) =>
        typeof(T) == typeof(float)
            ? Vector256.Log(x.AsSingle()).As<float, T>()
            : Vector256.Log(x.AsDouble()).As<double, T>();

    /// <summary>sin x and cos x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SinCos(Vector256<T> x, out Vector256<T> sine, out Vector256<T> cosine)
    {
        if (typeof(T) == typeof(float))
        {
            FloatFunctions.SinCos(x.AsSingle(), out var s, out var c);
            (sine, cosine) = (s.As<float, T>(), c.As<float, T>());
        }
        else
        {
            var (s, c) = Vector256.SinCos(x.AsDouble());
            (sine, cosine) = (s.As<double, T>(), c.As<double, T>());
        }
    }

    /// <summary>Writes the first lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Write(Vector256<T> values, T* to, int count)
    {
        if (count == Count) values.Store(to);
        else
            for (var lane = 0; lane < count; lane++) to[lane] = values[lane];
    }

    /// <summary>The largest lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Largest(Vector256<T> x)
    {
        var most = x[0];
        for (var i = 1; i < Count; i++) most = T.Max(most, x[i]);
        return most;
    }
}
