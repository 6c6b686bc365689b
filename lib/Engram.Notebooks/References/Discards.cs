using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Engram.Notebooks;

/// <summary>
/// C#'s discards: <c>_ = Work();</c>, <c>out _</c>. Among the tags that .NET Interactive opens for each cell is one named
/// <c>_</c>, and where that is a name, it is no discard.
/// </summary>
internal static class Discards
{
    private const string Tags = "PocketViewTags", Getter = "get__";

    /// <summary>Behind the code's address and what kind of code it is (ECMA-335, II.22.26).</summary>
    private const int OffsetOfFlags = 6;

    /// <summary>The file name of the assembly that has the tags.</summary>
    public static string Assembly => "Microsoft.DotNet.Interactive.Formatting.dll";

    /// <summary>Hides the tag from a compiler.</summary>
    /// <param name="image">The assembly's file, mapped for writing that reaches no file.</param>
    /// <param name="length">Its length, bytes.</param>
    public static unsafe void Free(byte* image, int length)
    {
        using var file = new PEReader(image, length);
        var metadata = file.GetMetadataReader();
        if (FindGetter(metadata) is not { IsNil: false } getter)
            return;
        var row = file.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(TableIndex.MethodDef)
            + (metadata.GetTableRowSize(TableIndex.MethodDef) * (MetadataTokens.GetRowNumber(getter) - 1));
        var flags = (ushort*)(image + row + OffsetOfFlags);
        *flags = (ushort)((*flags & ~(ushort)MethodAttributes.MemberAccessMask) | (ushort)MethodAttributes.Private);
    }

    private static MethodDefinitionHandle FindGetter(MetadataReader metadata) => (
        from type in metadata.TypeDefinitions.Select(metadata.GetTypeDefinition)
        where metadata.StringComparer.Equals(type.Name, Tags)
        from method in type.GetMethods()
        where metadata.StringComparer.Equals(metadata.GetMethodDefinition(method).Name, Getter)
        select method).FirstOrDefault();
}
