namespace Engram;

/// <summary>Whether two feature maps are the same function.</summary>
internal static class SameMap
{
    public static bool Of(IFeatureMap first, IFeatureMap second)
    {
        if (ReferenceEquals(first, second)) return true;
        if (first is not RandomFeatures a || second is not RandomFeatures b) return false;
        return a.GetType() == b.GetType()
            && a.InverseTemperature == b.InverseTemperature
            && Same(a.Frequencies, b.Frequencies)
            && (a is not CosFeatures c || Same(c.Biases, ((CosFeatures)b).Biases));
    }

    private static bool Same(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        return a.dtype == b.dtype && a.shape.SequenceEqual(b.shape) && a.to(b.device).eq(b).all().item<bool>();
    }
}
