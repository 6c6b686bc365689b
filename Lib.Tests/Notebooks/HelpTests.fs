module Engram.Tests.Notebooks.HelpTests

open Expecto
open Engram.Tests.Notebooks.EngineCells

let private shown (heard: Heard) =
    heard.Displays |> List.map (fun bundle -> bundle.Text "text/plain") |> String.concat "\n"

[<Tests>]
let tests =
    testList "help" [

        testCase "#help alone says what there is" (fun () ->
            for run in [ csharp; fsharp ] do
                for code in [ "#help"; "#help;;"; "1\n  #help" ] do
                    let heard = run code
                    Expect.isTrue heard.Ended $"{code}: {heard.Error}"

                    for part in [ "#help NAME"; "Tab"; "#!share" ] do
                        Expect.stringContains (shown heard) part code)

        testCase "#help with a name tells what is known of it" (fun () ->
            for run, code, parts in
                [
                    fsharp, "#help List.map", [ "'T list"; "applying the given function" ]
                    fsharp, "#help \"List.map\"", [ "applying the given function" ]
                    fsharp, "let helped x = x + 1\n#help helped;;", [ "helped"; "int -> int" ]
                    csharp, "#help Math.Sqrt", [ "double Math.Sqrt(double d)"; "square root" ]
                    csharp, "int Helped(int x) => x;\n#help Helped", [ "int Helped(int x)" ]
                    csharp, "#help noSuchName", [ "'noSuchName'" ]
                    fsharp, "#help noSuchName", [ "'noSuchName'" ]
                ] do
                let heard = run code
                Expect.isTrue heard.Ended $"{code}: {heard.Error}"

                for part in parts do
                    Expect.stringContains (shown heard) part code)
    ]
