namespace Engram;

/// <summary>Where data sets lie.</summary>
internal static class DataFolders
{
    private const string DataSet = "fashion-mnist";

    /// <summary>The folder that the caller or the environment names, or null where neither does.</summary>
    public static string? Given(string? folder)
    {
        if (!string.IsNullOrWhiteSpace(folder)) return Path.GetFullPath(folder);
        var named = Environment.GetEnvironmentVariable(FashionMnist.FolderVariable);
        if (string.IsNullOrWhiteSpace(named)) return null;
        var inner = Path.Combine(named, DataSet);
        return Path.GetFullPath(Directory.Exists(inner) ? inner : named);
    }

    /// <summary>The folder of downloads: <c>data/cache</c> of the kit that the current folder lies in, else the user's.</summary>
    public static string Cache(string? folder)
    {
        if (!string.IsNullOrWhiteSpace(folder)) return Path.GetFullPath(folder);
        for (var at = new DirectoryInfo(Environment.CurrentDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Notebooks.sln")))
                return Path.Combine(at.FullName, "data", "cache", DataSet);
        return Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "engram", "data", DataSet);
    }
}
