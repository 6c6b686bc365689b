namespace Engram;

/// <summary>A synapse and the layers that it connects.</summary>
/// <param name="Synapse">The synapse.</param>
/// <param name="Layers">The names of its layers, in the order of its arguments.</param>
public sealed record Connection(Hypersynapse Synapse, IReadOnlyList<string> Layers)
{
    /// <summary>The kind of synapse and its layers.</summary>
    public override string ToString() => $"{Synapse.GetName()} on {Quoted.List(Layers)}";
}
