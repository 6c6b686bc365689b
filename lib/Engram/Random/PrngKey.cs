namespace Engram;

/// <summary>
/// A key of JAX's random numbers: a value, not a generator. The same key always draws the same numbers, those that
/// JAX draws; <see cref="Split"/> gives fresh ones. Source: jax.random, the default Threefry-2x32 implementation.
/// </summary>
/// <remarks>
/// Integers and uniforms equal JAX's bit for bit; a normal differs by at most 3 units in the last place.
/// Numbers are drawn on the CPU and are the same on every device and for any number of cores.
/// </remarks>
/// <param name="High">The key's first word.</param>
/// <param name="Low">The key's second word.</param>
/// <param name="Layout">How the key counts; what is split from a key has its layout.</param>
public readonly partial record struct PrngKey(uint High, uint Low, PrngLayout Layout = PrngLayout.Partitionable)
{
    /// <summary>The key of a seed: <c>jax.random.PRNGKey(seed)</c>, that is (0, seed mod 2³²).</summary>
    /// <param name="seed">Any whole number; its low 32 bits count.</param>
    /// <param name="layout">The default of the JAX that is to be met: from 0.5 on, or before.</param>
    public static PrngKey Create(long seed, PrngLayout layout = PrngLayout.Partitionable) =>
        new(0, unchecked((uint)seed), layout);

    /// <summary>Independent keys: <c>jax.random.split(key, count)</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public PrngKey[] Split(int count = 2)
    {
        Guard.AtLeast(count, 0);
        if (Layout == PrngLayout.Legacy) return SplitLegacy(count);
        var keys = new PrngKey[count];
        for (var i = 0; i < count; i++)
        {
            var (high, low) = Threefry.Block(High, Low, 0, (uint)i);
            keys[i] = this with { High = high, Low = low };
        }

        return keys;
    }

    /// <summary>The key for a number, such as a step's: <c>jax.random.fold_in(key, data)</c>.</summary>
    public PrngKey FoldIn(uint data)
    {
        var (high, low) = Threefry.Block(High, Low, 0, data);
        return this with { High = high, Low = low };
    }

    /// <inheritdoc cref="FoldIn(uint)"/>
    public PrngKey FoldIn(int data) => FoldIn(unchecked((uint)data));

    /// <summary>The key as JAX prints it, with its layout where it is not the default.</summary>
    public override string ToString() =>
        Layout == PrngLayout.Partitionable ? $"PrngKey({High}, {Low})" : $"PrngKey({High}, {Low}, {Layout})";

    private PrngKey[] SplitLegacy(int count)
    {
        var words = PrngStream.Words(this, 2L * count);
        var keys = new PrngKey[count];
        for (var i = 0; i < count; i++) keys[i] = this with { High = words[2 * i], Low = words[2 * i + 1] };
        return keys;
    }
}
