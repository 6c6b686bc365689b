namespace Engram;

/// <summary>The energy of a network, by part and in total.</summary>
/// <remarks>Disposing it disposes its tensors.</remarks>
public sealed record NetworkEnergy : IDisposable
{
    /// <summary>The energy of the network, [...batch].</summary>
    public required Tensor Total { get; init; }

    /// <summary>The energy of each layer, by name: Σ x̂x − L(x), [...batch].</summary>
    public required IReadOnlyDictionary<string, Tensor> Layers { get; init; }

    /// <summary>The energy of each connection, by name, [...batch].</summary>
    public required IReadOnlyDictionary<string, Tensor> Synapses { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors()) tensor.Dispose();
    }

    internal IEnumerable<Tensor> Tensors() => [Total, .. Layers.Values, .. Synapses.Values];
}
