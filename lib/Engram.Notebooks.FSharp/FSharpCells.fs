namespace Microsoft.DotNet.Interactive.FSharp

open Microsoft.DotNet.Interactive

/// What an F# cell may call without naming it; the names are .NET Interactive's, so that old notebooks run.
[<AutoOpen>]
module FSharpKernelHelpers =

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
