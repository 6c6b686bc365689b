namespace Engram;

/// <summary>
/// The distributed memory T = Σ_μ Φ(ξ^μ): a sum, so that memories come and go one at a time or in streams, and two
/// memories merge by addition. Its size is that of the feature map, whatever the number of memories.
/// </summary>
/// <remarks>
/// The sum is kept in float64: adding and forgetting the same memories leaves what was there, to some 1e-16 of its
/// largest value. It owns its sum, not the feature map. Use one from one thread at a time.
/// </remarks>
public sealed class DistributedMemory : IDisposable
{
    private const long Chunk = 4096;
    private readonly Tensor _sum;

    /// <summary>An empty memory.</summary>
    /// <param name="featureMap">Φ.</param>
    public DistributedMemory(IFeatureMap featureMap)
        : this(featureMap, Zeros(featureMap), 0)
    {
    }

    internal DistributedMemory(IFeatureMap featureMap, Tensor sum, long count)
    {
        FeatureMap = featureMap;
        _sum = sum.DetachFromDisposeScope();
        Count = count;
    }

    /// <summary>Φ, the feature map.</summary>
    public IFeatureMap FeatureMap { get; }

    /// <summary>How many memories it holds: added less forgotten.</summary>
    public long Count { get; private set; }

    /// <summary>The sum, float64, [F].</summary>
    internal Tensor Accumulator => _sum;

    /// <summary>Adds one memory or many.</summary>
    /// <param name="memories">Shape [D] or [M, D].</param>
    /// <exception cref="ArgumentException">Wrong D, dtype or device, or NaN or infinite values; nothing is added then.</exception>
    public void Add(Tensor memories) => Accumulate(memories, 1);

    /// <summary>Adds a stream of memories chunk by chunk; no more than one chunk is held.</summary>
    /// <param name="chunks">Tensors of shape [D] or [M, D]; they stay the caller's.</param>
    /// <param name="cancellation">Stops between two chunks; what was added stays.</param>
    /// <exception cref="ArgumentException">As for <see cref="Add"/>; the chunks before stay added.</exception>
    public void AddAll(IEnumerable<Tensor> chunks, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        cancellation = EngramOptions.CancellationOr(cancellation);
        foreach (var chunk in chunks)
        {
            cancellation.ThrowIfCancellationRequested();
            Add(chunk);
        }
    }

    /// <summary>Forgets one memory or many: takes away what <see cref="Add"/> of the same ones added.</summary>
    /// <param name="memories">Shape [D] or [M, D]. T does not know its memories: ones that were never added leave a trace.</param>
    /// <exception cref="InvalidOperationException">There are fewer memories than that.</exception>
    /// <exception cref="ArgumentException">As for <see cref="Add"/>.</exception>
    public void Forget(Tensor memories) => Accumulate(memories, -1);

    /// <summary>Two memories in one.</summary>
    /// <param name="first">A memory.</param>
    /// <param name="second">A memory of the same feature map: the same kind, β and frequencies.</param>
    /// <returns>A new memory; the two stay as they are.</returns>
    /// <exception cref="ArgumentException">The feature maps differ.</exception>
    public static DistributedMemory Merge(DistributedMemory first, DistributedMemory second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (!SameMap.Of(first.FeatureMap, second.FeatureMap))
            throw new ArgumentException(
                "The two memories have different feature maps; the same kind, β and frequencies are wanted.", nameof(second));
        return new DistributedMemory(
            first.FeatureMap, Scope.Run(() => first._sum + second._sum.to(first._sum.device)), first.Count + second.Count);
    }

    /// <summary>T as it is now, shape [F], in the feature map's dtype.</summary>
    /// <returns>A new tensor, which later changes of the memory do not touch.</returns>
    public Tensor ToTensor() => Scope.Run(() => _sum.to(FeatureMap.DType, copy: true));

    /// <summary>The energy of the memories as they are now.</summary>
    /// <param name="clip">ε, the least kernel sum.</param>
    public DistributedEnergy ToEnergy(double clip = 1e-10) => new(FeatureMap, ToTensor(), clip);

    /// <summary>Writes the memory to a safetensors file; a file of that name is replaced only when all is written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fromKey">
    /// Write the key of the frequencies instead of the frequencies: a small file, for maps whose
    /// <see cref="RandomFeatures.Origin"/> is known.
    /// </param>
    /// <exception cref="NotSupportedException">The feature map is a user's own.</exception>
    /// <exception cref="InvalidOperationException">The key is asked for, and the map does not know it.</exception>
    public void Save(string path, bool fromKey = false) => DistributedMemoryFile.Write(path, this, fromKey);

    /// <summary>Reads a memory that <see cref="Save"/> wrote, with its feature map.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where it goes; the CPU by default.</param>
    /// <exception cref="InvalidDataException">No such file format, another version, or a truncated or damaged file.</exception>
    public static DistributedMemory Load(string path, Device? device = null) => DistributedMemoryFile.Read(path, device ?? CPU);

    /// <inheritdoc/>
    public void Dispose() => _sum.Dispose();

    private void Accumulate(Tensor memories, int sign)
    {
        Guard.Vectors(memories, FeatureMap.Dimension);
        if (memories.dim() > 2)
            throw new ArgumentException($"memories has shape {Guard.Shape(memories)}; [D] or [M, D] is wanted.", nameof(memories));
        if (memories.dtype != FeatureMap.DType || memories.device_type != FeatureMap.Device.type)
            throw new ArgumentException(
                $"memories is {memories.dtype} on {memories.device}; {FeatureMap.DType} on {FeatureMap.Device} is wanted.",
                nameof(memories));
        var count = memories.dim() == 1 ? 1 : memories.shape[0];
        if (Count + sign * count < 0)
            throw new InvalidOperationException($"{count} memories are to be forgotten; there are {Count}.");

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var rows = memories.reshape(-1, FeatureMap.Dimension);
        foreach (var (from, length) in Blocks.Of(count, Chunk))
        {
            using var block = NewDisposeScope();
            var chunk = rows.narrow(0, from, length);
            if (FeatureMap is RandomFeatures known) known.AddRows(_sum, chunk, sign);
            else _sum.add_(FeatureMap.Sum(chunk).to(ScalarType.Float64), sign);
        }

        Count += sign * count;
    }

    private static Tensor Zeros(IFeatureMap featureMap)
    {
        ArgumentNullException.ThrowIfNull(featureMap);
        TorchNatives.Load();
        return zeros([featureMap.FeatureDimension], ScalarType.Float64, featureMap.Device);
    }
}
