namespace Engram;

/// <summary>Energies from functions.</summary>
public static class Energy
{
    /// <summary>An energy given by a function of one state or many; its gradient comes by autodiff.</summary>
    /// <param name="function">A function of states [..., D] that answers [...], made of differentiable operations.</param>
    public static IEnergy Of(Func<Tensor, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new FunctionEnergy(function);
    }
}
