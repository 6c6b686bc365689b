using Microsoft.CodeAnalysis;

namespace Engram.Notebooks;

/// <summary>What C# cells may name: the program's own assemblies, and those that were referenced.</summary>
internal sealed class CSharpReferences
{
    private static readonly Lazy<IReadOnlyList<MetadataReference>> Host = new(() =>
        [.. HostAssemblies.All.Select(MappedImage.Reference)]);

    private readonly Dictionary<string, MetadataReference> added = new(StringComparer.Ordinal);
    private IReadOnlyList<MetadataReference>? all;

    /// <summary>All references.</summary>
    public IReadOnlyList<MetadataReference> All => all ??= [.. Host.Value, .. added.Values];

    /// <summary>Adds assemblies.</summary>
    /// <param name="paths">Their full paths.</param>
    public void Add(IEnumerable<string> paths)
    {
        foreach (var path in paths.Except(HostAssemblies.All))
        {
            if (added.TryAdd(path, MappedImage.Reference(AssemblyMetadata.CreateFromFile(path), path)))
                all = null;
        }
    }
}
