namespace Engram;

/// <summary>An energy: one number for each state.</summary>
public interface IEnergy
{
    /// <summary>E(v) of one state or of many.</summary>
    /// <param name="state">v, shape [..., D].</param>
    /// <returns>Shape [...].</returns>
    Tensor Value(Tensor state);

    /// <summary>E(v) and ∂E/∂v; by autodiff, unless the energy knows better.</summary>
    /// <param name="state">v, shape [..., D].</param>
    EnergyGradient ValueAndGradient(Tensor state) => RowGradient.Of(Value, Guard.Vectors(state));
}
