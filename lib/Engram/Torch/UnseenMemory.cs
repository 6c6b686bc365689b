namespace Engram;

/// <summary>
/// Tells the garbage collector what tensors take that live until it comes: of their numbers, on whatever device, it sees
/// nothing, and it would let a loop that makes new ones fill the device first.
/// </summary>
/// <remarks>
/// Told, it still comes as seldom as after 25 GB, more than many devices have. So it is called for once there is more
/// than <see cref="Limit"/>, or twice what lived on the last time.
/// </remarks>
internal sealed class UnseenMemory
{
    private static long s_alive;
    private static long s_afterCollection;

    private readonly long _bytes;

    /// <summary>The memory of tensors, until this is collected, as they are.</summary>
    /// <param name="tensors">Tensors with memory of their own.</param>
    public UnseenMemory(params ReadOnlySpan<Tensor> tensors)
    {
        foreach (var tensor in tensors) _bytes += tensor.numel() * tensor.ElementSize;
        if (_bytes == 0) return;
        GC.AddMemoryPressure(_bytes);
        if (Interlocked.Add(ref s_alive, _bytes) > Most) Collect();
    }

    ~UnseenMemory()
    {
        if (_bytes == 0) return;
        GC.RemoveMemoryPressure(_bytes);
        Interlocked.Add(ref s_alive, -_bytes);
    }

    /// <summary>How many bytes may live unseen before the collector is called for, 2 GiB.</summary>
    public static long Limit { get; set; } = 1L << 31;

    /// <summary>How many bytes live unseen.</summary>
    public static long Alive => Interlocked.Read(ref s_alive);

    private static long Most => Math.Max(Limit, 2 * Interlocked.Read(ref s_afterCollection));

    // What a loop makes dies young, and to look through the young takes a fraction of the time that all would take.
    private static void Collect()
    {
        Collect(0);
        if (Alive > Most / 2) Collect(GC.MaxGeneration);
        Interlocked.Exchange(ref s_afterCollection, Alive);
    }

    private static void Collect(int generation)
    {
        GC.Collect(generation);
        GC.WaitForPendingFinalizers();
    }
}
