namespace Engram;

/// <summary>⟨Φ(x), w⟩ with its gradient in x.</summary>
/// <param name="Value">The product, shape [...].</param>
/// <param name="Gradient">Its gradient ∂⟨Φ(x), w⟩/∂x, shape [..., D].</param>
public sealed record FeatureProduct(Tensor Value, Tensor Gradient);
