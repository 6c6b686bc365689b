using System.Diagnostics;
using Engram.Charts;
using Engram.Cli.Install;
using TorchSharp;

namespace Engram.Cli.Doctor;

/// <summary>The checks of <c>engram doctor</c>.</summary>
internal static class Examination
{
    // libtorch, unpacked.
    private const double NeededGigabytes = 2;

    /// <summary>All of them, made one after the other.</summary>
    public static IEnumerable<Finding> All() => [Sdk(), Libtorch(), Cuda(), Jupyter(), .. KernelSpecs(), Browser(), Disk()];

    private static Finding Sdk() => Ask("dotnet", "--version") switch
    {
        { } version when Major(version) >= 10 => new("SDK", Verdict.Good, $".NET SDK {version}"),
        { } version => new("SDK", Verdict.Missing, $".NET SDK {version}; 10 is wanted", "Install the .NET 10 SDK."),
        null => new("SDK", Verdict.Missing, "no dotnet on the path", "Install the .NET 10 SDK; #r \"nuget:…\" and 'engram install' use it."),
    };

    private static Finding Libtorch()
    {
        try
        {
            TorchNatives.Load();
            return new("libtorch", Verdict.Good, $"{torch.__version__} loads, {torch.get_num_threads()} threads");
        }
        catch (DllNotFoundException error)
        {
            return new("libtorch", Verdict.Missing, error.Message, "Build the program again: 'dotnet build -c Release lib/Engram.Cli'.");
        }
    }

    private static Finding Cuda()
    {
        try
        {
            return Devices.WhyNotCuda is { } why
                ? new("CUDA", Verdict.Optional, "not used", why)
                : new("CUDA", Verdict.Good, $"{torch.cuda.device_count()} device(s)");
        }
        catch (DllNotFoundException)
        {
            return new("CUDA", Verdict.Optional, "not used: libtorch does not load");
        }
    }

    private static Finding Jupyter()
    {
        foreach (var program in new[] { "jupyter-lab", "jupyter-notebook", "jupyter" })
            if (Ask(program, "--version") is { } version)
                return new("Jupyter", Verdict.Good, $"{program} {version.Split('\n')[^1].Split(' ')[^1]}");
        return new("Jupyter", Verdict.Optional, "not found",
            "Install it (Debian: apt install jupyter-notebook; elsewhere: pip install jupyterlab), or use VS Code or 'engram run'.");
    }

    private static IEnumerable<Finding> KernelSpecs()
    {
        var folder = KernelFolders.OfUser().Specs;
        foreach (var spec in KernelSpec.All)
            yield return spec.State(folder) switch
            {
                SpecState.Ours when IsWhole(spec.Program(folder)) => new(spec.Name, Verdict.Good, spec.File(folder)),
                SpecState.Ours => new(spec.Name, Verdict.Optional, $"its program is not whole: {spec.Program(folder)}", "Run 'engram install' again."),
                SpecState.Foreign => new(spec.Name, Verdict.Optional, "another program's", "'engram install --force' replaces it."),
                _ => new(spec.Name, Verdict.Optional, "not installed", "'engram install' tells Jupyter about the kernel."),
            };
    }

    // libtorch is linked from the NuGet folder, which can be cleared.
    private static bool IsWhole(string? program) => File.Exists(program)
        && Directory.EnumerateFiles(Path.GetDirectoryName(program)!, "*", SearchOption.AllDirectories)
            .All(file => new FileInfo(file).LinkTarget is null || File.ResolveLinkTarget(file, returnFinalTarget: true)!.Exists);

    private static Finding Browser() => ChartImages.Available
        ? new("Chromium", Verdict.Good, "found: charts can be saved as pictures")
        : new("Chromium", Verdict.Optional, "not found", "Needed for 'engram run --images' and SavePng only (Debian: apt install chromium).");

    private static Finding Disk()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        return Disk(home is { Length: > 0 } ? home : "/");
    }

    /// <summary>The space where a folder is, or would be made.</summary>
    internal static Finding Disk(string home)
    {
        try
        {
            var folder = new DirectoryInfo(home);
            while (!folder.Exists && folder.Parent is { } parent) folder = parent;
            var free = new DriveInfo(folder.FullName).AvailableFreeSpace / 1e9;
            return free >= NeededGigabytes
                ? new("disk", Verdict.Good, $"{free:0} GB free for packages")
                : new("disk", Verdict.Missing, $"{free:0.0} GB free", $"libtorch takes {NeededGigabytes} GB of the NuGet folder.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new("disk", Verdict.Optional, $"how much is free for packages cannot be told: {error.Message}");
        }
    }

    private static int Major(string version) => int.TryParse(version.Split('.')[0], out var major) ? major : 0;

    // What a program says of itself; null where there is none, or where it fails.
    private static string? Ask(string program, string question)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, question)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            if (process is null) return null;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            var answer = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 && answer.Length > 0 ? answer : null;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return null;
        }
    }
}
