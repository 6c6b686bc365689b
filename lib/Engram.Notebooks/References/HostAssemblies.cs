namespace Engram.Notebooks;

/// <summary>The assemblies that this program carries: the framework's and its own.</summary>
public static class HostAssemblies
{
    private static readonly Lazy<IReadOnlyList<string>> Paths = new(() =>
        [.. ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(path => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))]);

    private static readonly string Framework = Path.GetDirectoryName(typeof(object).Assembly.Location) ?? "";

    /// <summary>Full paths of all of them.</summary>
    public static IReadOnlyList<string> All => Paths.Value;

    /// <summary>Full paths of those that do not belong to the framework.</summary>
    public static IEnumerable<string> Own => All.Where(path => Path.GetDirectoryName(path) != Framework);

    /// <summary>The path of one.</summary>
    /// <param name="name">Its name, with or without <c>.dll</c>.</param>
    /// <returns>The path, or null where the program carries none of that name.</returns>
    public static string? Find(string name)
    {
        name = Path.GetFileName(name);
        var file = name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? name : name + ".dll";
        return All.FirstOrDefault(path => string.Equals(Path.GetFileName(path), file, StringComparison.OrdinalIgnoreCase));
    }
}
