using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Engram;

/// <summary>A matrix in memory, with any strides.</summary>
internal readonly unsafe struct MatrixView<T>
    where T : unmanaged
{
    /// <summary>A view of a tensor of two dimensions; keep the tensor alive while it is used.</summary>
    public MatrixView(Tensor matrix)
    {
        (Rows, Columns) = (checked((int)matrix.shape[0]), checked((int)matrix.shape[1]));
        (Row, Column) = (matrix.stride(0), matrix.stride(1));
        if (matrix.numel() == 0) return;
        using var row = matrix.narrow(0, 0, 1);
        using var first = row.narrow(1, 0, 1);
        Start = (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }

    public T* Start { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>From one row to the next.</summary>
    public long Row { get; }

    /// <summary>From one column to the next.</summary>
    public long Column { get; }

    public T* this[long row, long column] => Start + row * Row + column * Column;
}
