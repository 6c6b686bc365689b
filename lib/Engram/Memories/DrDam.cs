namespace Engram;

/// <summary>
/// A dense associative memory with distributed representation: any number of memories in one vector T of the size of
/// the feature map. Source: Hoover et al. 2024, "Dense associative memory through the lens of random features"; the
/// class <c>DrDAM</c> of distributed memory and its draft.
/// </summary>
/// <remarks>
/// With a key the features are sine and cosine of Gaussian frequencies, as in the source; any other feature map may be
/// given instead. A DrDAM that was made from a key owns its frequencies and disposes them.
/// </remarks>
public sealed class DrDam : IDisposable
{
    private readonly Tensor? _owned;

    /// <summary>The source's own: <c>DrDAM(key, D, Y, beta)</c>.</summary>
    /// <param name="key">The key of the frequencies, <c>jr.normal(key, (Y, D))</c>.</param>
    /// <param name="dimension">D, at least 1.</param>
    /// <param name="features">Y, at least 1; T has 2Y numbers.</param>
    /// <param name="inverseTemperature">β &gt; 0.</param>
    /// <param name="device">Where the frequencies go; the CPU by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1, or β that is not finite and positive.</exception>
    public DrDam(PrngKey key, long dimension, long features, double inverseTemperature, Device? device = null)
    {
        Guard.Positive(inverseTemperature);
        var origin = new FrequencyOrigin(key, FrequencyLaw.Gaussian, features, dimension);
        _owned = origin.Draw(device).DetachFromDisposeScope();
        FeatureMap = new SinCosFeatures(_owned, inverseTemperature) { Origin = origin };
    }

    /// <summary>A distributed memory on any feature map.</summary>
    /// <param name="featureMap">Φ; its β is the memory's.</param>
    public DrDam(IFeatureMap featureMap)
    {
        ArgumentNullException.ThrowIfNull(featureMap);
        FeatureMap = featureMap;
    }

    /// <summary>Φ, the feature map.</summary>
    public IFeatureMap FeatureMap { get; }

    /// <summary>D, the size of a memory.</summary>
    public long Dimension => FeatureMap.Dimension;

    /// <summary>Y, the number of frequencies.</summary>
    /// <exception cref="InvalidOperationException">The feature map is a user's own, without frequencies.</exception>
    public long FrequencyCount => Frequencies.shape[0];

    /// <summary>F, the size of T: 2Y for the source's map, which calls it <c>Tdim</c>.</summary>
    public long FeatureDimension => FeatureMap.FeatureDimension;

    /// <summary>β, the inverse temperature.</summary>
    public double InverseTemperature => FeatureMap.InverseTemperature;

    /// <summary>ω, the frequencies, shape [Y, D]: the source's <c>RF</c>.</summary>
    /// <exception cref="InvalidOperationException">The feature map is a user's own, without frequencies.</exception>
    public Tensor Frequencies =>
        (FeatureMap as RandomFeatures)?.Frequencies
        ?? throw new InvalidOperationException($"{FeatureMap.GetType().Name} is no map on random frequencies.");

    /// <summary>Φ(x): <c>phi</c>.</summary>
    /// <param name="x">Shape [..., D].</param>
    /// <returns>Shape [..., F].</returns>
    public Tensor Features(Tensor x) => FeatureMap.Map(x);

    /// <summary>The exact kernel κ(√β x, √β y): <c>sim</c>.</summary>
    /// <param name="x">Shape [..., D].</param>
    /// <param name="y">Shape [..., D]; leading dimensions broadcast.</param>
    /// <returns>Shape [...].</returns>
    public Tensor Similarity(Tensor x, Tensor y)
    {
        Guard.Vectors(x, Dimension);
        return RbfKernel.Value(x, y, InverseTemperature);
    }

    /// <summary>The approximate kernel ⟨Φ(x), Φ(y)⟩: <c>rf_approx_sim</c>, and <c>kernel_sim</c> in the draft.</summary>
    /// <param name="x">Shape [..., D].</param>
    /// <param name="y">Shape [..., D]; leading dimensions broadcast.</param>
    /// <returns>Shape [...].</returns>
    public Tensor ApproximateSimilarity(Tensor x, Tensor y)
    {
        Guard.Vectors(x, Dimension);
        Guard.Vectors(y, Dimension);
        Guard.Broadcast(y, x);
        return Scope.Run(() => (FeatureMap.Map(x) * FeatureMap.Map(y)).sum(-1));
    }

