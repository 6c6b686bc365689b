namespace Engram;

/// <summary>Memories Ξ prepared for exponents −β/2 ‖v − ξ‖² of many states.</summary>
/// <remarks>
/// −β/2 ‖v − ξ‖² = S − β·o: by differences S is all and o is nothing; by products about the memories' mean c,
/// S = β(⟨v−c, ξ−c⟩ − ½‖ξ−c‖²) and o = ½‖v−c‖². See <see cref="SquaredDistances"/> for the accuracy of both.
/// </remarks>
internal sealed class MemorySet
{
    private readonly double _beta;
    private readonly Tensor? _centre;
    private readonly Tensor? _scaled;
    private readonly Tensor? _shift;
    private readonly UnseenMemory? _unseen;

    public MemorySet(Tensor memories, double inverseTemperature)
    {
        Guard.SomeRows(memories);
        _beta = Guard.Positive(inverseTemperature);
        Memories = memories;
        if (SquaredDistances.Direct(memories.shape[0], memories.shape[1])) return;
        _centre = Kept(() => memories.mean([0], true));
        _scaled = Kept(() => (memories - _centre).t() * _beta);
        _shift = Kept(() => SquaredDistances.HalfNorms(memories - _centre) * -_beta);
        _unseen = new UnseenMemory(_centre, _scaled, _shift);
    }

    /// <summary>Ξ, [K, D].</summary>
    public Tensor Memories { get; }

    /// <summary>How many states to take at once.</summary>
    public long RowBlock =>
        Math.Max(1, 8 * Blocks.Elements(Memories) / (_scaled is null ? Memories.numel() : Memories.shape[0]));

    /// <summary>S [N, K], and o [N] where it is not nothing.</summary>
    public (Tensor Relative, Tensor? Offset) Exponents(Tensor states)
    {
        if (_scaled is null) return (SquaredDistances.Differences(states, Memories) * -_beta, null);
        var v = states - _centre!;
        return (addmm(_shift!, v, _scaled, 1, 1), SquaredDistances.HalfNorms(v));
    }

    // They live as long as the set, whatever scope it was made in.
    private static Tensor Kept(Func<Tensor> compute) => Scope.Run(compute).DetachFromDisposeScope();
}
