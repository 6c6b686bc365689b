namespace Engram;

/// <summary>
/// Gradient descent on an energy: v⁽ᵗ⁾ = v⁽ᵗ⁻¹⁾ − α ∂E/∂v(v⁽ᵗ⁻¹⁾). One step is one layer of a dense associative memory.
/// Source: distributed memory, "Minimizing the energy via gradient descent"; <c>lse_energy_descent</c> and
/// <c>approx_lse_energy_descent</c> there.
/// </summary>
public static class EnergyDescent
{
    /// <summary>Lets states descend, one or a batch by the same call.</summary>
    /// <param name="energy">The energy.</param>
    /// <param name="state">q, the initial states, shape [..., D]; not changed.</param>
    /// <param name="options">Steps, step size, clamped coordinates, what to record; defaults where null.</param>
    /// <param name="cancellation">Stops the descent between two steps.</param>
    /// <exception cref="ArgumentException">Wrong D, dtype or device, NaN or infinite values, or wrong options.</exception>
    /// <exception cref="ArithmeticException">The states left the finite numbers: the step size is too large.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Descent Run(
        IEnergy energy, Tensor state, DescentOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(energy);
        Guard.Vectors(state);
        (energy as ClosedFormEnergy)?.Check(state);
        options ??= new DescentOptions();
        options.Check(state);
        cancellation = EngramOptions.CancellationOr(cancellation);
        using var noGrad = no_grad();
        return Scope.Run(
            () => (energy as ClosedFormEnergy)?.FastDescent(state, options, cancellation)
                ?? new DescentLoop(energy, state, options).Run(cancellation),
            descent => descent.Tensors());
    }
}
