namespace Engram;

/// <summary>
/// A map Φ: ℝᴰ → ℝᶠ whose inner product approximates the RBF kernel: κ(√β x, √β y) ≈ ⟨Φ(x), Φ(y)⟩. The inverse
/// temperature β is part of the map.
/// </summary>
/// <remarks>
/// A map of your own gives the first four members. The others then work through <see cref="Map"/> and autodiff;
/// override them where the mathematics knows better.
/// </remarks>
public interface IFeatureMap
{
    /// <summary>D, the size of a vector.</summary>
    long Dimension { get; }

    /// <summary>F, the size of its features.</summary>
    long FeatureDimension { get; }

    /// <summary>β, the inverse temperature.</summary>
    double InverseTemperature { get; }

    /// <summary>Φ(x).</summary>
    /// <param name="x">Shape [..., D].</param>
    /// <returns>Shape [..., F].</returns>
    Tensor Map(Tensor x);

    /// <summary>The dtype that vectors must have; float32 unless the map says otherwise.</summary>
    ScalarType DType => ScalarType.Float32;

    /// <summary>The device on which vectors must live; the CPU unless the map says otherwise.</summary>
    Device Device => torch.CPU;

    /// <summary>⟨Φ(x), w⟩, without holding the features of all x at once.</summary>
    /// <param name="x">Shape [..., D].</param>
    /// <param name="weights">Shape [F].</param>
    /// <returns>Shape [...].</returns>
    Tensor Dot(Tensor x, Tensor weights) => MappedFeatures.Dot(this, x, weights);

    /// <summary>⟨Φ(x), w⟩ and its gradient in x.</summary>
    /// <param name="x">Shape [..., D].</param>
    /// <param name="weights">Shape [F].</param>
    FeatureProduct DotAndGradient(Tensor x, Tensor weights) => MappedFeatures.DotAndGradient(this, x, weights);

    /// <summary>Σ Φ(x) over all x, without holding the features of all x at once.</summary>
    /// <param name="x">Shape [..., D].</param>
    /// <returns>Shape [F].</returns>
    Tensor Sum(Tensor x) => MappedFeatures.Sum(this, x);
}
