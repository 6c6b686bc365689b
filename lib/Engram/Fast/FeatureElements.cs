using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engram;

/// <summary>What a feature map does to one projection h = ⟨ω, z⟩: one or two elements.</summary>
/// <remarks>Its members are inlined into the loop of each map.</remarks>
internal interface IFeatureElements<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of elements.</summary>
    static abstract int Parts { get; }

    /// <summary>The elements; the second is not read where there is one.</summary>
    /// <param name="h">The projection.</param>
    /// <param name="square">‖z‖².</param>
    /// <param name="bias">b, for maps that have one.</param>
    /// <param name="first">The first element.</param>
    /// <param name="second">The second.</param>
    static abstract void Elements(
        Vector256<T> h, Vector256<T> square, Vector256<T> bias, out Vector256<T> first, out Vector256<T> second);

    /// <summary>Σ weight · element, added to <paramref name="value"/>, and Σ weight · ∂element/∂h.</summary>
    static abstract Vector256<T> Slope(
        Vector256<T> h, Vector256<T> square, Vector256<T> bias, Vector256<T> w0, Vector256<T> w1, ref Vector256<T> value);

    /// <summary>Whether the elements are sines and cosines, for which the wide loops want angles near 0.</summary>
    static abstract bool IsPeriodic { get; }

    /// <summary>The same of sixteen lanes of float32.</summary>
    static abstract void Elements(
        Vector512<float> h, Vector512<float> square, Vector512<float> bias, out Vector512<float> first, out Vector512<float> second);

    /// <inheritdoc cref="Elements(Vector512{float}, Vector512{float}, Vector512{float}, out Vector512{float}, out Vector512{float})"/>
    static abstract Vector512<float> Slope(
        Vector512<float> h, Vector512<float> square, Vector512<float> bias, Vector512<float> w0, Vector512<float> w1,
        ref Vector512<float> value);
}

/// <summary>cos h and sin h.</summary>
internal readonly struct SinCosElements<T> : IFeatureElements<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Parts => 2;

    public static bool IsPeriodic => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Elements(
        Vector256<T> h, Vector256<T> square, Vector256<T> bias, out Vector256<T> first, out Vector256<T> second) =>
        Lanes<T>.SinCos(h, out second, out first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Slope(
        Vector256<T> h, Vector256<T> square, Vector256<T> bias, Vector256<T> w0, Vector256<T> w1, ref Vector256<T> value)
    {
        Lanes<T>.SinCos(h, out var sine, out var cosine);
        value = Lanes<T>.Fma(w1, sine, Lanes<T>.Fma(w0, cosine, value));
        return w1 * cosine - w0 * sine;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Elements(
        Vector512<float> h, Vector512<float> square, Vector512<float> bias, out Vector512<float> first, out Vector512<float> second) =>
        FloatFunctions.NearSinCos(h, out second, out first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Slope(
        Vector512<float> h, Vector512<float> square, Vector512<float> bias, Vector512<float> w0, Vector512<float> w1, ref Vector512<float> value)
    {
        FloatFunctions.NearSinCos(h, out var sine, out var cosine);
        value = Vector512.FusedMultiplyAdd(w1, sine, Vector512.FusedMultiplyAdd(w0, cosine, value));
        return w1 * cosine - w0 * sine;
    }
}

/// <summary>cos(h + b).</summary>
internal readonly struct CosElements<T> : IFeatureElements<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Parts => 1;

    public static bool IsPeriodic => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Elements(
        Vector256<T> h, Vector256<T> square, Vector256<T> bias, out Vector256<T> first, out Vector256<T> second) =>
        Lanes<T>.SinCos(h + bias, out second, out first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Slope(
        Vector256<T> h, Vector256<T> square, Vector256<T> bias, Vector256<T> w0, Vector256<T> w1, ref Vector256<T> value)
    {
        Lanes<T>.SinCos(h + bias, out var sine, out var cosine);
        value = Lanes<T>.Fma(w0, cosine, value);
        return -(w0 * sine);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Elements(
        Vector512<float> h, Vector512<float> square, Vector512<float> bias, out Vector512<float> first, out Vector512<float> second) =>
        FloatFunctions.NearSinCos(h + bias, out second, out first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Slope(
        Vector512<float> h, Vector512<float> square, Vector512<float> bias, Vector512<float> w0, Vector512<float> w1, ref Vector512<float> value)
    {
        FloatFunctions.NearSinCos(h + bias, out var sine, out var cosine);
        value = Vector512.FusedMultiplyAdd(w0, cosine, value);
        return -(w0 * sine);
    }
}

/// <summary>exp(h − ‖z‖²).</summary>
internal readonly struct PositiveExpElements<T> : IFeatureElements<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Parts => 1;

    public static bool IsPeriodic => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Elements(
        Vector256<T> h, Vector256<T> square, Vector256<T> bias, out Vector256<T> first, out Vector256<T> second) =>
        (first, second) = (Lanes<T>.Exp(h - square), Vector256<T>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Slope(
        Vector256<T> h, Vector256<T> square, Vector256<T> bias, Vector256<T> w0, Vector256<T> w1, ref Vector256<T> value)
    {
        var slope = w0 * Lanes<T>.Exp(h - square);
        value += slope;
        return slope;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Elements(
        Vector512<float> h, Vector512<float> square, Vector512<float> bias, out Vector512<float> first, out Vector512<float> second) =>
        (first, second) = (FloatFunctions.Exp(h - square), Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Slope(
        Vector512<float> h, Vector512<float> square, Vector512<float> bias, Vector512<float> w0, Vector512<float> w1, ref Vector512<float> value)
    {
        var slope = w0 * FloatFunctions.Exp(h - square);
        value += slope;
        return slope;
    }
}

/// <summary>exp(h − ‖z‖²) and exp(−h − ‖z‖²).</summary>
internal readonly struct SymmetricExpElements<T> : IFeatureElements<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Parts => 2;

    public static bool IsPeriodic => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Elements(
        Vector256<T> h, Vector256<T> square, Vector256<T> bias, out Vector256<T> first, out Vector256<T> second) =>
        (first, second) = (Lanes<T>.Exp(h - square), Lanes<T>.Exp(-h - square));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Slope(
        Vector256<T> h, Vector256<T> square, Vector256<T> bias, Vector256<T> w0, Vector256<T> w1, ref Vector256<T> value)
    {
        var (up, down) = (w0 * Lanes<T>.Exp(h - square), w1 * Lanes<T>.Exp(-h - square));
        value += up + down;
        return up - down;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Elements(
        Vector512<float> h, Vector512<float> square, Vector512<float> bias, out Vector512<float> first, out Vector512<float> second) =>
        (first, second) = (FloatFunctions.Exp(h - square), FloatFunctions.Exp(-h - square));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Slope(
        Vector512<float> h, Vector512<float> square, Vector512<float> bias, Vector512<float> w0, Vector512<float> w1, ref Vector512<float> value)
    {
        var (up, down) = (w0 * FloatFunctions.Exp(h - square), w1 * FloatFunctions.Exp(-h - square));
        value += up + down;
        return up - down;
    }
}
