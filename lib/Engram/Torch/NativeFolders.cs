using System.Runtime.InteropServices;

namespace Engram;

/// <summary>Where TorchSharp's native libraries may lie: a program's output, or the NuGet folder.</summary>
internal static class NativeFolders
{
    /// <summary>The full path of a native library, or null where no folder holds it.</summary>
    /// <param name="library">Its file name on Unix without ending, such as <c>libtorch_cpu</c>.</param>
    public static string? Find(string library)
    {
        var file = OperatingSystem.IsWindows() ? library["lib".Length..] + ".dll"
            : OperatingSystem.IsMacOS() ? library + ".dylib"
            : library + ".so";
        return All().Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    /// <summary>All folders that exist, in the order in which they are asked.</summary>
    public static IEnumerable<string> All() => Candidates().Where(Directory.Exists).Distinct();

    private static string Rid =>
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux") + "-" +
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static IEnumerable<string> Candidates()
    {
        var managed = Path.GetDirectoryName(typeof(torch).Assembly.Location) ?? "";
        foreach (var root in new[] { AppContext.BaseDirectory, managed })
        {
            yield return root;
            yield return Path.Combine(root, "runtimes", Rid, "native");
        }

        var search = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        foreach (var folder in search.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return folder;

        // …/packages/torchsharp/VERSION/lib/TARGET/TorchSharp.dll
        var package = Path.GetFullPath(Path.Combine(managed, "..", ".."));
        yield return Path.Combine(package, "runtimes", Rid, "native");
        var packages = Path.GetFullPath(Path.Combine(package, "..", ".."));
        var libtorch = Path.Combine(packages, "libtorch-cpu-" + Rid);
        if (!Directory.Exists(libtorch)) yield break;
        foreach (var version in Directory.GetDirectories(libtorch).OrderDescending(StringComparer.Ordinal))
            yield return Path.Combine(version, "runtimes", Rid, "native");
    }
}
