using System.Runtime.CompilerServices;
using Engram.Notebooks;

namespace Engram.Cli;

/// <summary>The engine as this program has it: all its languages.</summary>
internal static class Engines
{
    /// <summary>A fresh engine.</summary>
    /// <param name="folder">The folder that relative paths of directives start from.</param>
    /// <param name="options">What else a frontend wants; null for the defaults.</param>
    public static Engine Create(string folder, EngineOptions? options = null)
    {
        // A cell may touch TorchSharp before it touches Engram, whose initialiser knows how to load libtorch.
        RuntimeHelpers.RunModuleConstructor(typeof(TorchNatives).Module.ModuleHandle);
        EngramOptions.Cancellation = () => Engine.Current?.Cancellation ?? CancellationToken.None;
        return new(
            [new CSharpLanguage(), new FSharpLanguage()],
            (options ?? new()) with { Folder = folder, Packages = new NuGetResolver() });
    }
}
