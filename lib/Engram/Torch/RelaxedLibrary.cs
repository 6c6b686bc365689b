using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Engram;

/// <summary>
/// A copy of an ELF library in which one required symbol version is marked weak, so that an older libstdc++ is
/// accepted by the dynamic loader.
/// </summary>
/// <remarks>
/// TorchSharp's bridge asks for <c>GLIBCXX_3.4.32</c>, which only <c>_ZSt21ios_base_library_initv</c> carries, and
/// nothing relocates against that symbol: the request is the only thing that an older libstdc++ cannot meet.
/// </remarks>
internal static class RelaxedLibrary
{
    private const string Version = "GLIBCXX_3.4.32";
    private const ushort Weak = 2;                 // VER_FLG_WEAK
    private const ulong DtStrTab = 5, DtVerNeed = 0x6ffffffe, DtVerNeedNum = 0x6fffffff;
    private const uint PtLoad = 1, PtDynamic = 2;

    /// <summary>The path of the relaxed copy in the user's cache; made on the first call for that original.</summary>
    public static string CopyOf(string original)
    {
        var bytes = File.ReadAllBytes(original);
        var folder = Path.Combine(CacheFolder, Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
        var copy = Path.Combine(folder, Path.GetFileName(original));
        if (File.Exists(copy)) return copy;

        Relax(bytes);
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, Path.GetRandomFileName());
        File.WriteAllBytes(temporary, bytes);
        File.Move(temporary, copy, overwrite: true);
        return copy;
    }

    /// <summary>Marks the version request weak, in place.</summary>
    /// <returns>The number of requests marked.</returns>
    /// <exception cref="BadImageFormatException">Not a 64-bit little-endian ELF file.</exception>
    public static int Relax(Span<byte> elf)
    {
        if (elf.Length < 64 || !elf[..6].SequenceEqual(new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1 }))
            throw new BadImageFormatException("Not a 64-bit little-endian ELF file.");

        var dynamic = Dynamic(elf);
        if (!dynamic.TryGetValue(DtVerNeed, out var needs)) return 0;
        var strings = FileOffset(elf, dynamic[DtStrTab]);
        var entry = FileOffset(elf, needs);
        var marked = 0;
        for (ulong i = 0; i < dynamic[DtVerNeedNum]; i++)
        {
            var request = entry + (int)U32(elf, entry + 8);
            for (var k = U16(elf, entry + 2); k > 0; k--)
            {
                if (Text(elf, strings + (int)U32(elf, request + 8)) == Version)
                {
                    var flags = elf.Slice(request + 4, 2);
                    BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(U16(elf, request + 4) | Weak));
                    marked++;
                }

                request += (int)U32(elf, request + 12);
            }

            entry += (int)U32(elf, entry + 12);
        }

        return marked;
    }

    private static string CacheFolder => Path.Combine(
        Environment.GetFolderPath(
            OperatingSystem.IsWindows() ? Environment.SpecialFolder.LocalApplicationData : Environment.SpecialFolder.UserProfile),
        ".cache", "engram", "native");

    private static Dictionary<ulong, ulong> Dynamic(ReadOnlySpan<byte> elf)
    {
        var entries = new Dictionary<ulong, ulong>();
        foreach (var (type, offset, _, size) in Segments(elf))
            if (type == PtDynamic)
                for (var at = (int)offset; at < (int)(offset + size); at += 16)
                    entries.TryAdd(U64(elf, at), U64(elf, at + 8));
        return entries;
    }

    private static int FileOffset(ReadOnlySpan<byte> elf, ulong address)
    {
        foreach (var (type, offset, start, size) in Segments(elf))
            if (type == PtLoad && address >= start && address < start + size)
                return (int)(address - start + offset);
        throw new BadImageFormatException($"No segment of the ELF file holds the address {address:x}.");
    }

    private static List<(uint Type, ulong Offset, ulong Address, ulong Size)> Segments(ReadOnlySpan<byte> elf)
    {
        var (table, width, count) = ((int)U64(elf, 32), U16(elf, 54), U16(elf, 56));
        var segments = new List<(uint, ulong, ulong, ulong)>(count);
        for (var i = 0; i < count; i++)
        {
            var at = table + i * width;
            segments.Add((U32(elf, at), U64(elf, at + 8), U64(elf, at + 16), U64(elf, at + 32)));
        }

        return segments;
    }

    private static string Text(ReadOnlySpan<byte> elf, int at) =>
        Encoding.ASCII.GetString(elf.Slice(at, elf[at..].IndexOf((byte)0)));

    private static ushort U16(ReadOnlySpan<byte> b, int at) => BinaryPrimitives.ReadUInt16LittleEndian(b[at..]);

    private static uint U32(ReadOnlySpan<byte> b, int at) => BinaryPrimitives.ReadUInt32LittleEndian(b[at..]);

    private static ulong U64(ReadOnlySpan<byte> b, int at) => BinaryPrimitives.ReadUInt64LittleEndian(b[at..]);
}
