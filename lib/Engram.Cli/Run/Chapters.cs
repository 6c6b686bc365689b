using System.Text.RegularExpressions;
using Engram.Notebooks;

namespace Engram.Cli;

/// <summary>A notebook to run.</summary>
/// <param name="Source">Its file.</param>
/// <param name="Target">Where it goes when it has run.</param>
internal sealed record Chapter(string Source, string Target);

/// <summary>Finds the notebooks that a command line means.</summary>
internal static partial class Chapters
{
    /// <summary>The notebooks of files and folders, each once, in the order given and in the order of names.</summary>
    /// <exception cref="UsageException">There is no such path, nothing to run in it, or no place for the result.</exception>
    public static IReadOnlyList<Chapter> Find(IEnumerable<string> paths, string folder, CliConsole console)
    {
        var sources = paths.SelectMany(path => Sources(console.FullPath(path), path)).Distinct().ToList();
        var output = console.FullPath(folder);
        if (File.Exists(output)) throw new UsageException($"--out takes a folder; '{folder}' is a file.");
        var chapters = new List<Chapter>();
        foreach (var source in sources)
        {
            var name = Path.GetFileNameWithoutExtension(source) + ".ipynb";
            if (chapters.Any(chapter => Path.GetFileName(chapter.Target) == name)) name = Path.GetFileName(source) + ".ipynb";
            var target = Path.Combine(output, name);
            if (chapters.Any(chapter => chapter.Target == target))
                throw new UsageException($"two notebooks would be written to '{console.ShownPath(target)}'; run them one by one.");
            if (sources.Contains(target))
                throw new UsageException($"'{console.ShownPath(target)}' would be written over itself; give another --out.");
            chapters.Add(new Chapter(source, target));
        }

        return chapters;
    }

    /// <summary>Makes the folder that executed notebooks go to, before hours of work are lost for want of it.</summary>
    /// <exception cref="UsageException">It cannot be made, or nothing can be written there.</exception>
    public static void PrepareOutput(string folder, CliConsole console)
    {
        try
        {
            var output = Directory.CreateDirectory(console.FullPath(folder)).FullName;
            using var trial = new FileStream(
                Path.Combine(output, $".{Path.GetRandomFileName()}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1,
                FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"nothing can be written into --out '{folder}': {e.Message}");
        }
    }

    /// <summary>Sees to it that a tag is one of a cell that can run.</summary>
    /// <exception cref="UsageException">No cell of any of the notebooks has it.</exception>
    public static void RequireTag(IReadOnlyList<Chapter> chapters, string tag)
    {
        if (!chapters.Any(chapter => MayHave(chapter, tag)))
            throw new UsageException($"no cell of code has the tag '{tag}' that --only names.");
    }

    // What is wrong with a notebook that cannot be read is said when its turn comes.
    private static bool MayHave(Chapter chapter, string tag)
    {
        try
        {
            return Documents.Open(chapter.Source).Cells.Any(cell => cell.Kind == CellKind.Code && cell.Tags.Contains(tag));
        }
        catch (DocumentException)
        {
            return true;
        }
    }

    private static IEnumerable<string> Sources(string full, string given)
    {
        if (Directory.Exists(full)) return InFolder(full, given);
        if (!File.Exists(full)) throw new UsageException($"there is no file or folder '{given}'.");
        return Documents.IsNotebook(full)
            ? [full]
            : throw new UsageException($"'{given}' is no notebook: it ends neither in .ipynb nor in .dib.");
    }

    private static List<string> InFolder(string folder, string given)
    {
        var notebooks = Directory.GetFiles(folder)
            .Where(file => Documents.IsNotebook(file) && Path.GetFileName(file)[0] is not ('_' or '.'))
            .OrderBy(Path.GetFileName, StringComparer.Ordinal)
            .ToList();
        var imported = notebooks.SelectMany(Imports).ToHashSet(StringComparer.Ordinal);
        notebooks.RemoveAll(imported.Contains);
        return notebooks.Count > 0 ? notebooks : throw new UsageException($"there is no notebook in the folder '{given}'.");
    }

    // The text is enough: a path of a file beside it stands in a .ipynb as it does in a .dib.
    private static IEnumerable<string> Imports(string notebook) =>
        Import().Matches(File.ReadAllText(notebook))
            .Select(match => Path.GetFullPath(match.Groups["file"].Value, Path.GetDirectoryName(notebook)!));

    [GeneratedRegex("""#!import\s+(\\?["'])?(?<file>[^"'\\\r\n]+?\.(ipynb|dib))""")]
    private static partial Regex Import();
}
