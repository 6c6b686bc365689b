namespace Engram.Notebooks;

/// <summary>The package sources that <c>#i</c> added.</summary>
internal sealed class PackageSources
{
    private readonly List<string> sources = [];

    /// <summary>Adds a source.</summary>
    /// <param name="source">A folder, or an address.</param>
    /// <param name="context">Where the directive stands.</param>
    /// <exception cref="DirectiveException">It is neither.</exception>
    public void Add(string source, DirectiveContext context)
    {
        var found = Find(source, context);
        if (!sources.Contains(found))
            sources.Add(found);
    }

    /// <summary>Restores from them; what cannot be reached is none of them any more.</summary>
    /// <param name="restore">What restores.</param>
    /// <exception cref="DirectiveException">A source cannot be reached.</exception>
    public ResolvedPackages Use(Func<string[], ResolvedPackages> restore)
    {
        string[] gone = [.. sources.Where(source => Path.IsPathRooted(source) && !Directory.Exists(source))];
        if (gone.Length > 0)
            throw Drop(gone, $"There is no folder {string.Join(", ", gone)} any more.");
        try
        {
            return restore([.. sources]);
        }
        catch (PackageSourceException failure)
        {
            throw Drop(failure.Sources, failure.Message);
        }
    }

    private DirectiveException Drop(IReadOnlyList<string> failed, string reason)
    {
        sources.RemoveAll(failed.Contains);
        return new($"{reason}\nLater restores go without {string.Join(", ", failed)}, unless #i adds it again.");
    }

    private static string Find(string source, DirectiveContext context)
    {
        var isAddress = Uri.TryCreate(source, UriKind.Absolute, out var address);
        if (isAddress && address!.IsFile)
            return context.FindFolder(address.LocalPath);
        if (!isAddress && !source.Contains("://", StringComparison.Ordinal))
            return context.FindFolder(source);
        return isAddress && address!.Scheme is "https" or "http"
            ? source
            : throw new DirectiveException($"'{source}' is no package source: that is a folder, or an address such as https://HOST/index.json.");
    }
}
