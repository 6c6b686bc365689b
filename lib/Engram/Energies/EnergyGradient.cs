namespace Engram;

/// <summary>An energy with its gradient.</summary>
/// <param name="Value">E(v), shape [...].</param>
/// <param name="Gradient">∂E/∂v, shape [..., D].</param>
public sealed record EnergyGradient(Tensor Value, Tensor Gradient);
