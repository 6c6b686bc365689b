namespace Engram;

/// <summary>
/// Tells the garbage collector what tensors take that live until it comes: of their numbers, on whatever device, it sees
/// nothing, and it would let a loop that makes new ones fill the device first.
/// </summary>
internal sealed class UnseenMemory
{
    private readonly long _bytes;

    /// <summary>The memory of tensors, until this is collected, as they are.</summary>
    /// <param name="tensors">Tensors with memory of their own.</param>
    public UnseenMemory(params ReadOnlySpan<Tensor> tensors)
    {
        foreach (var tensor in tensors) _bytes += tensor.numel() * tensor.ElementSize;
        if (_bytes > 0) GC.AddMemoryPressure(_bytes);
    }

    ~UnseenMemory()
    {
        if (_bytes > 0) GC.RemoveMemoryPressure(_bytes);
    }
}
