using System.IO.MemoryMappedFiles;
using Microsoft.CodeAnalysis;

namespace Engram.Notebooks;

/// <summary>
/// An assembly of this program's as a C# reference that is mapped, not read. A compiler looks at little of each, and
/// compiled ahead of time they are 150 MB.
/// </summary>
/// <remarks>A mapped file must not be cut short while it is in use, so this is not for what users build.</remarks>
internal static class MappedImage
{
    /// <summary>The reference.</summary>
    /// <param name="path">The full path of an assembly; it stays mapped as long as this process lives.</param>
    public static unsafe MetadataReference Reference(string path)
    {
        // The length of the file itself: FileInfo would tell that of a link to it.
        using var stream = File.OpenRead(path);
        var length = checked((int)stream.Length);
        var isWritten = Path.GetFileName(path) == Discards.Assembly;
        var access = isWritten ? MemoryMappedFileAccess.CopyOnWrite : MemoryMappedFileAccess.Read;
        using var file = MemoryMappedFile.CreateFromFile(
            stream, mapName: null, capacity: 0, access, HandleInheritability.None, leaveOpen: true);
        var view = file.CreateViewAccessor(0, length, access);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        if (isWritten)
            Discards.Free(start, length);
        var module = ModuleMetadata.CreateFromImage((nint)start, length);
        return Reference(AssemblyMetadata.Create(module), path);
    }

    /// <summary>A reference that does not say from which file it comes.</summary>
    /// <remarks>
    /// Of each file the compiler would write into the symbols of each cell which it was: with 200 references that is half
    /// of what it allocates for a small cell.
    /// </remarks>
    /// <param name="assembly">The assembly.</param>
    /// <param name="path">Its path, for whoever reads the reference.</param>
    public static MetadataReference Reference(AssemblyMetadata assembly, string path) =>
        assembly.GetReference(filePath: null, display: path);
}
