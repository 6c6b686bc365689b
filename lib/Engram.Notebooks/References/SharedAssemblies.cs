using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Engram.Notebooks;

/// <summary>Loads what cells reference, once for all languages, so that its types are the same in each.</summary>
internal static class SharedAssemblies
{
    private static readonly ConcurrentDictionary<string, byte> Folders = new(StringComparer.Ordinal);
    private static readonly Lock Gate = new();
    private static bool listening;

    /// <summary>Loads assemblies where the program itself does not carry ones of that name.</summary>
    /// <param name="paths">Full paths.</param>
    /// <returns>The paths from which they are loaded.</returns>
    public static IReadOnlyList<string> Load(IReadOnlyList<string> paths)
    {
        Listen();
        foreach (var path in paths)
            Folders.TryAdd(Path.GetDirectoryName(path)!, 0);
        return [.. paths.Select(LoadedPath)];
    }

    /// <summary>Adds a folder in which native libraries and dependencies may lie.</summary>
    /// <param name="folder">Its full path.</param>
    public static void AddFolder(string folder)
    {
        Listen();
        Folders.TryAdd(folder, 0);
    }

    private static string LoadedPath(string path)
    {
        var name = AssemblyName.GetAssemblyName(path);
        if (HostAssemblies.Find(name.Name!) is { } carried)
            return carried;
        var loaded = AssemblyLoadContext.Default.Assemblies.FirstOrDefault(each => each.GetName().Name == name.Name);
        loaded ??= AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
        return loaded.Location.Length > 0 ? loaded.Location : path;
    }

    private static void Listen()
    {
        lock (Gate)
        {
            if (listening)
                return;
            listening = true;
            AssemblyLoadContext.Default.Resolving += (context, name) =>
                Candidates(name.Name + ".dll").Select(context.LoadFromAssemblyPath).FirstOrDefault();
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => LoadNative(name);
        }
    }

    private static IEnumerable<string> Candidates(string file) =>
        Folders.Keys.Select(folder => Path.Combine(folder, file)).Where(File.Exists);

    private static nint LoadNative(string name)
    {
        string[] files = [name, $"lib{name}.so", $"{name}.so", $"{name}.dll", $"lib{name}.dylib", $"{name}.dylib"];
        foreach (var path in files.SelectMany(Candidates))
        {
            if (NativeLibrary.TryLoad(path, out var handle))
                return handle;
        }

        return 0;
    }
}
