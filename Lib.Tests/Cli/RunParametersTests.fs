/// What `engram run` takes from the command line into a notebook: parameters, and which cells run.
module Engram.Tests.Cli.RunParametersTests

open Expecto
open Engram.Cli
open Engram.Tests.Cli.RunFakes

[<Tests>]
let tests =
    testList "run" [
        testCase "--set: behind the cell of parameters, as its variables' types, for both languages" (fun () ->
            let types = [
                "steps", typeof<int>
                "beta", typeof<float>
                "single", typeof<float32>
                "name", typeof<string>
                "sizes", typeof<int[]>
            ]

            running
                types
                [
                    "a.ipynb", [ code "start"; tagged "parameters" "defaults"; code "#!fsharp\nrest" ]
                ]
                [
                    "run"
                    "a.ipynb"
                    "--set"
                    "steps=100"
                    "--set"
                    "beta=5"
                    "--set"
                    "single=2"
                    "--set"
                    "name=12"
                    "--set"
                    "sizes=[1,2]"
                    "--set"
                    "free=x=\"y\""
                ]
                (fun it ->
                    Expect.equal it.Code 0 it.Error
                    let executed = it.Executed "a.ipynb"
                    Expect.sequenceEqual executed.Cells[2].Tags [ "injected-parameters" ] "papermill's tag"

                    Expect.equal
                        (executed.Cells[2].Source.Split '\n' |> List.ofArray)
                        [
                            "var steps = 100;"
                            "var beta = 5.0;"
                            "var single = 2f;"
                            "var name = \"12\";"
                            "var sizes = new int[] { 1, 2 };"
                            "var free = \"x=\\\"y\\\"\";"
                            "#!fsharp"
                            "#!share steps --from csharp"
                            "#!share beta --from csharp"
                            "#!share single --from csharp"
                            "#!share name --from csharp"
                            "#!share sizes --from csharp"
                            "#!share free --from csharp"
                        ]
                        "the cell"

                    Expect.equal it.Ran.Length 4 "it ran"))

        testCase "--set without a cell of parameters stands before all; a wrong value is refused" (fun () ->
            run [ "a.ipynb", [ code "only" ] ] [ "run"; "a.ipynb"; "--set"; "n=2.5" ] (fun it ->
                Expect.equal it.Ran [ "csharp: var n = 2.5;"; "csharp: only" ] "first")

            running
                [ "n", typeof<int> ]
                [ "a.ipynb", [ tagged "parameters" "int n = 1;" ] ]
                [ "run"; "a.ipynb"; "--set"; "n=many" ]
                (fun it ->
                    Expect.equal it.Code 1 "it failed"
                    has it.Error "a.ipynb: --set n: 'many' is no value for a variable of type int."))

        testCase "literals of both languages" (fun () ->
            let literal declared language text = Literals.Of(text, declared, language)

            let suggested = literal null

            for text, csharp, fsharp in
                [
                    "3", "3", "3"
                    "3000000000", "3000000000L", "3000000000L"
                    "-2.5", "-2.5", "-2.5"
                    "1e-3", "0.001", "0.001"
                    "true", "true", "true"
                    "text", "\"text\"", "\"text\""
                    "'3'", "\"3\"", "\"3\""
                    "[1,2]", "new int[] { 1, 2 }", "[| 1; 2 |]"
                    "[1,2.5]", "new double[] { 1.0, 2.5 }", "[| 1.0; 2.5 |]"
                    "[a,b]", "new string[] { \"a\", \"b\" }", "[| \"a\"; \"b\" |]"
                ] do
                Expect.equal (suggested "csharp" text) csharp "C#"
                Expect.equal (suggested "fsharp" text) fsharp "F#"

            Expect.equal (literal typeof<float32> "fsharp" "1") "1.0f" "float32"
            Expect.equal (literal typeof<int64> "fsharp" "1") "1L" "int64"
            Expect.throws (fun () -> literal typeof<bool> "csharp" "1" |> ignore) "no bool")

        testCase "--only runs the cells of a tag, and those that only import and reference" (fun () ->
            run
                [
                    "a.ipynb",
                    [
                        code "#!import setup.dib"
                        code "#r \"nuget: X\"\nvar used = 1;"
                        tagged "quick" "this"
                        code "that"
                    ]
                    "setup.dib", [ code "prepared" ]
                ]
                [ "run"; "a.ipynb"; "--only"; "quick" ]
                (fun it ->
                    Expect.equal it.Ran [ "csharp: #!import setup.dib"; "csharp: this" ] "what ran"
                    Expect.equal (counts (it.Executed "a.ipynb")) [ Some 1; None; Some 2; None ] "the others are bare"))
    ]
