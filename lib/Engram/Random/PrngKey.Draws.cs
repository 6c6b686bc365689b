namespace Engram;

public readonly partial record struct PrngKey
{
    /// <summary>Uniform 32-bit words: <c>jax.random.bits</c>.</summary>
    /// <param name="shape">The shape; <c>[]</c> is a scalar.</param>
    /// <returns>int64, each in [0, 2³²), for libtorch's arithmetic has no unsigned integers.</returns>
    /// <exception cref="ArgumentException">A negative or too large shape.</exception>
    public Tensor Bits(long[] shape)
    {
        var words = PrngStream.Words(this, Count(shape));
        return Scope.Run(() => torch.tensor(Array.ConvertAll(words, word => (long)word), shape));
    }

    /// <summary>Uniform float32 in [low, high): <c>jax.random.uniform</c>.</summary>
    /// <param name="shape">The shape; <c>[]</c> is a scalar.</param>
    /// <param name="low">The lower bound, included.</param>
    /// <param name="high">The upper bound, excluded but for rounding.</param>
    /// <param name="device">Where the tensor goes; the CPU by default.</param>
    /// <exception cref="ArgumentException">A negative or too large shape, or bounds not finite and in order.</exception>
    public Tensor Uniform(long[] shape, double low = 0, double high = 1, Device? device = null)
    {
        Count(shape, FloatLimit);
        if (!float.IsFinite((float)low) || !float.IsFinite((float)high) || !(low <= high))
            throw new ArgumentException($"The bounds are {low} and {high}; finite ones with low ≤ high are wanted.");
        var key = this;
        return Scope.Run(() => On(device, PrngStream.Uniform(key, shape, (float)low, (float)high)));
    }

    /// <summary>Standard normal float32: <c>jax.random.normal</c>.</summary>
    /// <param name="shape">The shape; <c>[]</c> is a scalar.</param>
    /// <param name="device">Where the tensor goes; the CPU by default.</param>
    /// <exception cref="ArgumentException">A negative or too large shape.</exception>
    public Tensor Normal(long[] shape, Device? device = null)
    {
        Count(shape, FloatLimit);
        var key = this;
        return Scope.Run(() => On(device, PrngStream.Normal(key, shape)));
    }

    /// <summary>Whole numbers in [low, high): <c>jax.random.randint</c> with JAX's 32-bit integers.</summary>
    /// <param name="shape">The shape; <c>[]</c> is a scalar.</param>
    /// <param name="low">The least, within 32 signed bits.</param>
    /// <param name="high">One more than the greatest, within 32 signed bits.</param>
    /// <returns>int64, libtorch's dtype of indices.</returns>
    /// <exception cref="ArgumentException">A negative or too large shape, or an empty or too wide range.</exception>
    public Tensor RandInt(long[] shape, long low, long high)
    {
        if (low >= high || low < int.MinValue || high > int.MaxValue)
            throw new ArgumentException(
                $"The range is [{low}, {high}); one that is not empty and lies within 32 signed bits is wanted.");
        var count = Count(shape);
        var keys = Split();
        var (upper, lower) = (PrngStream.Words(keys[0], count), PrngStream.Words(keys[1], count));
        var span = (uint)(high - low);
        var multiplier = 65536 % span;
        multiplier = unchecked(multiplier * multiplier) % span;
        var values = new long[count];
        for (var i = 0; i < values.Length; i++)
            values[i] = low + unchecked(upper[i] % span * multiplier + lower[i] % span) % span;
        return Scope.Run(() => torch.tensor(values, shape));
    }

    /// <summary>A random order of 0 … n-1: <c>jax.random.permutation(key, n)</c>.</summary>
    /// <returns>int64, shape [n].</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is negative, or 2³¹ or more.</exception>
    public Tensor Permutation(long n)
    {
        var order = PrngShuffle.Order(this, Members(n));
        return Scope.Run(() => torch.tensor(order));
    }

    /// <summary>A tensor's rows (its first axis) in a random order: <c>jax.random.permutation(key, x)</c>.</summary>
    /// <exception cref="ArgumentException">A scalar.</exception>
    public Tensor Permutation(Tensor x) => Choice(x, Rows(x));

    /// <summary>
    /// Some of 0 … n-1, each at most once: <c>jax.random.choice(key, n, (count,), replace=False)</c>.
    /// </summary>
    /// <returns>int64, shape [count].</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative number, or more asked than there are.</exception>
    public Tensor Choice(long n, long count)
    {
        var members = Members(n);
        Guard.AtLeast(count, 0);
        if (count > n)
            throw new ArgumentOutOfRangeException(
                nameof(count), count, $"{count} different ones are asked for; there are {n}.");
        var order = PrngShuffle.Order(this, members);
        return Scope.Run(() => torch.tensor(order[..(int)count]));
    }

    /// <summary>Some rows of a tensor, each at most once: <c>jax.random.choice(key, x, (count,), replace=False)</c>.</summary>
    /// <returns>Shape [count, …], the dtype and device of <paramref name="x"/>.</returns>
    /// <exception cref="ArgumentException">A scalar, a negative number, or more rows asked than there are.</exception>
    public Tensor Choice(Tensor x, long count)
    {
        var key = this;
        var rows = Rows(x);
        return Scope.Run(() => x.index_select(0, key.Choice(rows, count).to(x.device)));
    }

    private static long Rows(Tensor x) =>
        Guard.Alive(x).dim() > 0
            ? x.shape[0]
            : throw new ArgumentException("x is a scalar; a tensor with at least one axis is wanted.", nameof(x));

    private static Tensor On(Device? device, Tensor tensor) => device is null ? tensor : tensor.to(device);

    // Checked before libtorch sees the shape. What passes through a .NET array holds fewer than 2³¹ elements.
    private static long Count(long[] shape, long limit = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var count = shape.Contains(0) ? 0 : shape.Aggregate(1d, (product, size) => product * size);
        return shape.All(size => size >= 0) && count < limit
            ? (long)count
            : throw new ArgumentOutOfRangeException(
                nameof(shape), $"[{string.Join(", ", shape)}]",
                $"No size may be negative, and fewer than {limit} elements are drawn at a time.");
    }

    // The legacy layout has 32-bit counters.
    private long FloatLimit => Layout == PrngLayout.Legacy ? uint.MaxValue : long.MaxValue / sizeof(float);

    private static int Members(long n) =>
        Guard.AtLeast(n, 0) < int.MaxValue
            ? (int)n
            : throw new ArgumentOutOfRangeException(nameof(n), n, "Fewer than 2³¹ - 1 are shuffled.");
}
