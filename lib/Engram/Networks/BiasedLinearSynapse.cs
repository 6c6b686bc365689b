using TorchSharp.Modules;

namespace Engram;

/// <summary>
/// The linear synapse with a bias on its last layer, E = −x̂¹ᵀ W x̂² − bᵀ x̂². HAMUX's <c>LinearSynapseWithBias</c>.
/// </summary>
public sealed class BiasedLinearSynapse : Hypersynapse
{
    private const string WeightName = "weight", BiasName = "bias";

    /// <summary>A synapse with small random weights, 0.02 z, and biases of 0.</summary>
    /// <param name="key">The key from which the standard normal z are drawn.</param>
    /// <param name="first">The shape of the first layer.</param>
    /// <param name="second">The shape of the second layer, which has the bias.</param>
    /// <exception cref="ArgumentException">A size is not positive.</exception>
    public BiasedLinearSynapse(PrngKey key, long[] first, long[] second)
        : base(nameof(BiasedLinearSynapse), [first, second])
    {
        using var weight = Small(key, Counts([first, second]));
        using var bias = torch.zeros([.. Counts([second])]);
        Learn(WeightName, weight);
        Learn(BiasName, bias);
    }

    /// <summary>A synapse with given weights between two vectors.</summary>
    /// <param name="weight">W, [n₁, n₂], float32 or float64; copied.</param>
    /// <param name="bias">b, [n₂], of the same dtype and device; copied.</param>
    /// <exception cref="ArgumentException">The two do not fit.</exception>
    public BiasedLinearSynapse(Tensor weight, Tensor bias)
        : base(nameof(BiasedLinearSynapse), Guard.Rank(Guard.Floating(weight), 2).shape.Select(size => new[] { size }))
    {
        Guard.Like(Guard.LastDimension(Guard.Rank(bias, 1), weight.shape[1]), weight);
        Learn(WeightName, weight);
        Learn(BiasName, bias);
    }

    /// <summary>W, [n₁, n₂]; saved as <c>weight</c>.</summary>
    public Parameter Weight => get_parameter(WeightName)!;

    /// <summary>b, [n₂]; saved as <c>bias</c>.</summary>
    public Parameter Bias => get_parameter(BiasName)!;

    /// <summary>The energy −x̂¹ᵀ W x̂² − bᵀ x̂².</summary>
    /// <param name="input">The activations of both layers, [...batch, ...layer].</param>
    /// <returns>[...batch].</returns>
    /// <exception cref="ArgumentException">An activation does not have its layer's shape.</exception>
    public override Tensor forward(Tensor[] input) => Scope.Run(() =>
    {
        var flat = Flat(input);
        return LinearSynapse.Energy(Weight, flat) - (flat[1] * Bias).sum([-1]);
    });
}
