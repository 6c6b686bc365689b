namespace Engram;

/// <summary>The steps of a network's descent.</summary>
internal sealed class NetworkDescentLoop
{
    private readonly HierarchicalMemory _memory;
    private readonly NetworkDescentOptions _options;
    private readonly long[] _batch;
    private readonly HashSet<string> _still;
    private readonly Dictionary<string, Tensor> _clamped;
    private readonly List<Tensor> _energies = [];
    private readonly List<NetworkState> _states = [];
    private NetworkState _state;

    public NetworkDescentLoop(
        HierarchicalMemory memory, NetworkState state, long[] batch, NetworkDescentOptions options)
    {
        (_memory, _batch, _options) = (memory, batch, options);
        Guard.AtLeast(options.Steps, 0);
        Guard.Positive(options.StepSize);
        Guard.AtLeast(options.RecordStates, 0);
        _still = NetworkClamp.Layers(memory, options.ClampedLayers);
        _clamped = NetworkClamp.Neurons(memory, state, options.ClampedNeurons);
        _state = state.Map((_, x) => options.Differentiable ? x.alias() : x.detach());
    }

    public NetworkDescent Run(CancellationToken cancellation)
    {
        var report = Math.Max(1, _options.Steps / 100);
        if (_options.RecordStates > 0) _states.Add(_state);
        for (long step = 1; step <= _options.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            Step(step);
            if (step % report == 0) _options.Progress?.Report(new DescentProgress(step, _options.Steps));
        }

        return Result();
    }

    private void Step(long step)
    {
        var before = _state;
        using var scope = torch.NewDisposeScope();
        var activations = _memory.Activations(before);
        var (energy, gradient) = _memory.SynapseGradient(activations, _batch, _options.Differentiable);
        if (_options.RecordEnergies)
            _energies.Add(scope.MoveToOuter(energy + _memory.LayerEnergy(activations, before)));
        _state = gradient.Map((name, synapses) => scope.MoveToOuter(Moved(name, before[name], synapses)));
        if (_options.RecordStates > 0 && step % _options.RecordStates == 0) _states.Add(_state);
        // What was recorded stays; the graph keeps what it needs itself.
        if (!_states.Contains(before)) before.Dispose();
    }

    private Tensor Moved(string name, Tensor x, Tensor synapses)
    {
        if (_still.Contains(name)) return x.alias();
        // By the Legendre transform the layer's share of ∂E/∂x̂ is its state.
        var moved = x - _options.StepSize / _memory.Layers[name].TimeConstant * (x + synapses);
        return _clamped.TryGetValue(name, out var clamped) ? torch.where(clamped, x, moved) : moved;
    }

    private NetworkDescent Result()
    {
        foreach (var (name, x) in _state)
            if (!FiniteNumbers.AreAll(x))
                throw new ArithmeticException(
                    $"The states of layer '{name}' left the finite numbers within {_options.Steps} steps; a step size below " +
                    $"{_options.StepSize} is wanted.");
        return new NetworkDescent
        {
            State = _state.Map((_, x) => x.clone()),
            Activations = _memory.Activations(_state),
            Energies = _options.RecordEnergies ? Stack(_energies, _state.Values.First()) : null,
            States = _options.RecordStates > 0 ? _state.Map((name, _) => torch.stack([.. _states.Select(s => s[name])])) : null,
        };
    }

    private Tensor Stack(List<Tensor> energies, Tensor like) =>
        energies.Count > 0 ? torch.stack(energies) : torch.zeros([0, .. _batch], like.dtype, like.device);
}
