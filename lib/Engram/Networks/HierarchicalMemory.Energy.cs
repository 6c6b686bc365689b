namespace Engram;

// Activations, energies and gradients.
public sealed partial class HierarchicalMemory
{
    /// <summary>The activation of every layer, x̂ = ∂L/∂x.</summary>
    /// <param name="state">The states, [...batch, ...layer].</param>
    /// <returns>Of the same shapes.</returns>
    /// <exception cref="ArgumentException">A layer has no state, or one of wrong shape, dtype or device; it is named.</exception>
    public NetworkState Activations(NetworkState state)
    {
        Check(state);
        return Owned(() => new(_layers.Select(pair => KeyValuePair.Create(
            pair.Key, pair.Value.Activation(state[pair.Key])))));
    }

    /// <summary>The total energy at the states' own activations.</summary>
    /// <param name="state">The states, [...batch, ...layer].</param>
    /// <returns>[...batch].</returns>
    /// <exception cref="ArgumentException">
    /// A layer has no state, or one of wrong shape, dtype or device, or a synapse does not work on its layers; both are named.
    /// </exception>
    public Tensor Energy(NetworkState state) => Scope.Run(() => EnergyByPart(state).Total);

    /// <summary>The total energy of activations and states.</summary>
    /// <param name="activations">The activations, [...batch, ...layer].</param>
    /// <param name="state">The states, of the same shapes.</param>
    /// <returns>[...batch]; its gradient in the activations, where activations and states fit, is that of the network.</returns>
    /// <exception cref="ArgumentException">As <see cref="Energy(NetworkState)"/>.</exception>
    public Tensor Energy(NetworkState activations, NetworkState state) =>
        Scope.Run(() => EnergyByPart(activations, state).Total);

    /// <summary>The energy of every layer and synapse, at the states' own activations.</summary>
    /// <inheritdoc cref="Energy(NetworkState)"/>
    public NetworkEnergy EnergyByPart(NetworkState state) =>
        Scope.Run(() => EnergyByPart(Activations(state), state), energy => energy.Tensors());

    /// <summary>The energy of every layer and synapse, of activations and states.</summary>
    /// <inheritdoc cref="Energy(NetworkState, NetworkState)"/>
    public NetworkEnergy EnergyByPart(NetworkState activations, NetworkState state)
    {
        var batch = Check(state);
        if (!Check(activations).SequenceEqual(batch))
            throw new ArgumentException("The activations' batch is not that of the states.", nameof(activations));
        return Scope.Run(() => Parts(activations, state, batch), energy => energy.Tensors());
    }

    /// <summary>∂E/∂x̂, the gradient of the total energy in the activations, at the states' own activations.</summary>
    /// <remarks>
    /// The layers' share is the state itself, by the Legendre transform: only the synapses are differentiated. The result can
    /// be differentiated again where gradients are on and a state or a parameter asks for them.
    /// </remarks>
    /// <param name="state">The states, [...batch, ...layer].</param>
    /// <returns>Of the same shapes.</returns>
    /// <exception cref="ArgumentException">As <see cref="Energy(NetworkState)"/>.</exception>
    public NetworkState EnergyGradient(NetworkState state)
    {
        var batch = Check(state);
        var record = torch.is_grad_enabled()
            && (state.Values.Any(x => x.requires_grad) || parameters().Any(p => p.requires_grad));
        return Owned(() =>
        {
            var (_, gradient) = SynapseGradient(Activations(state), batch, record);
            return gradient.Map((name, synapses) => state[name] + synapses);
        });
    }

    /// <summary>The synapses' energies together, [...batch], and their gradient in each activation.</summary>
    internal (Tensor Energy, NetworkState Gradient) SynapseGradient(NetworkState activations, long[] batch, bool record)
    {
        using var enabled = torch.enable_grad();
        // One tensor for all activations, so that one pass back gives all gradients.
        var together = torch.cat([.. activations.Values.Select(x => x.reshape([.. batch, -1]))], -1);
        if (!record || !together.requires_grad) together = together.detach().requires_grad_();
        var energy = Total(_connections.Keys.Select(name => ConnectionEnergy(name, Split(together, batch), batch)), together, batch);
        var gradient = Gradients.OfSum(energy, together, record);
        return (record ? energy : energy.detach(), Split(gradient, batch));
    }

    /// <summary>The energy of every layer, at states and activations that were checked.</summary>
    internal Tensor LayerEnergy(NetworkState activations, NetworkState state) =>
        _layers.Select(pair => pair.Value.Energy(activations[pair.Key], state[pair.Key])).Aggregate((sum, e) => sum + e);

    /// <summary>The batch's shape of states that fit the layers.</summary>
    internal long[] Check(NetworkState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (_layers.Count == 0) throw new InvalidOperationException("The memory has no layers; AddLayer adds one.");
        foreach (var name in state.Keys.Except(_layers.Keys))
            throw new ArgumentException(
                $"There is a state for layer '{name}', which there is not; there are {Quoted.List(_layers.Keys)}.", nameof(state));

        var (first, firstLayer) = _layers.First();
        long[]? batch = null;
        foreach (var (name, layer) in _layers)
        {
            if (!state.TryGetValue(name, out var tensor))
                throw new ArgumentException($"There is no state for layer '{name}'.", nameof(state));
            var own = tensor.shape[..layer.Batch(tensor, $"The state of layer '{name}'")];
            batch ??= own;
            if (!own.SequenceEqual(batch))
                throw new ArgumentException(
                    $"The state of layer '{name}' has shape {Guard.Shape(tensor)}, that of layer '{first}' " +
                    $"{Guard.Shape(state[first])}; one batch for all layers is wanted.", nameof(state));
            Guard.Like(tensor, state[first], $"The state of layer '{name}'", $"layer '{first}'");
        }

        return batch!;
    }

    private NetworkEnergy Parts(NetworkState activations, NetworkState state, long[] batch)
    {
        var layers = new OrderedDictionary<string, Tensor>(_layers.Select(pair => KeyValuePair.Create(
            pair.Key, pair.Value.Energy(activations[pair.Key], state[pair.Key]))));
        var synapses = new OrderedDictionary<string, Tensor>(_connections.Keys.Select(name => KeyValuePair.Create(
            name, ConnectionEnergy(name, activations, batch))));
        return new NetworkEnergy
        {
            Total = Total([.. layers.Values, .. synapses.Values], layers.Values.First(), batch),
            Layers = layers,
            Synapses = synapses,
        };
    }

    private static Tensor Total(IEnumerable<Tensor> energies, Tensor like, long[] batch) =>
        energies.Aggregate(torch.zeros(batch, like.dtype, like.device), (sum, energy) => sum + energy);

    private NetworkState Split(Tensor together, long[] batch)
    {
        long start = 0;
        return new(_layers.Select(pair =>
        {
            var count = pair.Value.Shape.Aggregate(1L, (product, size) => product * size);
            var part = together.narrow(-1, start, count).reshape([.. batch, .. pair.Value.Shape]);
            start += count;
            return KeyValuePair.Create(pair.Key, part);
        }));
    }
}
