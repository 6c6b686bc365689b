namespace Engram;

/// <summary>The Legendre transform, which turns a neuron layer's Lagrangian into its energy.</summary>
/// <remarks>
/// E(x̂, x) = Σ x̂ᵢxᵢ − L(x), at the activation x̂ = ∂L/∂x. For a convex L it is the convex conjugate of L, and its
/// gradient in the activation is the state, ∂E/∂x̂ = x: the two ways in which E depends on x cancel, so nothing need be
/// differentiated. Source: D. Krotov and J. Hopfield (ICLR 2021), equations 3 and 4; HAMUX's <c>legendre_transform</c>.
/// </remarks>
public static class Legendre
{
    /// <summary>The dual of a Lagrangian, (x̂, x) ↦ Σ x̂ᵢxᵢ − L(x).</summary>
    /// <remarks>
    /// Activation and state are separate inputs, so automatic differentiation in x̂ gives exactly x, and in x gives
    /// x̂ − ∂L/∂x, which is 0 at the activation. Of each batch row the sum is taken over the dimensions that the
    /// Lagrangian reduced: what it returns of shape [...batch] decides.
    /// </remarks>
    /// <param name="lagrangian">From states [...batch, ...layer] to [...batch].</param>
    /// <returns>
    /// A function of activation and state, both [...batch, ...layer], to [...batch]. It throws
    /// <see cref="ArgumentException"/> where the two differ in shape, dtype or device, or where what the Lagrangian
    /// returns is not a leading part of that shape.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="lagrangian"/> is null.</exception>
    public static Func<Tensor, Tensor, Tensor> Transform(Func<Tensor, Tensor> lagrangian)
    {
        ArgumentNullException.ThrowIfNull(lagrangian);
        return (activation, state) =>
        {
            Guard.Like(Guard.Floating(activation), Guard.Floating(state));
            if (!activation.shape.SequenceEqual(state.shape))
                throw new ArgumentException(
                    $"activation has shape {Guard.Shape(activation)}; that of state, {Guard.Shape(state)}, is wanted.",
                    nameof(activation));
            return Scope.Run(() => Energy(lagrangian(state), activation, state));
        };
    }

    /// <summary>The neuron energy at the Lagrangian's own activation, x ↦ Σ x̂ᵢxᵢ − L(x) with x̂ = ∂L/∂x.</summary>
    /// <inheritdoc cref="Transform"/>
    public static Func<Tensor, Tensor> Energy(Func<Tensor, Tensor> lagrangian)
    {
        var (transform, activation) = (Transform(lagrangian), Activations.Of(lagrangian));
        return state => Scope.Run(() => transform(activation(state), state));
    }

    private static Tensor Energy(Tensor value, Tensor activation, Tensor state)
    {
        var batch = (int)value.dim();
        if (batch > state.dim() || !value.shape.SequenceEqual(state.shape[..batch]))
            throw new ArgumentException(
                $"The Lagrangian returned shape {Guard.Shape(value)} for states {Guard.Shape(state)}; " +
                "the batch's, a leading part of it, is wanted.", "lagrangian");
        return Reduce.Trailing(activation * state, batch) - value;
    }
}
