namespace Engram;

/// <summary>A synapse whose energy is a user's function or module.</summary>
internal sealed class FunctionSynapse : Hypersynapse
{
    private readonly int? _layers;
    private readonly Func<Tensor[], Tensor> _energy;

    public FunctionSynapse(int? layers, Func<Tensor[], Tensor> energy, nn.Module? module = null)
        : base(nameof(FunctionSynapse))
    {
        (_layers, _energy) = (layers, energy);
        if (module is not null) register_module("energy", module);
    }

    public override Tensor forward(Tensor[] input) => Scope.Run(() => _energy(input).alias());

    internal override string? Misfit(IReadOnlyList<IReadOnlyList<long>> shapes) =>
        _layers is null || shapes.Count == _layers ? null : $"its function takes {_layers} activations";
}
