namespace Engram;

/// <summary>What the descent of a network has come to.</summary>
/// <remarks>Disposing it disposes its tensors.</remarks>
public sealed record NetworkDescent : IDisposable
{
    /// <summary>The final states, [...batch, ...layer].</summary>
    public required NetworkState State { get; init; }

    /// <summary>The activations of the final states, [...batch, ...layer].</summary>
    public required NetworkState Activations { get; init; }

    /// <summary>The energy before each step, [T, ...batch]; null where it was not asked for.</summary>
    public Tensor? Energies { get; init; }

    /// <summary>
    /// The first states and those after every n-th step, [1 + ⌊T/n⌋, ...batch, ...layer]; null where not asked for. The
    /// recorded steps are one more batch: the network's own functions take them as they are.
    /// </summary>
    public NetworkState? States { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors()) tensor?.Dispose();
    }

    internal IEnumerable<Tensor?> Tensors() => [.. State.Values, .. Activations.Values, Energies, .. States?.Values ?? []];
}
