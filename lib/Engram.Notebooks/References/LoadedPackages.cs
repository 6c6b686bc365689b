using System.Collections.Concurrent;

namespace Engram.Notebooks;

/// <summary>The packages whose libraries this process has loaded, each in one version, whatever the engine.</summary>
internal static class LoadedPackages
{
    private static readonly ConcurrentDictionary<string, string> Versions = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The loaded version of a package.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The version, or null where it is not loaded.</returns>
    public static string? Find(string name) => Versions.GetValueOrDefault(name);

    /// <summary>The name of the package in a folder.</summary>
    /// <param name="folder">…/name/version.</param>
    public static string NameOf(string folder) => Path.GetFileName(Path.GetDirectoryName(folder)!);

    /// <summary>Takes up what a restore brought and what of it is loaded.</summary>
    /// <param name="folders">The packages' folders: …/name/version.</param>
    /// <returns>What stays out, by name, and why.</returns>
    public static IReadOnlyDictionary<string, string> Add(IReadOnlyList<string> folders)
    {
        var outside = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var folder in folders)
        {
            var (name, version) = (NameOf(folder), Path.GetFileName(folder));
            if (HostPackages.Version(name) is { } carried)
            {
                if (!PackageVersion.Satisfies(carried, version))
                    outside[name] = $"{name} {carried}, which this program carries, is loaded in place of {version}.";
            }
            else if (Versions.GetOrAdd(name, version) is var loaded && !PackageVersion.IsMeant(loaded, version))
                outside[name] = Refusal(name, loaded, version);
        }

        return outside;
    }

    /// <summary>Why a version is not loaded.</summary>
    /// <param name="name">The package.</param>
    /// <param name="loaded">The version that is.</param>
    /// <param name="version">The version that is not.</param>
    public static string Refusal(string name, string loaded, string version) =>
        $"{name} {loaded} is loaded, and {version} cannot be loaded beside it. Restart the kernel to load {version} instead.";
}
