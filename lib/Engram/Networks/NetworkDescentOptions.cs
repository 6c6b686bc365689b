namespace Engram;

/// <summary>How a network descends on its energy and what it records.</summary>
public sealed record NetworkDescentOptions
{
    /// <summary>T, the number of steps. 100 by default.</summary>
    public long Steps { get; init; } = 100;

    /// <summary>Δt: a step of a layer is −(Δt/τ) ∂E/∂x̂, with the layer's time constant τ. 0.1 by default.</summary>
    public double StepSize { get; init; } = 0.1;

    /// <summary>The names of the layers that stay as they are. None by default.</summary>
    public IEnumerable<string> ClampedLayers { get; init; } = [];

    /// <summary>
    /// The neurons that stay as they are: for a layer's name, a boolean mask, true where clamped, of the layer's shape or one
    /// that broadcasts to its state's. None by default.
    /// </summary>
    public IEnumerable<KeyValuePair<string, Tensor>> ClampedNeurons { get; init; } = [];

    /// <summary>Whether to record the energy before each step. On by default.</summary>
    public bool RecordEnergies { get; init; } = true;

    /// <summary>Record the states before the first step and after every so many; 0, the default, records none.</summary>
    public long RecordStates { get; init; }

    /// <summary>
    /// Whether a loss of the result can be differentiated in states and parameters, to train through the descent. Memory
    /// grows with the steps. Off by default.
    /// </summary>
    public bool Differentiable { get; init; }

    /// <summary>Told about every hundredth part of the steps.</summary>
    public IProgress<DescentProgress>? Progress { get; init; }
}
