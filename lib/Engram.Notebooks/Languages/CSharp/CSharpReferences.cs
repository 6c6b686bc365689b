using Microsoft.CodeAnalysis;

namespace Engram.Notebooks;

/// <summary>What C# cells may name: the program's own assemblies, and those that were referenced.</summary>
/// <remarks>
/// For each cell the compiler goes through all that it sees, and most cells name little of it. So they see what declares
/// the namespaces that every cell opens, and what that speaks of; the rest when one needs it.
/// </remarks>
internal sealed class CSharpReferences
{
    private static readonly string[] Opened =
    [
        "System.Private.CoreLib", "System.Runtime", "netstandard", "System.Private.Uri", "System.Console", "System.Memory",
        "System.Collections", "System.Collections.Concurrent", "System.Collections.Immutable", "System.Collections.NonGeneric",
        "System.Collections.Specialized", "System.ComponentModel", "System.ComponentModel.Primitives", "System.ObjectModel",
        "System.Linq", "System.Linq.AsyncEnumerable", "System.Linq.Expressions", "System.Linq.Parallel", "System.Linq.Queryable",
        "System.Runtime.InteropServices", "System.Runtime.Numerics", "System.Text.Encoding.Extensions", "System.Text.RegularExpressions",
        "System.Threading", "System.Threading.Tasks.Parallel", "System.Threading.Thread", "Microsoft.CSharp",
        "Microsoft.AspNetCore.Html.Abstractions", "Microsoft.DotNet.Interactive.Formatting", "Engram.Notebooks",
    ];

    private static readonly Lazy<IReadOnlyList<MetadataReference>> HostEarly = new(() =>
        [.. HostAssemblies.All.Where(IsOpened).Select(MappedImage.Reference)]);

    private static readonly Lazy<IReadOnlyList<MetadataReference>> Host = new(() =>
        [.. HostEarly.Value, .. HostAssemblies.All.Where(path => !IsOpened(path)).Select(MappedImage.Reference)]);

    private readonly Dictionary<string, MetadataReference> added = new(StringComparer.Ordinal);
    private IReadOnlyList<MetadataReference>? all;

    /// <summary>What each cell sees; <see cref="All"/> begins with it.</summary>
    public IReadOnlyList<MetadataReference> Early => HostEarly.Value;

    /// <summary>All references.</summary>
    public IReadOnlyList<MetadataReference> All => all ??= [.. Host.Value, .. added.Values];

    /// <summary>Whether each cell is to see all: what was added may speak of anything.</summary>
    public bool AreSeen => added.Count > 0;

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

    private static bool IsOpened(string path) => Opened.Contains(Path.GetFileNameWithoutExtension(path), StringComparer.Ordinal);
}
