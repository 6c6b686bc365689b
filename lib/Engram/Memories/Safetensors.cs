using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Engram;

/// <summary>What a safetensors file holds: tensors by name, and text by name.</summary>
internal sealed record SafetensorsContent(
    IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata);

/// <summary>
/// Files in the safetensors format: 8 bytes for the header's length, a JSON header, the tensors' bytes, all little
/// endian. The metadata carry a SHA-256 digest over names, shapes, metadata and bytes, so that damage is found.
/// </summary>
internal static class Safetensors
{
    private const string MetadataName = "__metadata__";
    private const string DigestName = "sha256";
    private const long LongestHeader = 1 << 24;
    private const long Piece = 1 << 22;

    private static readonly (string Name, ScalarType Type, int Size)[] Types =
        [("F32", ScalarType.Float32, 4), ("F64", ScalarType.Float64, 8)];

    private readonly record struct Entry(string Name, string Type, long[] Shape, long Begin, long End)
    {
        public string Text => $"{Name} {Type} [{string.Join(",", Shape)}] {Begin} {End}\n";
    }

    /// <summary>Writes a file under a temporary name beside it, and moves it when all is on disk.</summary>
    public static void Write(string path, SafetensorsContent content)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var full = Path.GetFullPath(path);
        var temporary = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Path.GetRandomFileName()}");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                WriteAll(stream, content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Reads a file and checks it.</summary>
    /// <exception cref="InvalidDataException">Not such a file, truncated, or damaged.</exception>
    public static SafetensorsContent Read(string path)
    {
        using var stream = File.OpenRead(path);
        try
        {
            return ReadAll(stream);
        }
        catch (Exception e) when (e is EndOfStreamException or JsonException or InvalidDataException
            or FormatException or KeyNotFoundException or InvalidOperationException or OverflowException)
        {
            var problem = e is EndOfStreamException ? "it is truncated." : e.Message;
            throw new InvalidDataException($"{path} cannot be read: {problem}", e);
        }
    }

    private static void WriteAll(Stream stream, SafetensorsContent content)
    {
        var entries = Layout(content.Tensors);
        using var hash = Digest(entries, content.Metadata);
        foreach (var entry in entries) Pieces(content.Tensors[entry.Name], piece => hash.AppendData(piece.bytes));
        var metadata = new SortedDictionary<string, string>(content.Metadata.ToDictionary(), StringComparer.Ordinal)
        {
            [DigestName] = Convert.ToHexStringLower(hash.GetHashAndReset()),
        };
        var header = Header(entries, metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var entry in entries) Pieces(content.Tensors[entry.Name], piece => stream.Write(piece.bytes));
    }

    private static List<Entry> Layout(IReadOnlyDictionary<string, Tensor> tensors)
    {
        var entries = new List<Entry>();
        long at = 0;
        foreach (var (name, tensor) in tensors.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            var type = Types.First(t => t.Type == tensor.dtype);
            var end = at + tensor.numel() * type.Size;
            entries.Add(new Entry(name, type.Name, tensor.shape, at, end));
            at = end;
        }

        return entries;
    }

    private static byte[] Header(List<Entry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        var header = new Dictionary<string, object> { [MetadataName] = metadata };
        foreach (var entry in entries)
            header[entry.Name] = new { dtype = entry.Type, shape = entry.Shape, data_offsets = new[] { entry.Begin, entry.End } };
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        // The format asks for spaces up to a multiple of 8, so that the tensors are aligned.
        return [.. json, .. Enumerable.Repeat((byte)' ', -json.Length & 7)];
    }

    private static IncrementalHash Digest(IEnumerable<Entry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, value) in metadata.Where(m => m.Key != DigestName).OrderBy(m => m.Key, StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}={value}\n"));
        foreach (var entry in entries) hash.AppendData(Encoding.UTF8.GetBytes(entry.Text));
        return hash;
    }

    private static SafetensorsContent ReadAll(Stream stream)
    {
        var (entries, metadata) = ReadHeader(stream);
        using var hash = Digest(entries, metadata);
        var tensors = new Dictionary<string, Tensor>();
        using var scope = NewDisposeScope();
        foreach (var entry in entries)
        {
            var tensor = empty(entry.Shape, Types.First(t => t.Name == entry.Type).Type);
            Pieces(tensor, piece =>
            {
                stream.ReadExactly(piece.bytes);
                hash.AppendData(piece.bytes);
            });
            tensors[entry.Name] = tensor;
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != metadata.GetValueOrDefault(DigestName))
            throw new InvalidDataException("its digest does not fit its content; it is damaged.");
        foreach (var tensor in tensors.Values) scope.MoveToOuter(tensor);
        return new SafetensorsContent(tensors, metadata);
    }

    private static (List<Entry> Entries, Dictionary<string, string> Metadata) ReadHeader(Stream stream)
    {
        Span<byte> prefix = stackalloc byte[8];
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length is < 2 or > LongestHeader || length > stream.Length - 8)
            throw new InvalidDataException("it is truncated, or no safetensors file.");
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        using var json = JsonDocument.Parse(bytes);
        var metadata = new Dictionary<string, string>();
        var entries = new List<Entry>();
        foreach (var property in json.RootElement.EnumerateObject())
            if (property.Name == MetadataName)
                foreach (var text in property.Value.EnumerateObject()) metadata[text.Name] = text.Value.GetString()!;
            else
                entries.Add(ReadEntry(property));
        entries.Sort((a, b) => a.Begin.CompareTo(b.Begin));
        CheckLayout(entries, stream.Length - 8 - length);
        return (entries, metadata);
    }

    private static Entry ReadEntry(JsonProperty property)
    {
        var shape = property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var offsets = property.Value.GetProperty("data_offsets").EnumerateArray().Select(at => at.GetInt64()).ToArray();
        var type = property.Value.GetProperty("dtype").GetString()!;
        var size = Types.FirstOrDefault(t => t.Name == type).Size;
        if (size == 0) throw new InvalidDataException($"{property.Name} has dtype {type}; F32 or F64 is wanted.");
        if (offsets.Length != 2 || shape.Any(s => s < 0)
            || checked(shape.Aggregate(1L, (a, b) => a * b) * size) != offsets[1] - offsets[0])
            throw new InvalidDataException($"the shape of {property.Name} does not fit its bytes.");
        return new Entry(property.Name, type, shape, offsets[0], offsets[1]);
    }

    private static void CheckLayout(List<Entry> entries, long bytes)
    {
        long at = 0;
        foreach (var entry in entries)
        {
            if (entry.Begin != at) throw new InvalidDataException($"the bytes of {entry.Name} leave a hole or overlap.");
            at = entry.End;
        }

        if (at != bytes) throw new InvalidDataException($"its tensors have {at} bytes; it holds {bytes}: it is truncated or too long.");
    }

    // A span holds at most 2 GiB, so a tensor goes by in pieces.
    private static void Pieces(Tensor tensor, Action<Tensor> use)
    {
        using var scope = NewDisposeScope();
        var flat = tensor.cpu().contiguous().flatten();
        foreach (var (from, count) in Blocks.Of(flat.numel(), Piece)) use(flat.narrow(0, from, count));
    }
}