    /// <summary>The exact energy E(x; Ξ): <c>energy</c>.</summary>
    /// <param name="x">Shape [..., D].</param>
    /// <param name="memories">Ξ, shape [K, D].</param>
    /// <returns>Shape [...].</returns>
    public Tensor Energy(Tensor x, Tensor memories) => Scope.Run(() => Exact(memories).Value(x));

    /// <summary>
    /// The approximate energy Ẽ(x; T): <c>rf_approx_energy</c>, and <c>kernel_energy</c> in the draft.
    /// </summary>
    /// <param name="x">Shape [..., D].</param>
    /// <param name="memory">T, shape [F].</param>
    /// <param name="clip">ε, the least kernel sum.</param>
    /// <returns>Shape [...].</returns>
    public Tensor ApproximateEnergy(Tensor x, Tensor memory, double clip = 1e-10) => Approximate(memory, clip).Value(x);

    /// <summary>
    /// T = Σ_μ Φ(ξ^μ): <c>dist_memories</c>, and <c>kernelize_memories</c> in the draft. In blocks, so that many
    /// memories need no more room than few.
    /// </summary>
    /// <param name="memories">Ξ, shape [K, D], K ≥ 1.</param>
    /// <returns>T, shape [F].</returns>
    /// <exception cref="ArgumentException">No memory, a wrong shape or dtype, or NaN or infinite values.</exception>
    public Tensor Consolidate(Tensor memories)
    {
        using var memory = Remember(memories);
        return memory.ToTensor();
    }

    /// <summary>A distributed memory with these memories, to which others can be added.</summary>
    /// <param name="memories">Ξ, shape [K, D], K ≥ 1.</param>
    public DistributedMemory Remember(Tensor memories)
    {
        Guard.SomeRows(memories, Dimension);
        var memory = new DistributedMemory(FeatureMap);
        try
        {
            memory.Add(memories);
            return memory;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>The exact energy as a function to descend on.</summary>
    /// <param name="memories">Ξ, shape [K, D].</param>
    public LogSumExpEnergy Exact(Tensor memories)
    {
        Guard.Vectors(memories, Dimension);
        return new LogSumExpEnergy(memories, InverseTemperature);
    }

    /// <summary>The approximate energy as a function to descend on.</summary>
    /// <param name="memory">T, shape [F].</param>
    /// <param name="clip">ε, the least kernel sum.</param>
    public DistributedEnergy Approximate(Tensor memory, double clip = 1e-10) => new(FeatureMap, memory, clip);

    /// <summary>Descent on the exact energy: <c>energy_descent</c>, and <c>recall</c> in the draft.</summary>
    /// <param name="state">q, shape [..., D].</param>
    /// <param name="memories">Ξ, shape [K, D].</param>
    /// <param name="options">The source's class takes 1,000 steps of 0.1 where nothing else is said, and so does this.</param>
    /// <param name="cancellation">Stops the descent between two steps.</param>
    public Descent Descend(
        Tensor state, Tensor memories, DescentOptions? options = null, CancellationToken cancellation = default) =>
        EnergyDescent.Run(Exact(memories), state, options ?? Defaults, cancellation);

    /// <summary>
    /// Descent on the approximate energy: <c>rf_approx_energy_descent</c>, and <c>kernel_recall</c> in the draft.
    /// </summary>
    /// <param name="state">q, shape [..., D].</param>
    /// <param name="memory">T, shape [F].</param>
    /// <param name="options">1,000 steps of 0.1 where null.</param>
    /// <param name="cancellation">Stops the descent between two steps.</param>
    /// <param name="clip">ε, the least kernel sum.</param>
    public Descent ApproximateDescend(
        Tensor state, Tensor memory, DescentOptions? options = null, CancellationToken cancellation = default,
        double clip = 1e-10) =>
        EnergyDescent.Run(Approximate(memory, clip), state, options ?? Defaults, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _owned?.Dispose();

    private static DescentOptions Defaults => new() { Steps = 1000, StepSize = 0.1 };
}
