using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engram;

/// <summary>In which precision the numbers of a product come, are multiplied, and are summed.</summary>
/// <typeparam name="TIn">As they come.</typeparam>
/// <typeparam name="T">As they are multiplied, and summed over a stretch of the inner size.</typeparam>
/// <typeparam name="TSum">As those sums are added.</typeparam>
internal unsafe interface IProductKind<TIn, T, TSum>
    where TIn : unmanaged
    where T : unmanaged
    where TSum : unmanaged
{
    /// <summary>One number.</summary>
    static abstract T Number(TIn number);

    /// <summary>A vector of 512 bits, from neighbours.</summary>
    static abstract Vector512<T> Load(TIn* from);

    /// <summary>Eight neighbours.</summary>
    static abstract void CopyEight(TIn* from, T* to);

    /// <summary>Eight rows of neighbours, side by side: to[k · step + r] = from[r · stride + k].</summary>
    static abstract void Transpose(TIn* from, long stride, T* to, int step, int depth);

    /// <summary>a · b + sum, rounded once.</summary>
    static abstract Vector512<T> MultiplyAdd(Vector512<T> a, Vector512<T> b, Vector512<T> sum);

    /// <summary>Writes a vector where sums begin.</summary>
    static abstract void Begin(TSum* to, Vector512<T> vector);

    /// <summary>Adds a vector to as many sums.</summary>
    static abstract void Add(TSum* to, Vector512<T> vector);
}

/// <summary>float32 throughout.</summary>
internal readonly unsafe struct FloatProduct : IProductKind<float, float, float>
{
    public static float Number(float number) => number;

    public static Vector512<float> Load(float* from) => Vector512.Load(from);

    public static void CopyEight(float* from, float* to) => Vector256.Load(from).Store(to);

    public static void Transpose(float* from, long stride, float* to, int step, int depth) =>
        EightByEight.Transpose(from, stride, to, step, depth);

    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> sum) =>
        Vector512.FusedMultiplyAdd(a, b, sum);

    public static void Begin(float* to, Vector512<float> vector) => vector.Store(to);

    public static void Add(float* to, Vector512<float> vector) => (Vector512.Load(to) + vector).Store(to);
}

/// <summary>Products of float32, summed in float64.</summary>
internal readonly unsafe struct FloatProductWideSum : IProductKind<float, float, double>
{
    public static float Number(float number) => number;

    public static Vector512<float> Load(float* from) => Vector512.Load(from);

    public static void CopyEight(float* from, float* to) => FloatProduct.CopyEight(from, to);

    public static void Transpose(float* from, long stride, float* to, int step, int depth) =>
        EightByEight.Transpose(from, stride, to, step, depth);

    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> sum) =>
        Vector512.FusedMultiplyAdd(a, b, sum);

    public static void Begin(double* to, Vector512<float> vector)
    {
        var (low, high) = Vector512.Widen(vector);
        low.Store(to);
        high.Store(to + 8);
    }

    public static void Add(double* to, Vector512<float> vector)
    {
        var (low, high) = Vector512.Widen(vector);
        (Vector512.Load(to) + low).Store(to);
        (Vector512.Load(to + 8) + high).Store(to + 8);
    }
}

/// <summary>Products in float64 of numbers that come as float32.</summary>
internal readonly unsafe struct WidenedProduct : IProductKind<float, double, double>
{
    public static double Number(float number) => number;

    public static Vector512<double> Load(float* from) => Avx512F.ConvertToVector512Double(Vector256.Load(from));

    public static void CopyEight(float* from, double* to) => Load(from).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* from, long stride, double* to, int step, int depth)
    {
        var k = 0;
        for (; k + 8 <= depth; k += 8) new EightByEight(from + k, stride).StoreWide(to + (long)k * step, step);

        for (; k < depth; k++)
            for (var r = 0; r < 8; r++) to[(long)k * step + r] = from[r * stride + k];
    }

    public static Vector512<double> MultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> sum) =>
        Vector512.FusedMultiplyAdd(a, b, sum);

    public static void Begin(double* to, Vector512<double> vector) => vector.Store(to);

    public static void Add(double* to, Vector512<double> vector) => (Vector512.Load(to) + vector).Store(to);
}

/// <summary>float64 throughout.</summary>
internal readonly unsafe struct DoubleProduct : IProductKind<double, double, double>
{
    public static double Number(double number) => number;

    public static Vector512<double> Load(double* from) => Vector512.Load(from);

    public static void CopyEight(double* from, double* to) => Vector512.Load(from).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(double* from, long stride, double* to, int step, int depth)
    {
        for (var half = 0; half < 8; half += 4, from += 4 * stride, to += 4)
        {
            var k = 0;
            for (; k + 4 <= depth; k += 4) FourByFour(from + k, stride, to + (long)k * step, step);
            for (; k < depth; k++)
                for (var r = 0; r < 4; r++) to[(long)k * step + r] = from[r * stride + k];
        }
    }

    public static Vector512<double> MultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> sum) =>
        Vector512.FusedMultiplyAdd(a, b, sum);

    public static void Begin(double* to, Vector512<double> vector) => vector.Store(to);

    public static void Add(double* to, Vector512<double> vector) => (Vector512.Load(to) + vector).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourByFour(double* from, long stride, double* to, int step)
    {
        Vector256<double> a = Vector256.Load(from), b = Vector256.Load(from + stride);
        Vector256<double> c = Vector256.Load(from + 2 * stride), d = Vector256.Load(from + 3 * stride);
        Vector256<double> ab0 = Avx.UnpackLow(a, b), ab1 = Avx.UnpackHigh(a, b);
        Vector256<double> cd0 = Avx.UnpackLow(c, d), cd1 = Avx.UnpackHigh(c, d);
        Avx.Permute2x128(ab0, cd0, 0x20).Store(to);
        Avx.Permute2x128(ab1, cd1, 0x20).Store(to + step);
        Avx.Permute2x128(ab0, cd0, 0x31).Store(to + 2 * step);
        Avx.Permute2x128(ab1, cd1, 0x31).Store(to + 3 * step);
    }
}
