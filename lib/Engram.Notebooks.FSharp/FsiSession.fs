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
        "--nowarn:3370"
    |]

    let private opened =
        "open System\nopen System.IO\nopen System.Text\nopen Microsoft.DotNet.Interactive\nopen Microsoft.DotNet.Interactive.FSharp\nopen Microsoft.DotNet.Interactive.Formatting\nopen Engram.Notebooks.Cells"

    /// Starts a session that sees all assemblies that this program carries.
    let start () =
        MappedReading.Use()
        let references = HostAssemblies.Own |> Seq.map (fun path -> "-r:" + path)

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
