namespace Engram.Notebooks;

/// <summary>How much output of one cell a document keeps; what is beyond is cut, with a notice.</summary>
public sealed record OutputLimits
{
    /// <summary>Characters of text written to each of the two streams.</summary>
    public int StreamCharacters { get; init; } = 1_000_000;

    /// <summary>How many outputs.</summary>
    public int Outputs { get; init; } = 1_000;

    /// <summary>Characters of all values shown.</summary>
    public long DisplayCharacters { get; init; } = 100_000_000;
}
