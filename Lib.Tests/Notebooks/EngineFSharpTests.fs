module Engram.Tests.Notebooks.EngineFSharpTests

open System
open System.Threading
open Expecto
open Engram.Notebooks
open Engram.Tests.Notebooks.EngineCells

[<Tests>]
let tests =
    testList "engine" [
        testList "F# cells" [
            testCase "the last expression is the cell's value" (fun () -> fsharp "1 + 2" |> returns "3")

            testCase "a declaration has none" (fun () ->
                let heard = fsharp "let quietly = 1"
                succeeds heard
                Expect.equal heard.Events [] "nothing is heard")

            testCase "unit is no value" (fun () ->
                for code in [ "ignore 1"; "ignore 1\nignore 2"; "let a = 1\nignore a"; "open System\n()" ] do
                    Expect.equal (fsharp code).Value None code)

            testCase "names live on from cell to cell" (fun () ->
                fsharp "let twice n = 2 * n\nlet six = 6" |> succeeds
                fsharp "twice six" |> returns "12")

            testCase "declarations and a last expression" (fun () ->
                fsharp "let a = [ 1 .. 4 ]\nlet b = List.sum a\nb * 2" |> returns "20")

            testCase "an error at compile time names line and column" (fun () ->
                let error = (fsharp "let fine = 1\nlet bad = unknownName").Error.Value
                Expect.equal error.Name "CompilationError" "name"
                Expect.equal error.Line (System.Nullable 2) "line"
                Expect.stringContains error.Message "(2,11): error FS0039" "message")

            testCase "an error at run time has its own type, and the line" (fun () ->
                let error =
                    (fsharp
                        "let sum (a: int list) =\n    let mutable s = 0\n    for i in a do\n        s <- s + List.find (fun j -> j = i + 1) a\n    s\n\nlet x = sum [ 1 ]")
                        .Error.Value

                Expect.equal error.Name "System.Collections.Generic.KeyNotFoundException" "type"
                Expect.equal error.Line (System.Nullable 4) "line"
                Expect.stringContains (String.concat "\n" error.Traceback) ", line 7" "where it was called")

            testCase "failwith at the top level" (fun () ->
                let error = (fsharp "\nfailwith \"so it is\"").Error.Value
                Expect.equal error.Message "so it is" "message"
                Expect.equal error.Line (System.Nullable 2) "line")

            testCase "what the compiler warns of is told, with its place" (fun () ->
                let heard =
                    fsharp "let warned (x: int option) =\n    match x with\n    | Some v -> v\n\nwarned (Some 2)"

                returns "2" heard
                let told = heard.Text StandardStream.Error
                Expect.stringContains told "line 2, column 11" "place"
                Expect.stringContains told "FS0025" "the compiler's code"

                let suppressed =
                    fsharp "#nowarn \"25\"\nlet unwarned (x: int option) = match x with Some v -> v"

                Expect.equal suppressed.Events [] "nothing is heard")

            testCase "a cell's own exception has the name that the cell gave it" (fun () ->
                let error =
                    (fsharp "exception TooCold of string\nraise (TooCold \"x\")").Error.Value

                Expect.equal error.Name "TooCold" "name")

            // It holds for the cells of other tests as well.
            testSequenced
            <| testCase "#time times what follows" (fun () ->
                fsharp "#time \"on\"" |> succeeds

                try
                    Expect.stringContains (fsharp "List.sum [ 1..9 ]").Out "Real: " "time"
                finally
                    fsharp "#time \"off\"" |> succeeds)

            // Another test's cell would be 'it'.
            testSequenced
            <| testCase "a function, and what is of any type, is a value; it stays itself" (fun () ->
                fsharp "fun x -> x + 1" |> returns "int -> int"
                fsharp "it 3" |> returns "4"
                fsharp "None" |> returns "None"
                fsharp "[]" |> returns "[]"
                fsharp "let pair = 1, 2\nfst" |> returns "(object, object) -> object"
                Expect.equal (fsharp "let three = 3").Value None "a declaration has none, whatever it was before"
                Expect.equal (fsharp "let it = 41").Value None "also of the name that a last value has"
                Expect.equal (fsharp "it + 1").Value (Some "42") "which can be said")

            testCase "an error behind a whole expression is no reason to drop the cell in silence" (fun () ->
                for code, line in [ "3 : int", 1; "let whole = (3)\n]", 2; "let other = 1\n\n:> obj", 3 ] do
                    let heard = fsharp code
                    Expect.isFalse heard.Ended code
                    Expect.equal heard.Error.Value.Line (System.Nullable line) code
                    Expect.stringContains heard.Error.Value.Message "FS0010" "the compiler's own word, once")

            testCase "F# Interactive's ;; may stand anywhere" (fun () ->
                let heard =
                    fsharp "let first = 1;; let text = \"a;;b\" // c;;d\n(* ;; *)\nprintf \"%s\" text;;\n\nfirst + 1;;"

                Expect.equal heard.Out "a;;b" "all of it ran"
                returns "2" heard
                let error = (fsharp "let fine = 1;;\n fine + \"x\"").Error.Value
                Expect.equal error.Line (System.Nullable 2) "line")

            testCase "a generic last expression" (fun () ->
                let heard = fsharp "let once = 1\nif once = 1 then\n    []\nelse\n    []"
                succeeds heard
                Expect.isSome heard.Value "an empty list is shown")

            testCase "what the program carries is there for the cell that names it" (fun () ->
                use engine = start null
                let run = runIn engine "fsharp"
                run "1 + 2" |> returns "3"
                run "nameof Plotly.NET.StyleParam.Mode" |> returns "Mode"

                let seen =
                    engine.Languages[1].Services.Complete("Newtonsoft.Json.JsonC", 21, CancellationToken.None)

                Expect.exists seen.Items (fun each -> each.Text = "JsonConvert") "an editor sees it as well")

            testCase "and for one that has it by a name of the framework, which runs once" (fun () ->
                use engine = start null
                // A class of System.ServiceModel, in a namespace that each cell knows.
                let heard =
                    runIn
                        engine
                        "fsharp"
                        "printf \"once\"\nlet found = System.Collections.Generic.SynchronizedCollection<int>()\nfound.Count"

                Expect.equal heard.Out "once" "text"
                returns "0" heard)
        ]
    ]
