namespace Engram;

/// <summary>How an energy descent runs and what it records.</summary>
public sealed record DescentOptions
{
    /// <summary>T, the number of steps: the layers of the memory. 1,000 by default.</summary>
    public long Steps { get; init; } = 1000;

    /// <summary>α, the size of a step. 0.01 by default.</summary>
    public double StepSize { get; init; } = 0.01;

    /// <summary>
    /// The coordinates that stay as they are: a boolean mask, true where clamped, of shape [D] or one that broadcasts
    /// to the state's. None by default.
    /// </summary>
    public Tensor? Clamp { get; init; }

    /// <summary>Whether to record the energy before each step. On by default.</summary>
    public bool RecordEnergies { get; init; } = true;

    /// <summary>Record the state before the first step and after every so many; 0, the default, records none.</summary>
    public long RecordStates { get; init; }

    /// <summary>Whether to record the gradient of each step, 0 in clamped coordinates. Off by default.</summary>
    public bool RecordGradients { get; init; }

    /// <summary>
    /// A state rests from where the length of its gradient is no more than this; the descent ends when all rest.
    /// 0, the default, runs all steps.
    /// </summary>
    public double GradientTolerance { get; init; }

    /// <summary>Told about every hundredth part of the steps.</summary>
    public IProgress<DescentProgress>? Progress { get; init; }

    internal void Check(Tensor state)
    {
        Guard.AtLeast(Steps, 0);
        Guard.Positive(StepSize);
        Guard.AtLeast(RecordStates, 0);
        if (!double.IsFinite(GradientTolerance) || GradientTolerance < 0)
            throw new ArgumentOutOfRangeException(
                nameof(GradientTolerance), GradientTolerance, "GradientTolerance must be finite and not negative.");
        if (Clamp is not null) CheckClamp(Clamp, state);
    }

    private static void CheckClamp(Tensor clamp, Tensor state)
    {
        Guard.Alive(clamp, nameof(Clamp));
        if (clamp.dtype != ScalarType.Bool)
            throw new ArgumentException($"Clamp has dtype {clamp.dtype}; Bool is wanted.", nameof(Clamp));
        if (clamp.dim() > state.dim())
            throw new ArgumentException(
                $"Clamp has shape {Guard.Shape(clamp)}; one that broadcasts to {Guard.Shape(state)} is wanted.", nameof(Clamp));
        var sizes = clamp.shape.Reverse().Zip(state.shape.Reverse());
        if (sizes.Any(size => size.First != size.Second && size.First != 1))
            throw new ArgumentException(
                $"Clamp has shape {Guard.Shape(clamp)}; one that broadcasts to {Guard.Shape(state)} is wanted.", nameof(Clamp));
        if (clamp.device_type != state.device_type)
            throw new ArgumentException($"Clamp lives on {clamp.device}; {state.device} is wanted.", nameof(Clamp));
    }
}
