using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Engram;

/// <summary>
/// One tensor for each layer of a network: its states, its activations, or what else has a value for each neuron.
/// </summary>
/// <remarks>Disposing it disposes its tensors, those that <see cref="With"/> has put in included.</remarks>
public sealed class NetworkState : IReadOnlyDictionary<string, Tensor>, IDisposable
{
    private readonly OrderedDictionary<string, Tensor> _tensors = [];

    /// <summary>Tensors by the name of their layer.</summary>
    /// <param name="tensors">One for each layer, each [...batch, ...layer] with the same batch.</param>
    /// <exception cref="ArgumentException">A name comes twice, or a tensor is null or disposed.</exception>
    public NetworkState(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        foreach (var (name, tensor) in tensors) _tensors.Add(name, Guard.Alive(tensor, name));
    }

    /// <summary>The tensor of a layer.</summary>
    /// <param name="key">The name of the layer.</param>
    /// <exception cref="KeyNotFoundException">There is no such layer; the message lists those there are.</exception>
    public Tensor this[string key] =>
        _tensors.TryGetValue(key, out var tensor)
            ? tensor
            : throw new KeyNotFoundException($"There is no layer '{key}'; there are {Quoted.List(_tensors.Keys)}.");

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _tensors.Keys;

    /// <inheritdoc/>
    public IEnumerable<Tensor> Values => _tensors.Values;

    /// <inheritdoc/>
    public int Count => _tensors.Count;

    /// <summary>The same tensors but for one layer; the tensors themselves are shared.</summary>
    /// <param name="layer">The name of the layer.</param>
    /// <param name="tensor">Its new tensor.</param>
    /// <exception cref="KeyNotFoundException">There is no such layer.</exception>
    public NetworkState With(string layer, Tensor tensor)
    {
        _ = this[layer];
        return new(_tensors.Select(pair => pair.Key == layer ? new(layer, tensor) : pair));
    }

    /// <summary>Each layer's tensor, changed.</summary>
    /// <param name="change">From a layer's name and tensor to its new tensor.</param>
    public NetworkState Map(Func<string, Tensor, Tensor> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new(_tensors.Select(pair => KeyValuePair.Create(pair.Key, change(pair.Key, pair.Value))));
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _tensors.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Tensor value) => _tensors.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator() => _tensors.GetEnumerator();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _tensors.Values) tensor.Dispose();
    }

    /// <summary>The layers and their shapes.</summary>
    public override string ToString() =>
        string.Join(", ", _tensors.Select(pair => $"{pair.Key} {Guard.Shape(pair.Value)}"));

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
