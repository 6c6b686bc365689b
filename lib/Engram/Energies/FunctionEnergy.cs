namespace Engram;

/// <summary>An energy given by a function.</summary>
internal sealed class FunctionEnergy(Func<Tensor, Tensor> function) : IEnergy
{
    public Tensor Value(Tensor state)
    {
        Guard.Vectors(state);
        return Scope.Run(() => RowGradient.Check(function(state), state));
    }

    public EnergyGradient ValueAndGradient(Tensor state)
    {
        Guard.Vectors(state);
        return Within(state);
    }

    /// <summary>As <see cref="ValueAndGradient"/>, of a state whose numbers nobody looks at: that would be a copy from a device.</summary>
    public EnergyGradient Within(Tensor state) => RowGradient.Of(function, state);
}
