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
        if (version is null or "" or "*" || version == carried)
            return (carried, null);
        return Satisfies(carried, version) ? (carried, $"{name} {carried}, which this program carries, serves for {version}.") : null;
    }

    /// <summary>Whether a carried version meets what is asked for.</summary>
    /// <param name="carried">The version that is there.</param>
    /// <param name="asked">A minimum such as <c>1.2</c>, an exact <c>[1.2]</c>, or a wildcard <c>1.*</c>.</param>
    internal static bool Satisfies(string carried, string asked)
    {
        if (asked.StartsWith('['))
            return asked.Trim('[', ']') == carried;
        var minimum = asked.Replace("-*", "", StringComparison.Ordinal).Replace(".*", "", StringComparison.Ordinal).Replace("*", "0", StringComparison.Ordinal);
        return Parse(minimum) is { } low && Parse(carried) is { } have && have >= low;
    }

    private static Version? Parse(string version)
    {
        var numbers = version.Split('-', '+')[0];
        return Version.TryParse(numbers.Contains('.') ? numbers : numbers + ".0", out var parsed)
            ? new Version(parsed.Major, parsed.Minor, Math.Max(parsed.Build, 0), Math.Max(parsed.Revision, 0))
            : null;
    }

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
