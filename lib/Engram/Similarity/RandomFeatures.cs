namespace Engram;

/// <summary>
/// Random features: elementwise functions of the projections ⟨ωⁱ, √β x⟩ on Y random frequencies.
/// </summary>
/// <remarks>
/// A map follows the dtype and device of its frequencies and does not own them. All sums go over blocks of vectors
/// and frequencies, so that N vectors never need N·F numbers at once, except where <see cref="Map"/> returns them.
/// </remarks>
public abstract class RandomFeatures : IFeatureMap
{
    private readonly double _scale;

    /// <summary>A map on given frequencies.</summary>
    private protected RandomFeatures(Tensor frequencies, double inverseTemperature, int parts, double norm)
    {
        Guard.SomeRows(frequencies);
        Frequencies = frequencies;
        Features = frequencies.shape[0];
        Dimension = frequencies.shape[1];
        InverseTemperature = Guard.Positive(inverseTemperature);
        Parts = parts;
        Norm = norm / Math.Sqrt(Features);
        _scale = Math.Sqrt(inverseTemperature);
    }

    /// <summary>ω, the frequencies, shape [Y, D].</summary>
    public Tensor Frequencies { get; }

    /// <summary>Y, the number of frequencies.</summary>
    public long Features { get; }

    /// <inheritdoc/>
    public long Dimension { get; }

    /// <inheritdoc/>
    public long FeatureDimension => Parts * Features;

    /// <inheritdoc/>
    public double InverseTemperature { get; }

    /// <inheritdoc/>
    public ScalarType DType => Frequencies.dtype;

    /// <inheritdoc/>
    public Device Device => Frequencies.device;

    /// <summary>Where the frequencies come from, if they can be made again from a key; null otherwise.</summary>
    public FrequencyOrigin? Origin { get; init; }

    /// <summary>The number of features of one frequency.</summary>
    internal int Parts { get; }

