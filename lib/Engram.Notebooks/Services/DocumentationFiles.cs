using System.Collections.Concurrent;
using System.Xml.Linq;

namespace Engram.Notebooks;

/// <summary>The documentation that compilers write beside assemblies, by the ids of members.</summary>
public static class DocumentationFiles
{
    private static readonly ConcurrentDictionary<string, Lazy<IReadOnlyDictionary<string, XElement>>> Files =
        new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The documentation of a member.</summary>
    /// <param name="assembly">The path of the assembly.</param>
    /// <param name="id">The member's documentation id, such as <c>M:System.Math.Sqrt(System.Double)</c>.</param>
    /// <returns>Its <c>member</c> element; null where there is none.</returns>
    public static XElement? Find(string assembly, string id) =>
        Files.GetOrAdd(assembly, path => new(() => Read(path))).Value.GetValueOrDefault(id);

    // The framework's own assemblies have theirs in the SDK's reference pack.
    private static IReadOnlyDictionary<string, XElement> Read(string assembly)
    {
        try
        {
            var beside = Path.ChangeExtension(assembly, ".xml");
            if (File.Exists(beside)) return Index([beside]);
            return Path.GetDirectoryName(assembly) == Framework ? Index(PackFiles.Value) : Empty;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Xml.XmlException)
        {
            return Empty;
        }
    }

    private static readonly string Framework = Path.GetDirectoryName(typeof(object).Assembly.Location) ?? "";

    private static readonly IReadOnlyDictionary<string, XElement> Empty = new Dictionary<string, XElement>();

    // …/shared/Microsoft.NETCore.App/10.0.1 beside …/packs/Microsoft.NETCore.App.Ref/10.0.1/ref/net10.0.
    private static readonly Lazy<string[]> PackFiles = new(() =>
    {
        var packs = Path.GetFullPath(Path.Combine(Framework, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));
        var newest = Directory.Exists(packs)
            ? Directory.EnumerateDirectories(packs).OrderBy(path => Version.TryParse(Path.GetFileName(path), out var v) ? v : new()).LastOrDefault()
            : null;
        return newest is null ? [] : [.. Directory.EnumerateFiles(newest, "*.xml", SearchOption.AllDirectories)];
    });

    private static readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, XElement>> Indexed = new();

    private static IReadOnlyDictionary<string, XElement> Index(string[] files) =>
        Indexed.GetOrAdd(string.Join('|', files), _ => files
            .SelectMany(file => XDocument.Load(file).Descendants("member"))
            .Where(member => member.Attribute("name") is not null)
            .GroupBy(member => member.Attribute("name")!.Value)
            .ToDictionary(group => group.Key, group => group.First()));
}
