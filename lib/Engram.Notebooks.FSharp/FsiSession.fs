namespace Engram.Notebooks

open System
open System.IO
open FSharp.Compiler.Interactive.Shell

/// F# Interactive within this process.
module internal FsiSession =

    let private flags = [|
        "engram"
        "--noninteractive"
        "--nologo"
        "--gui-"
        "--usesdkrefs-"
        "--multiemit+"
        "--debug+"
        "--optimize+"
        "--langversion:preview"
        // Nobody reads what it says of each value.
        "--quiet"
        // To hand a cell to the thread pool and wait for it takes longer than compiling it.
        "--parallelcompilation-"
        "--parallelreferenceresolution"
        "--nowarn:3370"
    |]

    let private opened =
        "open System\nopen System.IO\nopen System.Text\nopen Microsoft.DotNet.Interactive\nopen Microsoft.DotNet.Interactive.FSharp\nopen Microsoft.DotNet.Interactive.Formatting\nopen Engram.Notebooks.Cells"

    /// The F# compiler describes itself at length, and F# Interactive reads all of that before the first cell. Cells that
    /// want it reference it.
    let private compiler = [
        "FSharp.Compiler.Service.dll"
        "FSharp.DependencyManager.Nuget.dll"
        "Engram.Notebooks.FSharp.dll"
    ]

    let private seen =
        HostAssemblies.Own
        |> Seq.filter (fun path -> not (List.contains (FileInfo(path).Name) compiler))
        |> Array.ofSeq

    /// Whether a session sees an assembly from its start.
    let sees (path: string) = Array.contains path seen

    /// Starts a session that sees all assemblies that this program carries, but for the compiler.
    let start () =
        MappedReading.Use()
        let references = seen |> Seq.map (fun path -> "-r:" + path)

        let session =
            FsiEvaluationSession.Create(
                FsiEvaluationSession.GetDefaultConfiguration(),
                Array.append flags (Array.ofSeq references),
                TextReader.Null,
                TextWriter.Null,
                TextWriter.Null,
                collectible = false
            )

        session.EvalInteraction(opened)
        session
