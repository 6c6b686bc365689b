namespace Engram;

/// <summary>Checks of what a network's descent leaves as it is.</summary>
internal static class NetworkClamp
{
    /// <summary>The clamped layers, each of which there is.</summary>
    public static HashSet<string> Layers(HierarchicalMemory memory, IEnumerable<string> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return [.. layers.Select(name => Known(memory, name, nameof(NetworkDescentOptions.ClampedLayers)))];
    }

    /// <summary>The masks by layer, each boolean, on its state's device and of a shape that broadcasts to its state's.</summary>
    public static Dictionary<string, Tensor> Neurons(
        HierarchicalMemory memory, NetworkState state, IEnumerable<KeyValuePair<string, Tensor>> masks)
    {
        ArgumentNullException.ThrowIfNull(masks);
        const string argument = nameof(NetworkDescentOptions.ClampedNeurons);
        var checkedMasks = new Dictionary<string, Tensor>();
        foreach (var (name, mask) in masks)
            checkedMasks.Add(Known(memory, name, argument), Mask(mask, state[name], name, argument));
        return checkedMasks;
    }

    private static string Known(HierarchicalMemory memory, string name, string argument) =>
        memory.Layers.ContainsKey(name)
            ? name
            : throw new ArgumentException(
                $"{argument} names layer '{name}', which there is not; there are {Quoted.List(memory.Layers.Keys)}.", argument);

    private static Tensor Mask(Tensor mask, Tensor state, string name, string argument)
    {
        Guard.Alive(mask, argument);
        var sizes = mask.shape.Reverse().Zip(state.shape.Reverse());
        if (mask.dim() > state.dim() || sizes.Any(size => size.First != size.Second && size.First != 1))
            throw new ArgumentException(
                $"{argument} has shape {Guard.Shape(mask)} for layer '{name}'; one that broadcasts to {Guard.Shape(state)} is wanted.",
                argument);
        if (mask.dtype != ScalarType.Bool)
            throw new ArgumentException($"{argument} has dtype {mask.dtype} for layer '{name}'; Bool is wanted.", argument);
        return mask.device_type == state.device_type
            ? mask
            : throw new ArgumentException(
                $"{argument} lives on {mask.device} for layer '{name}'; {state.device} is wanted.", argument);
    }
}
