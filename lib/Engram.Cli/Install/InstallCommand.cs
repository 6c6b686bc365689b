using System.CommandLine;

namespace Engram.Cli.Install;

/// <summary><c>engram install</c> and <c>engram uninstall</c></summary>
internal static class InstallCommand
{
    public static Command Create(CliConsole console)
    {
        var (user, prefix) = Where();
        var force = new Option<bool>("--force") { Description = "Replace kernelspecs of these names that another program owns." };
        var program = new Option<string?>("--program")
        {
            Description = "A published program to start, instead of publishing one.",
            HelpName = "DIR",
        };
        var command = new Command("install", "Publish the kernel and tell Jupyter about it, as .net-csharp and .net-fsharp.")
        {
            user, prefix, force, program,
        };
        command.SetAction(async (parsed, _) => await InstallAsync(
            console, Folders(console, parsed, user, prefix), parsed.GetValue(force), parsed.GetValue(program)));
        return command;
    }

    public static Command CreateUninstall(CliConsole console)
    {
        var (user, prefix) = Where();
        var command = new Command("uninstall", "Remove what 'engram install' has installed.") { user, prefix };
        command.SetAction(parsed => Uninstall(console, Folders(console, parsed, user, prefix)));
        return command;
    }

    private static async Task<int> InstallAsync(CliConsole console, KernelFolders folders, bool force, string? program)
    {
        // Before anything is published or written.
        if (!force && KernelSpec.All.Where(spec => spec.State(folders.Specs) == SpecState.Foreign).ToArray() is [var foreign, ..])
            throw new UsageException(
                $"there is a kernelspec '{foreign.Name}' of another program in {console.ShownPath(folders.Specs)}; --force replaces it.");
        string target;
        try
        {
            if (program is null) console.Out.WriteLine($"Publishing the kernel into {console.ShownPath(folders.Program)} …");
            target = program is null
                ? await Publisher.PublishAsync(folders.Program, console)
                : Path.Combine(console.FullPath(program), Publisher.Program);
            if (!File.Exists(target)) throw new UsageException($"'{program}' holds no {Publisher.Program}.");
            foreach (var spec in KernelSpec.All)
            {
                spec.Write(folders.Specs, target);
                console.Out.WriteLine($"{spec.Display}: {console.ShownPath(spec.File(folders.Specs))}");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            console.Error.WriteLine($"The kernel could not be installed: {error.Message}");
            return 1;
        }

        console.Out.WriteLine("Start Jupyter and choose a .NET kernel. 'engram doctor' checks the rest.");
        return 0;
    }

    private static int Uninstall(CliConsole console, KernelFolders folders)
    {
        try
        {
            foreach (var spec in KernelSpec.All)
            {
                var state = spec.State(folders.Specs);
                console.Out.WriteLine($"{spec.Display}: {state switch
                {
                    SpecState.Ours => "removed",
                    SpecState.Foreign => "left alone, for it is another program's",
                    _ => "was not installed",
                }}.");
                if (state == SpecState.Ours) Name(console, spec.Remove(folders.Specs));
            }

            RemoveProgram(console, folders.Program);
            return 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            console.Error.WriteLine($"The kernel could not be removed: {error.Message}");
            return 1;
        }
    }

    private static void RemoveProgram(CliConsole console, string folder)
    {
        if (!Directory.Exists(folder)) return;
        if (InstalledFiles.Listed(folder) is { } files) Name(console, InstalledFiles.Remove(folder, files));
        else console.Out.WriteLine($"Left alone, for it has no list of what was installed: {console.ShownPath(folder)}");
        var parent = new DirectoryInfo(folder).Parent!;
        if (!parent.EnumerateFileSystemInfos().Any()) parent.Delete();
    }

    private static void Name(CliConsole console, IReadOnlyList<string> left)
    {
        const int Named = 10;
        foreach (var file in left.Take(Named))
            console.Out.WriteLine($"Left alone, for 'engram install' did not write it: {console.ShownPath(file)}");
        if (left.Count > Named) console.Out.WriteLine($"… and {left.Count - Named} more beside them.");
    }

    private static (Option<bool> User, Option<string?> Prefix) Where() =>
        (new("--user") { Description = "For this user (the default)." },
            new("--prefix") { Description = "Into an environment, such as Python's sys.prefix.", HelpName = "DIR" });

    private static KernelFolders Folders(CliConsole console, ParseResult parsed, Option<bool> user, Option<string?> prefix) =>
        parsed.GetValue(prefix) is not { } folder ? KernelFolders.OfUser()
        : parsed.GetValue(user) ? throw new UsageException("--user and --prefix exclude each other.")
        : KernelFolders.Under(console.FullPath(folder));
}
