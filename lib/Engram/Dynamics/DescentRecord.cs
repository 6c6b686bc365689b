namespace Engram;

/// <summary>The state of a descent and room for what it records, whichever way it runs.</summary>
internal sealed class DescentRecord
{
    private readonly long[] _shape;
    private readonly long _every;

    /// <summary>Room for a descent.</summary>
    /// <param name="state">The initial states, [..., D].</param>
    /// <param name="options">What to record.</param>
    /// <param name="rows">Whether to work on rows [N, D] instead of the shape that came.</param>
    public DescentRecord(Tensor state, DescentOptions options, bool rows)
    {
        _shape = state.shape;
        _every = options.RecordStates;
        long[] shape = rows ? [state.numel() / _shape[^1], _shape[^1]] : _shape;
        State = state.detach().reshape(shape).clone().contiguous();
        Free = options.Clamp?.logical_not().to(state.dtype).expand(_shape).reshape(shape).contiguous();
        if (options.RecordEnergies) Energies = Empty(options.Steps, shape[..^1]);
        if (options.RecordGradients) Gradients = Empty(options.Steps, shape);
        if (_every == 0) return;
        States = Empty(1 + options.Steps / _every, shape);
        States[0].copy_(State);
    }

    /// <summary>The state as it is now.</summary>
    public Tensor State { get; }

    /// <summary>1 where a coordinate is free, 0 where clamped; null where all are free.</summary>
    public Tensor? Free { get; }

    /// <summary>[T, ...].</summary>
    public Tensor? Energies { get; }

    /// <summary>[1 + ⌊T/n⌋, ..., D].</summary>
    public Tensor? States { get; }

    /// <summary>[T, ..., D].</summary>
    public Tensor? Gradients { get; }

    /// <summary>What was recorded in so many steps, in the shape that the states came in.</summary>
    public Descent Result(long steps, bool resting, double stepSize)
    {
        if (!FiniteNumbers.AreAll(State))
            throw new ArithmeticException(
                $"The states left the finite numbers within {steps} steps; a step size below {stepSize} is wanted.");
        return new Descent
        {
            State = State.reshape(_shape),
            Energies = Recorded(Energies, steps, _shape[..^1]),
            States = Recorded(States, _every > 0 ? 1 + steps / _every : 0, _shape),
            Gradients = Recorded(Gradients, steps, _shape),
            Steps = steps,
            Converged = resting,
        };
    }

    private static Tensor? Recorded(Tensor? record, long count, long[] shape) =>
        record is null ? null
        : count == record.shape[0] ? record.reshape([count, .. shape])
        : record.narrow(0, 0, count).clone().reshape([count, .. shape]);

    private Tensor Empty(long count, long[] shape) => empty([count, .. shape], State.dtype, State.device);
}
