using TorchSharp.Modules;

namespace Engram;

/// <summary>A constant input to one layer, E = −Σ bᵢ x̂ᵢ. HAMUX's <c>BiasSynapse</c>.</summary>
public sealed class BiasSynapse : Hypersynapse
{
    private const string Name = "bias";

    /// <summary>A synapse with given biases.</summary>
    /// <param name="bias">b, of the layer's shape, float32 or float64; copied.</param>
    /// <exception cref="ArgumentException">Neither float32 nor float64.</exception>
    public BiasSynapse(Tensor bias) : base(nameof(BiasSynapse), [Guard.Floating(bias).shape]) => Learn(Name, bias);

    /// <summary>b, of the layer's shape; saved as <c>bias</c>.</summary>
    public Parameter Bias => get_parameter(Name)!;

    /// <summary>The energy −Σ bᵢ x̂ᵢ.</summary>
    /// <param name="input">The activations of the layer, [...batch, ...layer].</param>
    /// <returns>[...batch].</returns>
    /// <exception cref="ArgumentException">The activations do not have the layer's shape.</exception>
    public override Tensor forward(Tensor[] input) => Scope.Run(() => -(Flat(input)[0] * Bias.reshape(-1)).sum([-1]));
}
