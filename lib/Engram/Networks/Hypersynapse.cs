namespace Engram;

/// <summary>
/// A synapse over any number of layers: the energy of their interaction, a function of their activations alone.
/// </summary>
/// <remarks>
/// <para>
/// It takes an array of activations, each [...batch, ...layer], and answers energies [...batch]: low where the
/// activations fit each other. One synapse may connect several groups of layers, which then share its parameters, and a
/// group may name a layer twice.
/// </para>
/// <para>
/// Source: D. Krotov, "Hierarchical associative memory" (2021); B. Hoover and others, "A universal abstraction for
/// hierarchical Hopfield networks" (2022), where the name is from.
/// </para>
/// </remarks>
public abstract class Hypersynapse : nn.Module<Tensor[], Tensor>
{
    private readonly long[][]? _layerShapes;

    /// <summary>A synapse with a name for display, and the shapes of the layers that it fits.</summary>
    /// <param name="name">The name of the module.</param>
    /// <param name="layerShapes">The shape of each layer, in order; null where the network shall not check them.</param>
    /// <exception cref="ArgumentException">A size is not positive, or there is no layer.</exception>
    protected Hypersynapse(string name, IEnumerable<long[]>? layerShapes = null) : base(name)
    {
        _layerShapes = layerShapes?.Select(shape => shape.ToArray()).ToArray();
        if (_layerShapes is null) return;
        if (_layerShapes.Length == 0 || _layerShapes.Any(shape => shape.Any(size => size <= 0)))
            throw new ArgumentException(
                $"The layers' shapes are {Text(_layerShapes)}; at least one, of positive sizes, is wanted.", nameof(layerShapes));
    }

    /// <summary>The shapes of the layers that it fits, in order; null where it does not say.</summary>
    public IReadOnlyList<long[]>? LayerShapes => _layerShapes;

    /// <summary>A synapse on one layer, from a function of its activations to energies [...batch].</summary>
    /// <param name="energy">A differentiable function; a tensor that it captures is not a parameter.</param>
    public static Hypersynapse Of(Func<Tensor, Tensor> energy)
    {
        ArgumentNullException.ThrowIfNull(energy);
        return new FunctionSynapse(1, all => energy(all[0]));
    }

    /// <summary>A synapse between two layers, from a function of their activations to energies [...batch].</summary>
    /// <inheritdoc cref="Of(Func{Tensor, Tensor})"/>
    public static Hypersynapse Of(Func<Tensor, Tensor, Tensor> energy)
    {
        ArgumentNullException.ThrowIfNull(energy);
        return new FunctionSynapse(2, all => energy(all[0], all[1]));
    }

    /// <summary>A synapse between three layers, from a function of their activations to energies [...batch].</summary>
    /// <inheritdoc cref="Of(Func{Tensor, Tensor})"/>
    public static Hypersynapse Of(Func<Tensor, Tensor, Tensor, Tensor> energy)
    {
        ArgumentNullException.ThrowIfNull(energy);
        return new FunctionSynapse(3, all => energy(all[0], all[1], all[2]));
    }

    /// <summary>A synapse over any number of layers, from a function of all their activations to energies [...batch].</summary>
    /// <inheritdoc cref="Of(Func{Tensor, Tensor})"/>
    public static Hypersynapse OfMany(Func<Tensor[], Tensor> energy)
    {
        ArgumentNullException.ThrowIfNull(energy);
        return new FunctionSynapse(null, energy);
    }

    /// <summary>A synapse on one layer, from a module whose parameters become the synapse's.</summary>
    /// <param name="energy">From activations [...batch, ...layer] to energies [...batch].</param>
    public static Hypersynapse Of(nn.Module<Tensor, Tensor> energy)
    {
        ArgumentNullException.ThrowIfNull(energy);
        return new FunctionSynapse(1, all => energy.call(all[0]), energy);
    }

    /// <summary>A synapse between two layers, from a module whose parameters become the synapse's.</summary>
    /// <inheritdoc cref="Of(nn.Module{Tensor, Tensor})"/>
    public static Hypersynapse Of(nn.Module<Tensor, Tensor, Tensor> energy)
    {
        ArgumentNullException.ThrowIfNull(energy);
        return new FunctionSynapse(2, all => energy.call(all[0], all[1]), energy);
    }

    /// <summary>Why layers of these shapes do not fit; null where they do, or where the synapse cannot say.</summary>
    internal virtual string? Misfit(IReadOnlyList<IReadOnlyList<long>> shapes) =>
        _layerShapes is null
        || (shapes.Count == _layerShapes.Length && shapes.Zip(_layerShapes).All(pair => pair.First.SequenceEqual(pair.Second)))
            ? null
            : $"it fits layers of shape {Text(_layerShapes)}";

    /// <summary>Registers a learnable tensor.</summary>
    /// <param name="name">Its name in the state dictionary.</param>
    /// <param name="value">Its first value, float32 or float64, which is copied.</param>
    protected void Learn(string name, Tensor value) => Learning.Register(this, name, value);

    /// <summary>The activations, with the dimensions of each layer made one: [...batch, n].</summary>
    private protected Tensor[] Flat(Tensor[] activations)
    {
        var shapes = _layerShapes!;
        if (activations.Length != shapes.Length)
            throw new ArgumentException($"{activations.Length} layers came; {shapes.Length} are wanted.", nameof(activations));
        return [.. activations.Select((x, i) => Flat(x, shapes[i]))];
    }

    /// <summary>Small normal weights, as HAMUX draws them: 0.02 z.</summary>
    private protected static Tensor Small(PrngKey key, IEnumerable<long> shape)
    {
        long[] sizes = [.. shape];
        return Scope.Run(() => 0.02 * key.Normal(sizes));
    }

    /// <summary>The product of the sizes of each layer.</summary>
    private protected static IEnumerable<long> Counts(IEnumerable<long[]> shapes) =>
        shapes.Select(shape => shape.Aggregate(1L, (product, size) => product * size));

    private static Tensor Flat(Tensor activation, long[] shape)
    {
        var batch = (int)Guard.Floating(activation).dim() - shape.Length;
        return batch >= 0 && activation.shape.AsSpan(batch).SequenceEqual(shape)
            ? activation.reshape([.. activation.shape[..batch], .. Counts([shape])])
            : throw new ArgumentException(
                $"An activation has shape {Guard.Shape(activation)}; [...batch, {string.Join(", ", shape)}] is wanted.");
    }

    private static string Text(IEnumerable<long[]> shapes) =>
        string.Join(" and ", shapes.Select(shape => $"[{string.Join(", ", shape)}]"));
}
