namespace Engram;

/// <summary>What an energy descent has come to.</summary>
/// <remarks>Disposing it disposes its tensors.</remarks>
public sealed record Descent : IDisposable
{
    /// <summary>v⁽ᵀ⁾, the final state, shape [..., D].</summary>
    public required Tensor State { get; init; }

    /// <summary>The energy before each step, shape [T, ...]; null where it was not asked for.</summary>
    public Tensor? Energies { get; init; }

    /// <summary>The first state and that after every n-th step, shape [1 + ⌊T/n⌋, ..., D]; null where not asked for.</summary>
    public Tensor? States { get; init; }

    /// <summary>The gradient of each step, 0 in clamped coordinates, shape [T, ..., D]; null where not asked for.</summary>
    public Tensor? Gradients { get; init; }

    /// <summary>T, the number of steps done.</summary>
    public required long Steps { get; init; }

    /// <summary>Whether the gradient of every state came down to the tolerance; false where none was given.</summary>
    public required bool Converged { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors()) tensor?.Dispose();
    }

    internal IEnumerable<Tensor?> Tensors() => [State, Energies, States, Gradients];
}
