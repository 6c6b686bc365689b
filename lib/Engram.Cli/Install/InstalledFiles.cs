using System.IO.Enumeration;

namespace Engram.Cli.Install;

/// <summary>
/// Which of a folder's files 'engram install' wrote: it leaves a list of them there. What is not on it is somebody else's.
/// A link to a folder counts as a file.
/// </summary>
internal static class InstalledFiles
{
    /// <summary>The list's own name; it is on the list.</summary>
    public const string List = "installed-files.txt";

    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = false,
    };

    /// <summary>Lists all that is in a folder.</summary>
    public static void Note(string folder) =>
        File.WriteAllLines(Path.Combine(folder, List), All(folder).Append(List).Distinct().Order(StringComparer.Ordinal));

    /// <summary>The files on a folder's list, by their paths in it; null where there is no list.</summary>
    public static IReadOnlySet<string>? Listed(string folder) =>
        Path.Combine(folder, List) is var list && File.Exists(list) ? File.ReadLines(list).ToHashSet() : null;

    /// <summary>All files in a folder, by their paths in it.</summary>
    public static IReadOnlyList<string> All(string folder) =>
    [
        .. new FileSystemEnumerable<string>(
            folder, (ref entry) => Path.GetRelativePath(folder, entry.ToFullPath()), Everything)
        {
            ShouldIncludePredicate = (ref entry) => !IsFolder(ref entry),
            ShouldRecursePredicate = IsFolder,
        },
    ];

    /// <summary>Removes files from a folder, and each folder that is empty then.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="files">Their paths in it.</param>
    /// <returns>The full paths of the files that are left.</returns>
    public static IReadOnlyList<string> Remove(string folder, IReadOnlySet<string> files)
    {
        var left = new List<string>();
        // The list goes last: what is cut short can be done again.
        foreach (var file in All(folder).OrderBy(file => file == List))
        {
            if (files.Contains(file)) File.Delete(Path.Combine(folder, file));
            else left.Add(Path.Combine(folder, file));
        }

        RemoveEmpty(new(folder));
        return left;
    }

    /// <summary>Moves the files of one folder into another, where there is none of their names.</summary>
    public static void Move(string from, string to)
    {
        foreach (var file in All(from).OrderBy(file => file != List))
        {
            var target = Path.Combine(to, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(Path.Combine(from, file), target);
        }

        RemoveEmpty(new(from));
    }

    private static bool IsFolder(ref FileSystemEntry entry) =>
        entry.IsDirectory && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

    private static void RemoveEmpty(DirectoryInfo folder)
    {
        foreach (var inner in folder.EnumerateDirectories().Where(inner => inner.LinkTarget is null)) RemoveEmpty(inner);
        if (!folder.EnumerateFileSystemInfos().Any()) folder.Delete();
    }
}
