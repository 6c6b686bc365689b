using TorchSharp.Modules;

namespace Engram;

/// <summary>
/// The attention synapse, E = −Σₕ Σ_q (1/β) log Σₖ exp(β Kₕₖ · Q_hq): queries and keys are linear in the activations of two
/// layers of tokens, and the descent of the queries' layer looks like attention.
/// </summary>
/// <remarks>
/// Between a layer and itself it is self-attention, which excludes a token's own key where asked. Source: B. Hoover and
/// others, "Energy Transformer" (NeurIPS 2023), equation 1; HAMUX's <c>AttentionSynapse</c>.
/// </remarks>
public sealed class AttentionSynapse : Hypersynapse
{
    private const string QueryName = "query", KeyName = "key";

    // Far enough that its exponential is 0, near enough that its product with β stays finite.
    private const double Excluded = -1e30;

    private readonly SoftmaxLagrangian _softmax;

    /// <summary>A synapse with small random weights, 0.02 z.</summary>
    /// <param name="key">The key from which the standard normal z are drawn.</param>
    /// <param name="queries">The shape of the layer that asks, [tokens, size].</param>
    /// <param name="keys">The shape of the layer that is asked, [tokens, size].</param>
    /// <param name="options">Heads, their size, β; defaults where null.</param>
    /// <exception cref="ArgumentException">A shape is not [tokens, size], or an option does not fit.</exception>
    public AttentionSynapse(PrngKey key, long[] queries, long[] keys, AttentionOptions? options = null)
        : base(nameof(AttentionSynapse), [Tokens(queries), Tokens(keys)])
    {
        Options = (options ?? new AttentionOptions()).Check(queries, keys);
        _softmax = new SoftmaxLagrangian(Options.InverseTemperature ?? 1 / Math.Sqrt(Options.HeadSize));
        register_module("softmax", _softmax);
        var split = key.Split();
        using var query = Small(split[0], [Options.Heads, queries[1], Options.HeadSize]);
        using var asked = Small(split[1], [Options.Heads, keys[1], Options.HeadSize]);
        Learn(QueryName, query);
        Learn(KeyName, asked);
    }

    /// <summary>Heads, their size, whether tokens see themselves.</summary>
    public AttentionOptions Options { get; }

    /// <summary>The weights of the queries, [heads, size, head size]; saved as <c>query</c>.</summary>
    public Parameter Query => get_parameter(QueryName)!;

    /// <summary>The weights of the keys, [heads, size, head size]; saved as <c>key</c>.</summary>
    public Parameter Key => get_parameter(KeyName)!;

    /// <summary>The learnable inverse temperature β; saved as <c>softmax.beta</c>.</summary>
    public Parameter InverseTemperature => _softmax.InverseTemperature;

    /// <summary>The energy −Σₕ Σ_q (1/β) log Σₖ exp(β Kₕₖ · Q_hq).</summary>
    /// <param name="input">The activations of both layers, [...batch, tokens, size].</param>
    /// <returns>[...batch].</returns>
    /// <exception cref="ArgumentException">An activation does not have its layer's shape.</exception>
    public override Tensor forward(Tensor[] input) => Scope.Run(() =>
    {
        var flat = Flat(input);
        var queries = Heads(flat[0], 0, Query);
        var keys = Heads(flat[1], 1, Key);
        var alignment = queries.matmul(keys.transpose(-1, -2));
        if (Options.ExcludeSelf)
            alignment = alignment.masked_fill(torch.eye(alignment.shape[^1], device: alignment.device).to(ScalarType.Bool), Excluded);
        return -_softmax.Terms(alignment).sum([-1, -2]);
    });

    // [...batch, tokens · size] to [...batch, heads, tokens, head size].
    private Tensor Heads(Tensor flat, int layer, Tensor weight) =>
        flat.reshape([.. flat.shape[..^1], 1, .. LayerShapes![layer]]).matmul(weight);

    private static long[] Tokens(long[] shape) =>
        shape is { Length: 2 }
            ? shape
            : throw new ArgumentException(
                $"A layer of tokens has shape [{string.Join(", ", shape ?? [])}]; [tokens, size] is wanted.", nameof(shape));
}
