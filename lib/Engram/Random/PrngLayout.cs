namespace Engram;

/// <summary>How a <see cref="PrngKey"/> numbers the blocks of its stream: the same key draws other numbers in each.</summary>
public enum PrngLayout
{
    /// <summary>JAX's default since 0.5 (<c>jax_threefry_partitionable</c>): element i depends on i alone.</summary>
    Partitionable,

    /// <summary>JAX's default before 0.5: the counters' two halves are the two words of a block.</summary>
    Legacy,
}