    /// <summary>The factor before all features.</summary>
    internal double Norm { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Wrong D, dtype or device, or NaN or infinite values.</exception>
    public Tensor Map(Tensor x)
    {
        Check(x);
        return Scope.Run(() =>
        {
            var z = Scaled(x);
            var parts = Elements(Project(z, Frequencies), z, 0);
            var features = Parts == 1 ? parts[0] : cat(parts, -1);
            return (features * Norm).reshape([.. x.shape[..^1], FeatureDimension]);
        });
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Wrong shape, dtype or device, or NaN or infinite values.</exception>
    public Tensor Dot(Tensor x, Tensor weights)
    {
        Check(x);
        Check(weights, x);
        return Scope.Run(() => DotRows(x.reshape(-1, Dimension), weights).reshape(x.shape[..^1]));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Wrong shape, dtype or device, or NaN or infinite values.</exception>
    public FeatureProduct DotAndGradient(Tensor x, Tensor weights)
    {
        Check(x);
        Check(weights, x);
        var (value, gradient) = Scope.Run(() =>
        {
            var (v, g) = DotAndGradientRows(x.reshape(-1, Dimension), weights);
            return (v.reshape(x.shape[..^1]), g.reshape(x.shape));
        });
        return new FeatureProduct(value, gradient);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Wrong D, dtype or device, or NaN or infinite values.</exception>
    public Tensor Sum(Tensor x)
    {
        Check(x);
        return Scope.Run(() =>
        {
            var sums = zeros([FeatureDimension], ScalarType.Float64, x.device);
            AddRows(sums, x.reshape(-1, Dimension), 1);
            return sums.to(DType, copy: true);
        });
    }

    /// <summary>⟨Φ(x), w⟩ of rows [N, D], unchecked.</summary>
    internal Tensor DotRows(Tensor x, Tensor weights) =>
        FastPaths.TakesFeatures(Frequencies, x, weights)
            ? (FeatureSums.Products(Kind, Frequencies, Shifts, Scaled(x), weights, gradients: false).Value * Norm).to(x.dtype)
            : PlainDotRows(x, weights);

    /// <summary>⟨Φ(x), w⟩ of rows [N, D] with gradients [N, D], unchecked.</summary>
    internal (Tensor Value, Tensor Gradient) DotAndGradientRows(Tensor x, Tensor weights)
    {
        if (!FastPaths.TakesFeatures(Frequencies, x, weights)) return PlainDotAndGradientRows(x, weights);
        var z = Scaled(x);
        var (value, gradient) = FeatureSums.Products(Kind, Frequencies, Shifts, z, weights, gradients: true);
        var whole = Complete(gradient!, value, z) * (Norm * _scale);
        return ((value * Norm).to(x.dtype), whole.to(x.dtype));
    }

    /// <summary>Adds factor · Σ Φ(x) over rows [N, D] to sums [F] in float64, unchecked.</summary>
    internal void AddRows(Tensor sums, Tensor x, double factor)
    {
        if (FastPaths.TakesFeatures(Frequencies, x))
            FeatureSums.AddTo(sums, factor * Norm, Kind, Frequencies, Shifts, Scaled(x));
        else
            sums.add_(PlainSumRows(x).to(ScalarType.Float64), factor);
    }

    /// <summary>As <see cref="DotRows"/>, by libtorch's operations.</summary>
    internal Tensor PlainDotRows(Tensor x, Tensor weights) =>
        Blocks.Rows(x, RowBlock(x), rows =>
        {
            var z = Scaled(rows);
            var w = weights.reshape(Parts, Features);
            Tensor? sum = null;
            foreach (var (from, count) in FeatureBlocks(rows))
                sum = Add(sum, Scope.Run(() =>
                {
                    var parts = Elements(Project(z, Frequencies.narrow(0, from, count)), z, from);
                    return Products(parts, w.narrow(1, from, count));
                }));
            return sum! * Norm;
        });

    /// <summary>As <see cref="DotAndGradientRows"/>, by libtorch's operations.</summary>
    internal (Tensor Value, Tensor Gradient) PlainDotAndGradientRows(Tensor x, Tensor weights) =>
        Blocks.Rows(x, RowBlock(x), rows =>
        {
            var z = Scaled(rows);
            var w = weights.reshape(Parts, Features);
            Tensor? value = null, gradient = null;
            foreach (var (from, count) in FeatureBlocks(rows))
            {
                var (v, g) = Scope.Run(() =>
                {
                    var omega = Frequencies.narrow(0, from, count);
                    var block = w.narrow(1, from, count);
                    var projections = Project(z, omega);
                    var parts = Elements(projections, z, from);
                    return (Products(parts, block), Slopes(parts, block, projections, from).mm(omega));
                });
                (value, gradient) = (Add(value, v), Add(gradient, g));
            }

            return (value! * Norm, Complete(gradient!, value!, z) * (Norm * _scale));
        });

    /// <summary>Σ Φ(x) over rows [N, D], by libtorch's operations and in the map's dtype.</summary>
    internal Tensor PlainSumRows(Tensor x)
    {
        var sums = zeros([Parts, Features], x.dtype, x.device);
        foreach (var (row, rows) in Blocks.Of(x.shape[0], RowBlock(x)))
        {
            using var scope = NewDisposeScope();
            var z = Scaled(x.narrow(0, row, rows));
            foreach (var (from, count) in FeatureBlocks(z))
            {
                using var inner = NewDisposeScope();
                var parts = Elements(Project(z, Frequencies.narrow(0, from, count)), z, from);
                for (var part = 0; part < Parts; part++)
                    sums[part].narrow(0, from, count).add_(parts[part].sum([0L]));
            }
        }

        return sums.mul_(Norm).flatten();
    }

    /// <summary>Which of the fused loops computes these features.</summary>
    private protected abstract FeatureSums.Kind Kind { get; }

    /// <summary>What is added to the projections, [Y]; null for most maps.</summary>
    private protected virtual Tensor? Shifts => null;

    /// <summary>The features before their common factor, one tensor [N, Yb] for each part.</summary>
    /// <param name="projections">h = ⟨ω, z⟩, [N, Yb].</param>
    /// <param name="z">√β x, [N, D].</param>
    /// <param name="from">The first frequency of the block.</param>
    private protected abstract Tensor[] Elements(Tensor projections, Tensor z, long from);

    /// <summary>Σ over parts of weight · ∂element/∂h, [N, Yb].</summary>
    private protected abstract Tensor Slopes(Tensor[] elements, Tensor weights, Tensor projections, long from);

    /// <summary>Adds to the gradient in z what does not come through the projections.</summary>
    private protected virtual Tensor Complete(Tensor gradient, Tensor value, Tensor z) => gradient;

    private static Tensor Products(Tensor[] parts, Tensor weights)
    {
        var sum = parts[0].mv(weights[0]);
        for (var part = 1; part < parts.Length; part++) sum += parts[part].mv(weights[part]);
        return sum;
    }

    private static Tensor Add(Tensor? sum, Tensor term) => sum is null ? term : sum + term;

    private static Tensor Project(Tensor z, Tensor frequencies) => z.matmul(frequencies.t());

    private Tensor Scaled(Tensor x) => x * _scale;

    private static long RowBlock(Tensor rows) => rows.device_type == DeviceType.CPU ? 256 : 8192;

    private IEnumerable<(long From, long Count)> FeatureBlocks(Tensor rows) =>
        Blocks.Of(Features, Blocks.Elements(rows) / Math.Max(1, rows.shape[0]));

    private void Check(Tensor x) => Guard.Like(Guard.Vectors(x, Dimension), Frequencies, nameof(x), "the frequencies");

    private void Check(Tensor weights, Tensor x) =>
        Guard.Like(Guard.Vector(weights, FeatureDimension), x, nameof(weights));
}
