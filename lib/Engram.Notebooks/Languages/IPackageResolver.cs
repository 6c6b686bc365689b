namespace Engram.Notebooks;

/// <summary>Finds packages by name and brings them to this machine.</summary>
public interface IPackageResolver
{
    /// <summary>Restores a package with all that it needs.</summary>
    /// <param name="references">The packages, such as <c>Name, 1.2.3</c> or <c>Name</c>.</param>
    /// <param name="sources">Further package sources, as <c>#i</c> gave them.</param>
    /// <returns>The assemblies to reference and the folders of the packages.</returns>
    /// <exception cref="PackageSourceException">Some of the further sources could not be reached.</exception>
    /// <exception cref="InvalidOperationException">A package could not be found or reached.</exception>
    ResolvedPackages Resolve(IReadOnlyList<string> references, IReadOnlyList<string> sources);
}

/// <summary>What a restore brought.</summary>
/// <param name="Assemblies">Full paths of the assemblies to reference.</param>
/// <param name="Folders">Full paths of the packages' folders.</param>
public sealed record ResolvedPackages(IReadOnlyList<string> Assemblies, IReadOnlyList<string> Folders);

/// <summary>Package sources could not be reached.</summary>
/// <param name="message">What happened.</param>
/// <param name="sources">Those of <see cref="IPackageResolver.Resolve"/>'s further sources that are to blame.</param>
public sealed class PackageSourceException(string message, IReadOnlyList<string> sources) : Exception(message)
{
    /// <summary>Those of the further sources that are to blame.</summary>
    public IReadOnlyList<string> Sources { get; } = sources;
}
