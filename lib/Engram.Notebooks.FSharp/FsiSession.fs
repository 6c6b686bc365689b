namespace Engram.Notebooks

open System
open System.IO
open System.Text
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

    /// What the names that a session opens are declared in.
    let private opens = [
        "FSharp.Core.dll"
        "Engram.Notebooks.dll"
        "Engram.Notebooks.FSharpCells.dll"
        "Microsoft.DotNet.Interactive.Formatting.dll"
        "Microsoft.AspNetCore.Html.Abstractions.dll"
    ]

    let private early, others =
        HostAssemblies.Own
        |> List.ofSeq
        |> List.partition (fun path -> List.contains (FileInfo(path).Name) opens)

    /// What this program carries besides, but for the compiler: a session sees it when code may name it.
    let late =
        others |> List.filter (fun path -> not (List.contains (FileInfo(path).Name) compiler))

    /// Whether a session sees an assembly from its start.
    let sees (path: string) = List.contains path early

    /// What F# Interactive itself says, asked by #time, is the cell's text.
    let private spoken () = {
        new TextWriter() with
            member _.Encoding = Encoding.UTF8
            member _.Write(sign: char) = Console.Out.Write sign
            member _.Write(text: string) = Console.Out.Write text
            member _.Write(signs: char[], first: int, count: int) = Console.Out.Write(signs, first, count)
            member _.WriteLine(text: string) = Console.Out.WriteLine text
    }

    /// What F# Interactive says of its own start; the beginning will do.
    let private complaints (said: StringBuilder) = {
        new TextWriter() with
            member _.Encoding = Encoding.UTF8

            member _.Write(sign: char) =
                if said.Length < 10_000 then
                    said.Append sign |> ignore
    }

    let private create (references: string seq) errors =
        FsiEvaluationSession.Create(
            FsiEvaluationSession.GetDefaultConfiguration(),
            Array.append flags (references |> Seq.map (fun path -> "-r:" + path) |> Array.ofSeq),
            TextReader.Null,
            spoken (),
            errors,
            collectible = false
        )

    /// Starts a session that sees what each cell may name without a word of its own.
    let start () =
        MappedReading.Use()
        let said = StringBuilder()

        try
            let session = create early (complaints said)
            session.EvalInteraction opened
            session
        with error ->
            raise (InvalidOperationException($"F# Interactive does not start. {said.ToString().Trim()}", error))
