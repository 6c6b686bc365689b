namespace Engram;

// The dynamics.
public sealed partial class HierarchicalMemory
{
    /// <summary>
    /// Lets the states descend on the energy: τ dx/dt = −∂E/∂x̂, by steps x ← x − (Δt/τ) ∂E/∂x̂.
    /// </summary>
    /// <remarks>
    /// With convex Lagrangians the energy never rises along the flow, for dE/dt = −Σ (∂E/∂x̂)ᵀ (∂²L/∂x²) (∂E/∂x̂) / τ; nor does
    /// it along steps that are small enough. Source: D. Krotov and J. Hopfield (ICLR 2021), equations 1 and 5.
    /// </remarks>
    /// <param name="state">The first states, [...batch, ...layer]; not changed.</param>
    /// <param name="options">Steps, step size, what is clamped, what is recorded; defaults where null.</param>
    /// <param name="cancellation">Stops the descent between two steps.</param>
    /// <exception cref="ArgumentException">
    /// A state that does not fit its layer or is not finite, a synapse that does not fit its layers, or wrong options.
    /// </exception>
    /// <exception cref="ArithmeticException">The states left the finite numbers: the step size is too large.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public NetworkDescent Descend(
        NetworkState state, NetworkDescentOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new NetworkDescentOptions();
        var batch = Check(state);
        foreach (var (name, tensor) in state) Guard.Finite(tensor, $"The state of layer '{name}'");
        cancellation = EngramOptions.CancellationOr(cancellation);
        using var grad = torch.set_grad_enabled(options.Differentiable);
        return Scope.Run(
            () => new NetworkDescentLoop(this, state, batch, options).Run(cancellation), descent => descent.Tensors());
    }
}
