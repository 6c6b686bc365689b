/// F# Interactive's object <c>fsi</c>, which old notebooks and scripts speak to.
module Engram.Tests.Notebooks.FsiObjectTests

open System.IO
open Expecto
open Engram.Notebooks
open Engram.Tests.Notebooks.EngineCells

let private bundle (heard: Heard) =
    succeeds heard

    heard.Events
    |> List.tryPick (fun each ->
        match each with
        | :? ValueReturned as returned -> Some returned.Bundle
        | _ -> None)
    |> Option.get

let private returns expected heard =
    Expect.equal ((bundle heard).Text "text/plain") expected "the last expression's value"

[<Tests>]
let tests =
    testList "fsi" [

        testCase "AddPrinter shows values of a type, in all languages" (fun () ->
            fsharp "type Printed = { Of: int }\nfsi.AddPrinter(fun (value: Printed) -> sprintf \"<%d>\" value.Of)"
            |> ignore

            let found = fsharp "let printed = { Of = 3 }\nprinted" |> bundle
            Expect.equal (found.Text "text/plain") "<3>" "the printer's text"
            Expect.isFalse (found.Data.ContainsKey "text/html") "and nothing that a frontend would prefer"
            csharp "#!share printed --from fsharp\nprinted" |> returns "<3>"

            fsharp "fsi.AddPrinter<Printed>(fun value -> \"newer\")\nprinted" |> returns "newer")

        testCase "AddPrintTransformer shows another value in a type's place" (fun () ->
            fsharp "type Turned = { From: int }\nfsi.AddPrintTransformer(fun (value: Turned) -> box [ value.From; 2 ])"
            |> ignore

            fsharp "{ From = 1 }" |> returns "[1, 2]")

        testCase "its settings are there" (fun () ->
            fsharp "fsi.CommandLineArgs.Length" |> returns "1"
            fsharp "fsi.PrintWidth <- 120\nfsi.PrintWidth" |> returns "120"

            fsharp
                "fsi.PrintDepth <- 3\nfsi.PrintLength <- 50\nfsi.PrintSize <- 100\nfsi.ShowProperties <- false\nfsi.ShowIEnumerable <- true\nfsi.ShowDeclarationValues <- true\nfsi.FloatingPointFormat <- \"g3\"\nfsi.FormatProvider <- System.Globalization.CultureInfo.InvariantCulture\nfsi.FloatingPointFormat"
            |> returns "g3")

        testCase "scripts speak to it" (fun () ->
            let folder = Directory.CreateTempSubdirectory "engram"

            try
                use engine = start (EngineOptions(Folder = folder.FullName))

                File.WriteAllText(
                    Path.Combine(folder.FullName, "printers.fsx"),
                    "type Scripted = { Name: string }\n#if INTERACTIVE\nfsi.AddPrinter(fun (value: Scripted) -> value.Name)\n#endif"
                )

                runIn engine "fsharp" "#load \"printers.fsx\"\n{ Printers.Name = \"shown\" }" |> returns "shown"

                runIn engine "fsharp" "#!import printers.fsx\n{ Name = \"shown too\" }" |> returns "shown too"

                let fsi = "FSharp.Compiler.Interactive.Settings.fsi"
                runIn engine "fsharp" $"obj.ReferenceEquals({fsi}, fsi)" |> returns "true"
            finally
                folder.Delete true)
    ]
