namespace Engram.Notebooks;

/// <summary>Finds packages by name and brings them to this machine.</summary>
public interface IPackageResolver
{
    /// <summary>Restores a package with all that it needs.</summary>
    /// <param name="references">The packages, such as <c>Name, 1.2.3</c> or <c>Name</c>.</param>
    /// <param name="sources">Further package sources, as <c>#i</c> gave them.</param>
    /// <returns>The assemblies to reference and the folders of the packages.</returns>
    /// <exception cref="InvalidOperationException">A package could not be found or reached.</exception>
    ResolvedPackages Resolve(IReadOnlyList<string> references, IReadOnlyList<string> sources);
}

/// <summary>What a restore brought.</summary>
/// <param name="Assemblies">Full paths of the assemblies to reference.</param>
/// <param name="Folders">Full paths of the packages' folders.</param>
public sealed record ResolvedPackages(IReadOnlyList<string> Assemblies, IReadOnlyList<string> Folders);
