namespace Engram;

/// <summary>The plain way of a descent: one tensor operation after the other, on any device.</summary>
internal sealed class DescentLoop
{
    private readonly Func<Tensor, (Tensor Value, Tensor Gradient)> _energy;
    private readonly DescentOptions _options;
    private readonly DescentRecord _record;
    private readonly Scalar _backward;
    private bool _resting;

    public DescentLoop(IEnergy energy, Tensor state, DescentOptions options)
    {
        _options = options;
        // A known energy works on rows, without the checks at the door; a user's own sees the shape it was given.
        _energy = energy switch
        {
            ClosedFormEnergy closed => closed.ValueAndGradientRows,
            FunctionEnergy function => Of(function.Within),
            _ => Of(energy.ValueAndGradient),
        };
        _record = new DescentRecord(state, options, rows: energy is ClosedFormEnergy);
        _backward = -options.StepSize;
    }

    public Descent Run(CancellationToken cancellation)
    {
        long step = 0;
        var report = Math.Max(1, _options.Steps / 100);
        while (step < _options.Steps && !_resting)
        {
            cancellation.ThrowIfCancellationRequested();
            Step(step++);
            if (step % report == 0) _options.Progress?.Report(new DescentProgress(step, _options.Steps));
        }

        return _record.Result(step, _resting, _options.StepSize);
    }

    private void Step(long step)
    {
        using var scope = NewDisposeScope();
        var (value, gradient) = _energy(_record.State);
        if (_record.Free is { } free) gradient = gradient * free;
        _record.Energies?[step].copy_(value);
        _record.Gradients?[step].copy_(gradient);
        if (_options.GradientTolerance > 0) gradient = Rest(gradient);
        _record.State.add_(gradient, _backward);
        if (_record.States is { } states && (step + 1) % _options.RecordStates == 0)
            states[(step + 1) / _options.RecordStates].copy_(_record.State);
    }

    // A state whose gradient is small enough stays where it is, so that a batch gives what its states give one by one.
    private Tensor Rest(Tensor gradient)
    {
        var moving = gradient.square().sum(-1, true).sqrt().gt(_options.GradientTolerance);
        _resting = !moving.any().item<bool>();
        return gradient * moving.to(gradient.dtype);
    }

    private static Func<Tensor, (Tensor, Tensor)> Of(Func<Tensor, EnergyGradient> energy) => state =>
    {
        var at = energy(state);
        return (RowGradient.Check(at.Value, state), at.Gradient);
    };
}
