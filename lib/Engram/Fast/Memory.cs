using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Engram;

/// <summary>Numbers of a tensor on the CPU by address.</summary>
internal static unsafe class Memory
{
    /// <summary>The address of the first number of a contiguous tensor; keep the tensor alive while it is used.</summary>
    public static T* Of<T>(Tensor tensor)
        where T : unmanaged
    {
        if (tensor.numel() == 0) return null;
        // A span holds at most 2 GiB, and one number is enough to learn the address; but views take their time.
        if (tensor.numel() <= int.MaxValue / sizeof(T)) return (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
        using var flat = tensor.flatten();
        using var first = flat.narrow(0, 0, 1);
        return (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }

    /// <summary>The dtype of a number.</summary>
    public static ScalarType DType<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.Float64;
}

/// <summary>Aligned working memory, zero at first unless that does not matter.</summary>
internal sealed unsafe class Scratch<T> : IDisposable
    where T : unmanaged
{
    /// <summary>Room for so many numbers.</summary>
    public Scratch(long count, bool clear = true)
    {
        Length = checked((nuint)Math.Max(1, count) * (nuint)sizeof(T));
        Start = (T*)NativeMemory.AlignedAlloc(Length, 64);
        if (clear) Clear();
    }

    /// <summary>The first number.</summary>
    public T* Start { get; }

    private nuint Length { get; }

    /// <summary>Sets all to zero.</summary>
    public void Clear() => NativeMemory.Clear(Start, Length);

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.AlignedFree(Start);
}
