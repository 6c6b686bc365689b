namespace Engram;

/// <summary>What any feature map can do through <see cref="IFeatureMap.Map"/> alone.</summary>
internal static class MappedFeatures
{
    public static Tensor Dot(IFeatureMap map, Tensor x, Tensor weights)
    {
        Check(map, x, weights);
        return Scope.Run(() => Blocks.Rows(Flat(x), RowsOf(map, x), rows => map.Map(rows).mv(weights)).reshape(x.shape[..^1]));
    }

    public static FeatureProduct DotAndGradient(IFeatureMap map, Tensor x, Tensor weights)
    {
        Check(map, x, weights);
        return Scope.Run(
            () =>
            {
                var (value, gradient) = Blocks.Rows(
                    Flat(x), RowsOf(map, x),
                    rows =>
                    {
                        var of = RowGradient.Of(r => map.Map(r).mv(weights), rows);
                        return (of.Value, of.Gradient);
                    });
                return new FeatureProduct(value.reshape(x.shape[..^1]), gradient.reshape(x.shape));
            },
            product => [product.Value, product.Gradient]);
    }

    public static Tensor Sum(IFeatureMap map, Tensor x)
    {
        Guard.Vectors(x, map.Dimension);
        return Scope.Run(() =>
        {
            var rows = Flat(x);
            var sum = zeros([map.FeatureDimension], x.dtype, x.device);
            foreach (var (from, count) in Blocks.Of(rows.shape[0], RowsOf(map, x)))
                sum.add_(Scope.Run(() => map.Map(rows.narrow(0, from, count)).sum([0L])));
            return sum;
        });
    }

    private static void Check(IFeatureMap map, Tensor x, Tensor weights)
    {
        Guard.Vectors(x, map.Dimension);
        Guard.Vector(weights, map.FeatureDimension);
        Guard.Like(weights, x);
    }

    private static Tensor Flat(Tensor x) => x.reshape(-1, x.shape[^1]);

    private static long RowsOf(IFeatureMap map, Tensor x) => Math.Max(1, Blocks.Elements(x) / map.FeatureDimension);
}
