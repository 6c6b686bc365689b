using System.Text.Json;

namespace Engram.Notebooks;

/// <summary>The packages that this program carries, so that a cell may reference them without a restore.</summary>
internal static class HostPackages
{
    /// <summary>Packages of .NET Interactive whose part this engine itself plays.</summary>
    private static readonly HashSet<string> Played = new(StringComparer.OrdinalIgnoreCase)
    {
        "Microsoft.DotNet.Interactive", "Microsoft.DotNet.Interactive.CSharp", "Microsoft.DotNet.Interactive.FSharp",
        "Microsoft.DotNet.Interactive.Formatting", "Plotly.NET.Interactive",
    };

    private static readonly Lazy<Dictionary<string, string>> Carried = new(ReadAll);

    /// <summary>Finds a package.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="version">The version asked for; null for any. A bare version is a minimum; <c>[1.0]</c> is exact.</param>
    /// <returns>What is carried, with a note where that is worth saying; null where it must be restored.</returns>
    public static (string Version, string? Note)? Find(string name, string? version)
    {
        if (Played.Contains(name))
            return ("", null);
        if (!Carried.Value.TryGetValue(name, out var carried))
            return null;
        if (PackageVersion.IsMeant(carried, version))
            return (carried, null);
        return PackageVersion.Satisfies(carried, version!) ? (carried, $"{name} {carried}, which this program carries, serves for {version}.") : null;
    }

    /// <summary>The version of a package that this program carries, or null where it carries none.</summary>
    /// <param name="name">Its name.</param>
    public static string? Version(string name) => Carried.Value.GetValueOrDefault(name);

    private static Dictionary<string, string> ReadAll()
    {
        var packages = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var files = ((string?)AppContext.GetData("APP_CONTEXT_DEPS_FILES") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries);
        foreach (var file in files.Where(File.Exists))
            Read(file, packages);
        return packages;
    }

    private static void Read(string file, Dictionary<string, string> packages)
    {
        using var stream = File.OpenRead(file);
        using var json = JsonDocument.Parse(stream);
        if (!json.RootElement.TryGetProperty("libraries", out var libraries))
            return;
        foreach (var library in libraries.EnumerateObject())
        {
            if (library.Name.Split('/') is [var name, var version])
                packages.TryAdd(name, version);
        }
    }
}
