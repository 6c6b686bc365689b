using System.Buffers.Binary;
using System.Runtime.InteropServices;
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

    /// <summary>Loads the relaxed copy of a library; zero where that does not load either.</summary>
    /// <param name="original">The library's path.</param>
    public static IntPtr Load(string original)
    {
        var bytes = File.ReadAllBytes(original);
        var name = Path.Combine(Convert.ToHexStringLower(SHA256.HashData(bytes))[..16], Path.GetFileName(original));
        var copy = Path.Combine(CacheFolder, name);
        if (File.Exists(copy)) return TryLoad(copy);
        Relax(bytes);
        return TryWrite(copy, bytes) ? TryLoad(copy) : LoadOnce(Path.GetFileName(original), bytes);
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

    private static IntPtr TryLoad(string path) => NativeLibrary.TryLoad(path, out var handle) ? handle : IntPtr.Zero;

    private static bool TryWrite(string path, byte[] bytes)
    {
        try
        {
            var folder = Path.GetDirectoryName(path)!;
            Directory.CreateDirectory(folder);
            var temporary = Path.Combine(folder, Path.GetRandomFileName());
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Where there is no home to write to: a folder of this process alone, not needed once the library is loaded.
    private static IntPtr LoadOnce(string name, byte[] bytes)
    {
        var folder = Directory.CreateTempSubdirectory("engram-native-");
        try
        {
            var copy = Path.Combine(folder.FullName, name);
            File.WriteAllBytes(copy, bytes);
            return TryLoad(copy);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

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
