using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Engram;

/// <summary>
/// Files in the IDX format of the MNIST family, plain or gzipped: two zero bytes, a type, the number of dimensions,
/// their big-endian sizes, and the elements. The file is streamed into the tensor's memory.
/// </summary>
public static class IdxFile
{
    // No deflated byte grows to more than 1,032, so a header that promises more is wrong.
    private const long GreatestExpansion = 1032;
    private const long Piece = 1 << 22;

    private readonly record struct ElementType(ScalarType Type, int Size);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; whether it is gzipped is seen from its first bytes, not from its name.</param>
    /// <returns>The file's shape; uint8, int8, int16, int32, float32 or float64 as the file says.</returns>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">Not such a file, truncated, too long, or damaged.</exception>
    public static Tensor Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var file = File.OpenRead(path);
        try
        {
            var isZipped = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
            file.Position = 0;
            if (!isZipped) return Read(file, file.Length);
            using var unzipped = new GZipStream(file, CompressionMode.Decompress);
            return Read(unzipped, file.Length * GreatestExpansion);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException(
                $"{path} is no whole IDX file: {e.Message}. Delete it and have it downloaded or copied again.", e);
        }
    }

    private static Tensor Read(Stream stream, long mostBytes)
    {
        var (type, shape) = ReadHeader(stream);
        var bytes = shape.Aggregate((double)type.Size, (product, size) => product * size);
        if (bytes > mostBytes)
            throw new InvalidDataException(
                $"its header promises {bytes:g15} bytes of shape [{string.Join(", ", shape)}], more than it can hold");
        TorchNatives.Load();
        using var scope = torch.NewDisposeScope();
        var tensor = torch.empty(shape, dtype: type.Type);
        var flat = tensor.view(-1);
        foreach (var (from, count) in Blocks.Of(flat.numel(), Piece / type.Size))
        {
            using var piece = flat.narrow(0, from, count);
            Fill(stream, piece.bytes);
            ToHostOrder(piece.bytes, type.Size);
        }

        return IsAtEnd(stream)
            ? scope.MoveToOuter(tensor)
            : throw new InvalidDataException($"it goes on after the {bytes:g15} bytes that its header promises");
    }

    private static (ElementType Type, long[] Shape) ReadHeader(Stream stream)
    {
        Span<byte> magic = stackalloc byte[4];
        Fill(stream, magic);
        ElementType? known = magic[2] switch
        {
            0x08 => new(ScalarType.Byte, 1),
            0x09 => new(ScalarType.Int8, 1),
            0x0b => new(ScalarType.Int16, 2),
            0x0c => new(ScalarType.Int32, 4),
            0x0d => new(ScalarType.Float32, 4),
            0x0e => new(ScalarType.Float64, 8),
            _ => null,
        };
        if (magic[0] != 0 || magic[1] != 0 || known is not { } type)
            throw new InvalidDataException($"its first bytes, {Convert.ToHexString(magic)}, are not IDX's");
        var shape = new long[magic[3]];
        Span<byte> size = stackalloc byte[4];
        foreach (ref var dimension in shape.AsSpan())
        {
            Fill(stream, size);
            dimension = BinaryPrimitives.ReadUInt32BigEndian(size);
        }

        return (type, shape);
    }

    private static void Fill(Stream stream, Span<byte> bytes)
    {
        if (ReadUpTo(stream, bytes) < bytes.Length) throw new InvalidDataException("it is truncated");
    }

    private static bool IsAtEnd(Stream stream)
    {
        Span<byte> one = stackalloc byte[1];
        return ReadUpTo(stream, one) == 0;
    }

    private static int ReadUpTo(Stream stream, Span<byte> bytes)
    {
        try
        {
            return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            // The framework's message speaks of archives.
            throw new InvalidDataException("its compressed bytes are damaged", e);
        }
    }

    private static void ToHostOrder(Span<byte> bytes, int size)
    {
        if (!BitConverter.IsLittleEndian) return;
        switch (size)
        {
            case 2:
                var shorts = MemoryMarshal.Cast<byte, short>(bytes);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                var ints = MemoryMarshal.Cast<byte, int>(bytes);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                var longs = MemoryMarshal.Cast<byte, long>(bytes);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }
}
