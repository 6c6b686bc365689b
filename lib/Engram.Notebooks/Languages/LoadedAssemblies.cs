using System.Collections.Concurrent;
using Mono.Cecil;

namespace Engram.Notebooks;

/// <summary>
/// Finds what compiled cells refer to: other cells, and what the process has loaded. Cecil asks for it where a constant
/// is of an enum, for the enum's size.
/// </summary>
internal sealed class LoadedAssemblies : IAssemblyResolver
{
    private readonly ConcurrentDictionary<string, Lazy<AssemblyDefinition>> known = new(StringComparer.OrdinalIgnoreCase);

    private LoadedAssemblies()
    {
    }

    /// <summary>The one of this process.</summary>
    public static LoadedAssemblies Instance { get; } = new();

    /// <summary>Keeps a cell's assembly, which lies in no file.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="code">The assembly.</param>
    public void Keep(string name, byte[] code) =>
        known[name] = new(() => AssemblyDefinition.ReadAssembly(new MemoryStream(code), Parameters));

    /// <inheritdoc/>
    public AssemblyDefinition Resolve(AssemblyNameReference name)
    {
        if (known.TryGetValue(name.Name, out var found))
            return found.Value;
        var path = AppDomain.CurrentDomain.GetAssemblies()
            .FirstOrDefault(each => !each.IsDynamic && each.Location.Length > 0
                && string.Equals(each.GetName().Name, name.Name, StringComparison.OrdinalIgnoreCase))?.Location
            ?? throw new AssemblyResolutionException(name);
        return known.GetOrAdd(name.Name, new Lazy<AssemblyDefinition>(() => AssemblyDefinition.ReadAssembly(path, Parameters))).Value;
    }

    /// <inheritdoc/>
    public AssemblyDefinition Resolve(AssemblyNameReference name, ReaderParameters parameters) => Resolve(name);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private ReaderParameters Parameters => new() { AssemblyResolver = this };
}
