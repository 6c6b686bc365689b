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
        return AssemblyMetadata.Create(module).GetReference(filePath: path, display: path);
    }
}
