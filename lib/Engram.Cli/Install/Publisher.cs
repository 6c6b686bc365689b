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
    /// <param name="target">The folder; it is replaced as a whole when all is there.</param>
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
        Delete(target);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        Directory.Move(fresh, target);
        return Path.Combine(target, Program);
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
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
