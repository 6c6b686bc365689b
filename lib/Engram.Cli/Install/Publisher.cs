using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Engram.Cli.Install;

/// <summary>Publishes this program: compiled ahead of time, so that it starts quickly, libtorch linked, not copied.</summary>
internal static class Publisher
{
    private const string Project = "Engram.Cli.csproj";

    private const long LargeFile = 100_000_000;

    /// <summary>The program's file name.</summary>
    public const string Program = "Engram.Cli.dll";

    /// <summary>The project that this program was built from; null where it runs without its sources.</summary>
    public static string? FindProject()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "lib", "Engram.Cli", Project) is var path && File.Exists(path))
                return path;
        return null;
    }

    /// <summary>Publishes from the sources, or copies the program where there are none.</summary>
    /// <param name="target">The folder; what an earlier build wrote there is replaced when all of this one is there.</param>
    /// <param name="console">Hears what the publication says.</param>
    /// <returns>The path of the published program.</returns>
    /// <exception cref="UsageException">It could not be published.</exception>
    public static async Task<string> PublishAsync(string target, CliConsole console)
    {
        var fresh = target + ".new";
        Delete(fresh);
        if (FindProject() is { } project)
        {
            await RunAsync(project, fresh, console);
            KeepLargeLinks(fresh);
        }
        else Copy(AppContext.BaseDirectory, fresh);
        InstalledFiles.Note(fresh);
        Replace(target, fresh, console);
        return Path.Combine(target, Program);
    }

    /// <summary>Puts a build in the place of the one before it. What is neither's stays.</summary>
    /// <param name="target">The folder of the one before, if there is one.</param>
    /// <param name="fresh">The folder of the build, which is gone then.</param>
    /// <param name="console">Hears what is set aside.</param>
    /// <exception cref="UsageException">A file that is neither's has the name of one of the build's.</exception>
    public static void Replace(string target, string fresh, CliConsole console)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (Directory.Exists(target)) Clear(target, fresh, console);
        if (Directory.Exists(target)) InstalledFiles.Move(fresh, target);
        else Directory.Move(fresh, target);
    }

    private static void Clear(string target, string fresh, CliConsole console)
    {
        if (InstalledFiles.Listed(target) is not { } before)
        {
            SetAside(target, console);
            return;
        }

        if (InstalledFiles.All(target).Except(before).Intersect(InstalledFiles.All(fresh)).FirstOrDefault() is { } taken)
            throw new UsageException($"the program has a file {taken}, and one of that name that 'engram install' did not "
                + $"write is in {console.ShownPath(target)}; move it away.");
        InstalledFiles.Remove(target, before);
    }

    // An old build's files would be read with the new one's, and which they are nobody knows any more.
    private static void SetAside(string target, CliConsole console)
    {
        var aside = Enumerable.Range(1, int.MaxValue).Select(number => $"{target}.old{number}").First(path => !Path.Exists(path));
        Directory.Move(target, aside);
        console.Out.WriteLine($"What was there has no list of what was installed. It is {console.ShownPath(aside)} now, and can go.");
    }

    private static async Task RunAsync(string project, string target, CliConsole console)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Path.GetDirectoryName(project)!,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in (string[])[
            "publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--no-self-contained",
            "-p:PublishReadyToRun=true", "-p:CreateSymbolicLinksForPublishFilesIfPossible=true", "-o", target, "-v", "quiet", "-nologo"])
            start.ArgumentList.Add(word);
        using var process = Process.Start(start) ?? throw new UsageException("dotnet could not be started.");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode == 0) return;
        console.Error.WriteLine(await output + await error);
        throw new UsageException("the program could not be published; see above.");
    }

    // Links into the project's own output would follow its next build; those to libtorch's half gigabyte stay.
    private static void KeepLargeLinks(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (File.ResolveLinkTarget(file, returnFinalTarget: true) is not FileInfo target || target.Length > LargeFile) continue;
            File.Delete(file);
            File.Copy(target.FullName, file);
        }
    }

    private static void Copy(string from, string to)
    {
        var files = InstalledFiles.All(from);
        foreach (var file in InstalledFiles.Listed(from) is { } installed ? files.Intersect(installed) : files)
        {
            var copy = Path.Combine(to, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(from, file), copy);
        }
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
