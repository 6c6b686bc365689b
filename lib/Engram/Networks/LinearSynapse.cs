using TorchSharp.Modules;

namespace Engram;

/// <summary>
/// The multilinear synapse, E = −Σ W[a, b, …] x̂¹[a] x̂²[b] …: between two layers −x̂¹ᵀ W x̂², with one weight for each
/// choice of a neuron from every layer.
/// </summary>
/// <remarks>
/// Source: HAMUX's <c>LinearSynapse</c>, and <c>DenseSynapse</c> of its first version for more than two layers.
/// </remarks>
public sealed class LinearSynapse : Hypersynapse
{
    private const string Name = "weight";

    // libtorch's einsum knows 52 letters; each layer takes one.
    private const int MostLayers = 20;

    /// <summary>A synapse with small random weights, 0.02 z.</summary>
    /// <param name="key">The key from which the standard normal z are drawn.</param>
    /// <param name="layerShapes">The shape of each layer; their neurons are taken in row-major order.</param>
    /// <exception cref="ArgumentException">There is no layer, more than 20, or a size that is not positive.</exception>
    public LinearSynapse(PrngKey key, params long[][] layerShapes) : base(nameof(LinearSynapse), layerShapes)
    {
        CheckCount();
        using var weight = Small(key, Counts(layerShapes));
        Learn(Name, weight);
    }

    /// <summary>A synapse with given weights, such as memories as rows.</summary>
    /// <param name="weight">W, one dimension for each layer, float32 or float64; copied.</param>
    /// <param name="layerShapes">The shape of each layer; by default vectors of W's sizes.</param>
    /// <exception cref="ArgumentException">The layers' shapes do not fit W.</exception>
    public LinearSynapse(Tensor weight, params long[][] layerShapes) : base(nameof(LinearSynapse), Shapes(weight, layerShapes))
    {
        CheckCount();
        Learn(Name, weight);
    }

    /// <summary>W, one dimension for each layer; saved as <c>weight</c>.</summary>
    public Parameter Weight => get_parameter(Name)!;

    /// <summary>The energy −Σ W x̂¹ x̂² ….</summary>
    /// <param name="input">The activations [...batch, ...layer], one for each layer.</param>
    /// <returns>[...batch].</returns>
    /// <exception cref="ArgumentException">An activation does not have its layer's shape.</exception>
    public override Tensor forward(Tensor[] input) => Scope.Run(() => Energy(Weight, Flat(input)));

    /// <summary>−Σ W x̂¹ x̂² … of flat activations.</summary>
    internal static Tensor Energy(Tensor weight, Tensor[] flat)
    {
        if (flat.Length == 2) return -(flat[0].matmul(weight) * flat[1]).sum([-1]);
        string[] letters = [.. Enumerable.Range(0, flat.Length).Select(i => ((char)('a' + i)).ToString())];
        var terms = letters.Select(letter => "..." + letter).Append(string.Concat(letters));
        return -torch.einsum($"{string.Join(",", terms)}->...", [.. flat, weight]);
    }

    private static long[][] Shapes(Tensor weight, long[][] layerShapes)
    {
        Guard.Floating(weight);
        if (layerShapes.Length == 0) return [.. weight.shape.Select(size => new[] { size })];
        return Counts(layerShapes).SequenceEqual(weight.shape)
            ? layerShapes
            : throw new ArgumentException(
                $"weight has shape {Guard.Shape(weight)}; [{string.Join(", ", Counts(layerShapes))}], one dimension for each " +
                "layer, is wanted.", nameof(weight));
    }

    private void CheckCount()
    {
        if (LayerShapes!.Count > MostLayers)
            throw new ArgumentException($"{LayerShapes.Count} layers came; at most {MostLayers} are possible.", "layerShapes");
    }
}
