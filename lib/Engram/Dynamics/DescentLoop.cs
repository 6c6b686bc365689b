namespace Engram;

/// <summary>The plain way of a descent: one tensor operation after the other, on any device.</summary>
internal sealed class DescentLoop
{
    private readonly Func<Tensor, (Tensor Value, Tensor Gradient)> _energy;
    private readonly DescentOptions _options;
    private readonly long[] _shape;
    private readonly Tensor _state;
    private readonly Tensor? _free;
    private readonly Scalar _backward;
    private readonly Tensor? _energies, _states, _gradients;
    private bool _resting;

    public DescentLoop(IEnergy energy, Tensor state, DescentOptions options)
    {
        _options = options;
        _shape = state.shape;
        // A known energy works on rows, without the checks at the door; a user's own sees the shape it was given.
        var known = energy as ClosedFormEnergy;
        _energy = known is null ? ByInterface(energy) : known.ValueAndGradientRows;
        var rows = known is null ? _shape : [state.numel() / _shape[^1], _shape[^1]];
        _state = state.detach().reshape(rows).clone();
        _free = options.Clamp?.logical_not().to(state.dtype).expand(_shape).reshape(rows);
        _backward = -options.StepSize;
        if (options.RecordEnergies) _energies = Empty(options.Steps, rows[..^1]);
        if (options.RecordGradients) _gradients = Empty(options.Steps, rows);
        if (options.RecordStates > 0) _states = Empty(1 + options.Steps / options.RecordStates, rows);
    }

    public Descent Run(CancellationToken cancellation)
    {
        _states?[0].copy_(_state);
        long step = 0;
        var report = Math.Max(1, _options.Steps / 100);
        while (step < _options.Steps && !_resting)
        {
            cancellation.ThrowIfCancellationRequested();
            Step(step++);
            if (step % report == 0) _options.Progress?.Report(new DescentProgress(step, _options.Steps));
        }

        return Result(step);
    }

    private void Step(long step)
    {
        using var scope = NewDisposeScope();
        var (value, gradient) = _energy(_state);
        if (_free is not null) gradient = gradient * _free;
        _energies?[step].copy_(value);
        _gradients?[step].copy_(gradient);
        if (_options.GradientTolerance > 0) gradient = Rest(gradient);
        _state.add_(gradient, _backward);
        if (_states is not null && (step + 1) % _options.RecordStates == 0)
            _states[(step + 1) / _options.RecordStates].copy_(_state);
    }

    // A state whose gradient is small enough stays where it is, so that a batch gives what its states give one by one.
    private Tensor Rest(Tensor gradient)
    {
        var moving = gradient.square().sum(-1, true).sqrt().gt(_options.GradientTolerance);
        _resting = !moving.any().item<bool>();
        return gradient * moving.to(gradient.dtype);
    }

    private Descent Result(long steps)
    {
        if (!_state.isfinite().all().item<bool>())
            throw new ArithmeticException(
                $"The states left the finite numbers within {steps} steps; a step size below {_options.StepSize} is wanted.");
        var batch = _shape[..^1];
        return new Descent
        {
            State = _state.reshape(_shape),
            Energies = Recorded(_energies, steps, batch),
            States = Recorded(_states, _options.RecordStates > 0 ? 1 + steps / _options.RecordStates : 0, _shape),
            Gradients = Recorded(_gradients, steps, _shape),
            Steps = steps,
            Converged = _resting,
        };
    }

    private static Tensor? Recorded(Tensor? record, long count, long[] shape) =>
        record is null ? null
        : count == record.shape[0] ? record.reshape([count, .. shape])
        : record.narrow(0, 0, count).clone().reshape([count, .. shape]);

    private static Func<Tensor, (Tensor, Tensor)> ByInterface(IEnergy energy) => state =>
    {
        var at = energy.ValueAndGradient(state);
        return (RowGradient.Check(at.Value, state), at.Gradient);
    };

    private Tensor Empty(long count, long[] shape) => empty([count, .. shape], _state.dtype, _state.device);
}
