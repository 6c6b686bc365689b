using System.Numerics;

namespace Engram;

/// <summary>Sums over random features through <see cref="FeatureLoop{T,TElements}"/>, tensors in and out.</summary>
internal static unsafe class FeatureSums
{
    /// <summary>The kinds of maps that have a loop.</summary>
    internal enum Kind
    {
        SinCos,
        Cos,
        PositiveExp,
        SymmetricExp,
    }

    /// <summary>
    /// Σ weight · element [N] of vectors z [N, D], and what of the gradient comes through the projections [N, D] where asked;
    /// both float64, before the map's factors.
    /// </summary>
    public static (Tensor Value, Tensor? Gradient) Products(
        Kind kind, Tensor omega, Tensor? bias, Tensor z, Tensor weights, bool gradients) =>
        omega.dtype == ScalarType.Float32
            ? Products<float>(kind, omega, bias, z, weights, gradients)
            : Products<double>(kind, omega, bias, z, weights, gradients);

    /// <summary>Adds the elements of vectors z [N, D], times a factor, to sums [F], float64 and contiguous.</summary>
    public static void AddTo(Tensor sums, double factor, Kind kind, Tensor omega, Tensor? bias, Tensor z)
    {
        if (omega.dtype == ScalarType.Float32) AddTo<float>(sums, factor, kind, omega, bias, z);
        else AddTo<double>(sums, factor, kind, omega, bias, z);
    }

    private static (Tensor, Tensor?) Products<T>(
        Kind kind, Tensor omega, Tensor? bias, Tensor z, Tensor weights, bool gradients)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (n, d) = ((int)z.shape[0], (int)z.shape[1]);
        var value = zeros([n], ScalarType.Float64);
        var gradient = gradients ? zeros([n, d], ScalarType.Float64) : null;
        if (n == 0) return (value, gradient);
        Tensor w = omega.contiguous(), rows = z.contiguous(), c = weights.contiguous();
        var b = bias?.contiguous();
        var job = new Job<T>(Memory.Of<T>(w), b is null ? null : Memory.Of<T>(b), (int)w.shape[0], d)
        {
            Z = Memory.Of<T>(rows),
            Count = n,
            Weights = Memory.Of<T>(c),
            Values = Memory.Of<double>(value),
            Gradients = gradient is null ? null : Memory.Of<double>(gradient),
        };
        job.Run(kind);
        KeepAlive(w, rows, c, b);
        return (value, gradient);
    }

    private static void AddTo<T>(Tensor sums, double factor, Kind kind, Tensor omega, Tensor? bias, Tensor z)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (z.shape[0] == 0) return;
        Tensor w = omega.contiguous(), rows = z.contiguous();
        var b = bias?.contiguous();
        var job = new Job<T>(Memory.Of<T>(w), b is null ? null : Memory.Of<T>(b), (int)w.shape[0], (int)w.shape[1])
        {
            Z = Memory.Of<T>(rows),
            Count = (int)rows.shape[0],
            Values = Memory.Of<double>(sums),
            Factor = factor,
        };
        job.Run(kind);
        KeepAlive(w, rows, sums, b);
    }

    private static void KeepAlive(params ReadOnlySpan<Tensor?> tensors)
    {
        foreach (var tensor in tensors) GC.KeepAlive(tensor);
    }

    /// <summary>One call by addresses; without weights it is a sum of features.</summary>
    private sealed class Job<T>(T* omega, T* bias, int features, int dimension)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public required T* Z { get; init; }

        public required int Count { get; init; }

        public T* Weights { get; init; }

        public required double* Values { get; init; }

        public double* Gradients { get; init; }

        public double Factor { get; init; }

        public void Run(Kind kind)
        {
            switch (kind)
            {
                case Kind.SinCos: Run<SinCosElements<T>>(); break;
                case Kind.Cos: Run<CosElements<T>>(); break;
                case Kind.PositiveExp: Run<PositiveExpElements<T>>(); break;
                default: Run<SymmetricExpElements<T>>(); break;
            }
        }

        private void Run<TElements>()
            where TElements : struct, IFeatureElements<T>
        {
            var loop = new FeatureLoop<T, TElements>(omega, bias, features, dimension);
            if (Weights == null) loop.Sum(Z, Count, Values, Factor);
            else loop.Products(Z, Count, Weights, Values, Gradients);
        }
    }
}
