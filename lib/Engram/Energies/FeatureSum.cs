namespace Engram;

/// <summary>⟨Φ(v), T⟩ of rows of states.</summary>
internal sealed class FeatureSum
{
    public FeatureSum(IFeatureMap featureMap, Tensor memory)
    {
        ArgumentNullException.ThrowIfNull(featureMap);
        Guard.Vector(memory, featureMap.FeatureDimension);
        if (memory.dtype != featureMap.DType || memory.device_type != featureMap.Device.type)
            throw new ArgumentException(
                $"memory is {memory.dtype} on {memory.device}; {featureMap.DType} on {featureMap.Device}, " +
                "as the feature map has it, is wanted.", nameof(memory));
        (Map, Memory) = (featureMap, memory);
    }

    public IFeatureMap Map { get; }

    public Tensor Memory { get; }

    public Tensor Value(Tensor states) =>
        Map is RandomFeatures known ? known.DotRows(states, Memory) : Map.Dot(states, Memory);

    public (Tensor Value, Tensor Gradient) ValueAndGradient(Tensor states)
    {
        if (Map is RandomFeatures known) return known.DotAndGradientRows(states, Memory);
        var product = Map.DotAndGradient(states, Memory);
        return (product.Value, product.Gradient);
    }
}
