namespace Microsoft.DotNet.Interactive.FSharp

open Microsoft.DotNet.Interactive

/// What an F# cell may call without naming it; the names are .NET Interactive's, so that old notebooks run.
[<AutoOpen>]
module FSharpKernelHelpers =

    /// F# Interactive, as far as a cell can speak to it.
    let fsi = FSharp.Compiler.Interactive.Settings.fsi

    /// <summary>Shows a value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>What is shown, to be updated.</returns>
    let display (value: obj) = Kernel.display (value)

    /// <summary>Text to be shown as HTML.</summary>
    /// <param name="content">The HTML.</param>
    let HTML (content: string) = Kernel.HTML content

    /// <summary>Adds a style to the page.</summary>
    /// <param name="content">The style sheet.</param>
    let CSS (content: string) = Kernel.CSS content

    /// <summary>Runs a script in the page.</summary>
    /// <param name="content">The script.</param>
    let Javascript (content: string) = Kernel.Javascript content

namespace Engram.Notebooks.Cells

/// Progress bars for loops in cells.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Progress =

    /// <summary>Passes a sequence on, showing how far.</summary>
    /// <param name="label">What is under way.</param>
    /// <param name="items">The sequence.</param>
    let over (label: string) (items: 'T seq) : 'T seq = Progress.Over(items, label)

    /// <summary>A bar for a library that takes an IProgress.</summary>
    /// <param name="label">What is under way.</param>
    /// <param name="total">The number of steps.</param>
    /// <param name="step">The number of steps done, of a report.</param>
    let reports (label: string) (total: int64) (step: 'T -> int64) = Progress.Of(total, step, label)
