namespace Engram;

/// <summary>How an <see cref="AttentionSynapse"/> attends.</summary>
public sealed record AttentionOptions
{
    /// <summary>The number of heads. 1 by default.</summary>
    public long Heads { get; init; } = 1;

    /// <summary>The size of a head's queries and keys. 64 by default.</summary>
    public long HeadSize { get; init; } = 64;

    /// <summary>The first inverse temperature β; 1/√<see cref="HeadSize"/> where null, the default.</summary>
    public double? InverseTemperature { get; init; }

    /// <summary>Whether a token does not see itself, for self-attention. Off by default.</summary>
    public bool ExcludeSelf { get; init; }

    internal AttentionOptions Check(long[] queries, long[] keys)
    {
        Guard.AtLeast(Heads, 1);
        Guard.AtLeast(HeadSize, 1);
        if (InverseTemperature is { } beta) Guard.Positive(beta, nameof(InverseTemperature));
        if (ExcludeSelf && (queries[0] != keys[0] || keys[0] < 2))
            throw new ArgumentException(
                $"There are {queries[0]} queries and {keys[0]} keys; with {nameof(ExcludeSelf)} as many, at least 2, are wanted.",
                nameof(ExcludeSelf));
        return this;
    }
}
