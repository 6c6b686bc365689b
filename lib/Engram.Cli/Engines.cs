using System.Runtime.CompilerServices;
using Engram.Notebooks;

namespace Engram.Cli;

/// <summary>The engine as this program has it: all its languages.</summary>
internal static class Engines
{
    /// <summary>A fresh engine.</summary>
    /// <param name="folder">The folder that relative paths of directives start from.</param>
    /// <param name="between">Hears what background work writes while no cell runs; null to keep it for the next cell.</param>
    public static Engine Create(string folder, Action<CellEvent>? between = null)
    {
        // A cell may touch TorchSharp before it touches Engram, whose initialiser knows how to load libtorch.
        RuntimeHelpers.RunModuleConstructor(typeof(TorchNatives).Module.ModuleHandle);
        return new(
            [new CSharpLanguage(), new FSharpLanguage()],
            new EngineOptions { Folder = folder, Packages = new NuGetResolver(), Between = between });
    }
}
