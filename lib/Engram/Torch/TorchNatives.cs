using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Engram;

/// <summary>
/// Loads TorchSharp's native libraries, also on distributions whose libstdc++ is older than the one that
/// TorchSharp was linked against (Debian 12, Ubuntu 22.04).
/// </summary>
/// <remarks>
/// A failed static initialiser of <c>torch</c> is final in a process, so this must run before TorchSharp is first
/// touched. Engram does so itself when it is first used; a program that touches TorchSharp before Engram calls
/// <see cref="Load"/> first.
/// </remarks>
public static class TorchNatives
{
    private const string Bridge = "LibTorchSharp";

    private static readonly Lazy<Exception?> Failure = new(TryInitialise);

    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "Must precede TorchSharp.")]
    internal static void Install()
    {
        FreedMemory.Keep();
        IdleThreads.Rest();
        var home = AssemblyLoadContext.GetLoadContext(typeof(torch).Assembly) ?? AssemblyLoadContext.Default;
        home.ResolvingUnmanagedDll += (_, name) => IsBridge(name) ? LoadBridge() : IntPtr.Zero;
    }

    /// <summary>Makes libtorch ready. Cheap after the first call.</summary>
    /// <exception cref="DllNotFoundException">
    /// The native libraries are missing or do not load; the message says which package brings them.
    /// </exception>
    public static void Load()
    {
        if (Failure.Value is { } failure)
            throw new DllNotFoundException(
                "libtorch could not be loaded. A program (not a library) must reference the package TorchSharp-cpu, " +
                $"or TorchSharp-cuda-linux, of TorchSharp's own version {TorchSharpVersion}. " +
                $"Looked in: {string.Join(", ", NativeFolders.All())}. The cause: {Innermost(failure).Message}",
                failure);
    }

    private static string TorchSharpVersion => typeof(torch).Assembly.GetName().Version?.ToString(3) ?? "?";

    private static Exception? TryInitialise()
    {
        try
        {
            torch.zeros(1).Dispose();
            return null;
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException)
        {
            return e;
        }
    }

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;

    private static bool IsBridge(string name) =>
        Path.GetFileNameWithoutExtension(name) is Bridge or "lib" + Bridge;

    // Raised only after normal probing failed: libtorch first, by full path, then the bridge as it is, then relaxed.
    private static IntPtr LoadBridge()
    {
        foreach (var library in new[] { "libtorch_cpu", "libtorch" })
            if (NativeFolders.Find(library) is { } path)
                NativeLibrary.TryLoad(path, out _);

        if (NativeFolders.Find("lib" + Bridge) is not { } original) return IntPtr.Zero;
        if (NativeLibrary.TryLoad(original, out var handle)) return handle;
        return OperatingSystem.IsLinux() ? RelaxedLibrary.Load(original) : IntPtr.Zero;
    }
}
