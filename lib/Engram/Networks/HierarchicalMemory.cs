using System.Runtime.InteropServices;

namespace Engram;

/// <summary>
/// A hierarchical associative memory: a hypergraph of neuron layers and synapses with one total energy,
/// E = Σ layers (Σ x̂x − L(x)) + Σ synapses E(x̂, …), on which its states descend.
/// </summary>
/// <remarks>
/// <para>
/// It is built layer by layer: <see cref="AddLayer"/>, then <see cref="Connect"/>. It is a module: parameters of
/// Lagrangians and synapses are its own, saved, loaded and trained like any other's. Every state is [...batch, ...layer],
/// with one batch for all layers, or none.
/// </para>
/// <para>
/// Source: D. Krotov and J. Hopfield, "Large associative memory problem in neurobiology and machine learning" (ICLR 2021);
/// D. Krotov, "Hierarchical associative memory" (2021); HAMUX's <c>HAM</c>.
/// </para>
/// </remarks>
public sealed partial class HierarchicalMemory : nn.Module
{
    private readonly OrderedDictionary<string, NeuronLayer> _layers = [];
    private readonly OrderedDictionary<string, Connection> _connections = [];

    /// <summary>A memory without layers.</summary>
    public HierarchicalMemory() : base(nameof(HierarchicalMemory)) => TorchNatives.Load();

    /// <summary>The layers by name, in the order in which they were added.</summary>
    public IReadOnlyDictionary<string, NeuronLayer> Layers => _layers;

    /// <summary>The connections by name, in the order in which they were made.</summary>
    public IReadOnlyDictionary<string, Connection> Connections => _connections;

    /// <summary>Adds a layer.</summary>
    /// <param name="name">Its name: letters, digits, dashes and underscores.</param>
    /// <param name="layer">The layer, which becomes part of this module.</param>
    /// <returns>This memory.</returns>
    /// <exception cref="ArgumentException">The name is taken or cannot be used.</exception>
    public HierarchicalMemory AddLayer(string name, NeuronLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        CheckName(name, _layers.Keys, "layer");
        _layers.Add(name, layer);
        register_module("layer_" + name, layer);
        return this;
    }

    /// <summary>Connects layers by a synapse.</summary>
    /// <param name="name">The connection's name: letters, digits, dashes and underscores.</param>
    /// <param name="synapse">The synapse, which becomes part of this module; it may serve several connections.</param>
    /// <param name="layers">The names of the layers, in the order of the synapse's arguments.</param>
    /// <returns>This memory.</returns>
    /// <exception cref="ArgumentException">
    /// The name is taken or cannot be used, a layer is unknown, or the layers' shapes do not fit the synapse; the message
    /// names synapse and layer.
    /// </exception>
    public HierarchicalMemory Connect(string name, Hypersynapse synapse, params string[] layers)
    {
        ArgumentNullException.ThrowIfNull(synapse);
        ArgumentNullException.ThrowIfNull(layers);
        CheckName(name, _connections.Keys, "synapse");
        CheckWiring(name, synapse, layers);
        if (_connections.Values.All(connection => connection.Synapse != synapse))
            register_module("synapse_" + name, synapse);
        _connections.Add(name, new Connection(synapse, [.. layers]));
        return this;
    }

    /// <summary>States of 0 for every layer, of the dtype and on the device of the parameters.</summary>
    /// <param name="batch">The shape of the batch; none where empty.</param>
    public NetworkState InitialState(params long[] batch)
    {
        var (dtype, device) = Home();
        return Owned(() => new(_layers.Select(pair => KeyValuePair.Create(
            pair.Key, torch.zeros([.. batch, .. pair.Value.Shape], dtype, device)))));
    }

    /// <summary>Random states, each neuron's standard normal times a scale.</summary>
    /// <param name="key">The key from which the normal numbers are drawn, folded in with the number of each layer.</param>
    /// <param name="scale">The standard deviation.</param>
    /// <param name="batch">The shape of the batch; none where empty.</param>
    public NetworkState RandomState(PrngKey key, double scale, params long[] batch)
    {
        var (dtype, device) = Home();
        return Owned(() => new(_layers.Select((pair, i) => KeyValuePair.Create(
            pair.Key, scale * key.FoldIn(i).Normal([.. batch, .. pair.Value.Shape], device).to(dtype)))));
    }

    /// <summary>The layers and the connections, one a line.</summary>
    public override string ToString() => string.Join('\n', [
        .. _layers.Select(pair => $"layer {pair.Key} {pair.Value.ShapeText}"),
        .. _connections.Select(pair => $"synapse {pair.Key}: {pair.Value}")]);

    private static NetworkState Owned(Func<NetworkState> make) => Scope.Run(make, state => state.Values);

    private (ScalarType, Device) Home() =>
        parameters().FirstOrDefault() is { } first ? (first.dtype, first.device) : (ScalarType.Float32, torch.CPU);

    private static void CheckName(string name, ICollection<string> taken, string what)
    {
        if (string.IsNullOrEmpty(name) || !name.All(c => char.IsLetterOrDigit(c) || c is '-' or '_'))
            throw new ArgumentException(
                $"'{name}' is no name for a {what}; letters, digits, dashes and underscores are wanted.", nameof(name));
        if (taken.Contains(name)) throw new ArgumentException($"There is a {what} '{name}' already.", nameof(name));
    }

    private void CheckWiring(string name, Hypersynapse synapse, string[] layers)
    {
        foreach (var layer in layers)
            if (!_layers.ContainsKey(layer))
                throw new ArgumentException(
                    $"Synapse '{name}' connects layer '{layer}', which there is not; there are {Quoted.List(_layers.Keys)}.",
                    nameof(layers));
        if (layers.Length == 0)
            throw new ArgumentException($"Synapse '{name}' connects no layer; at least one is wanted.", nameof(layers));
        if (synapse.Misfit([.. layers.Select(layer => _layers[layer].Shape)]) is { } misfit)
            throw new ArgumentException(
                $"Synapse '{name}' does not fit {Described(layers)}: {misfit}.", nameof(layers));
    }

    private string Described(IEnumerable<string> layers) =>
        string.Join(" and ", layers.Select(layer => $"layer '{layer}' {_layers[layer].ShapeText}"));

    // Whatever a synapse throws or answers wrongly is told with the names of synapse and layers.
    private Tensor ConnectionEnergy(string name, IReadOnlyDictionary<string, Tensor> activations, long[] batch)
    {
        var (synapse, layers) = _connections[name];
        Tensor energy;
        try
        {
            energy = synapse.call([.. layers.Select(layer => activations[layer])]);
        }
        catch (Exception error) when (error is ArgumentException or ExternalException or InvalidOperationException)
        {
            throw new ArgumentException(
                $"Synapse '{name}' failed on {Described(layers)}: {error.Message.Split('\n')[0]}", error);
        }

        return energy.shape.SequenceEqual(batch)
            ? energy
            : throw new ArgumentException(
                $"Synapse '{name}' on {Described(layers)} answered energies of shape {Guard.Shape(energy)}; the batch's, " +
                $"[{string.Join(", ", batch)}], is wanted.");
    }
}
