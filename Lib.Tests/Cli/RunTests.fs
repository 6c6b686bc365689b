module Engram.Tests.Cli.RunTests

open System.IO
open System.Text.Json.Nodes
open System.Threading
open Expecto
open Engram.Cli
open Engram.Notebooks
open Engram.Tests.Cli.RunFakes

let private has (text: string) (part: string) = Expect.stringContains text part part

let private counts (document: NotebookDocument) = [
    for cell in document.Cells -> Option.ofNullable cell.ExecutionCount
]

let private outputs (cell: NotebookCell) = [ for output in cell.Outputs -> output["output_type"].GetValue<string>() ]

let private run = running []

[<Tests>]
let tests =
    testList "run" [
        testCase "a folder's notebooks run in the order of their names and are written, executed" (fun () ->
            run
                [
                    "nb/02-b.ipynb", [ code "second" ]
                    "nb/01-a.ipynb", [ prose "# text"; code "first"; code "more" ]
                ]
                [ "run"; "nb" ]
                (fun it ->
                    Expect.equal it.Code 0 it.Error
                    Expect.equal it.Ran [ "csharp: first"; "csharp: more"; "csharp: second" ] "order"
                    let executed = it.Executed "01-a.ipynb"
                    Expect.equal (counts executed) [ None; Some 1; Some 2 ] "counts"
                    Expect.equal (outputs executed.Cells[1]) [ "execute_result" ] "outputs"
                    Expect.equal executed.DefaultLanguage "csharp" "with a kernelspec"
                    Expect.isNotNull executed.Metadata["kernelspec"] "for Jupyter"
                    has it.Out "nb/01-a.ipynb: ran in"
                    Expect.stringContains it.Out " 1: 0.0" "seconds of cells"))

        testCase "a failing cell names notebook, cell, line and message; the others still run" (fun () ->
            run
                [
                    "nb/01.ipynb", [ code "ok"; prose "text"; code "fail"; code "never" ]
                    "nb/02.ipynb", [ code "still" ]
                ]
                [ "run"; "nb" ]
                (fun it ->
                    Expect.equal it.Code 1 "the exit code"
                    Expect.equal it.Error "nb/01.ipynb, cell 2, line 2: fail: it fails\n" "one line"
                    Expect.equal it.Ran [ "csharp: ok"; "csharp: fail"; "csharp: still" ] "what ran"
                    let executed = it.Executed "01.ipynb"
                    Expect.equal (counts executed) [ Some 1; None; Some 2; None ] "what ran is written"
                    Expect.equal (outputs executed.Cells[2]) [ "stream"; "error" ] "with its error"
                    has it.Out "FAILED"))

        testCase "--keep-going runs the cells after a failing one; --traceback tells more, without colours" (fun () ->
            run
                [ "a.ipynb", [ code "fail"; code "after" ] ]
                [ "run"; "a.ipynb"; "--keep-going"; "--traceback" ]
                (fun it ->
                    Expect.equal it.Code 1 "it failed"
                    Expect.equal it.Ran.Length 2 "both ran"
                    has it.Error "\n    trace\n"))

        testCase "an engine that breaks is an error of its cell" (fun () ->
            run [ "a.ipynb", [ code "throw" ] ] [ "run"; "a.ipynb" ] (fun it ->
                Expect.equal it.Code 1 "it failed"
                has it.Error "a.ipynb, cell 1: System.InvalidOperationException: the engine broke"))

        testCase "--timeout stops a cell and says so" (fun () ->
            run [ "a.ipynb", [ code "wait"; code "never" ] ] [ "run"; "a.ipynb"; "--timeout"; "0.2" ] (fun it ->
                Expect.equal it.Code 1 "it failed"
                has it.Error "a.ipynb, cell 1: Timeout: The cell ran longer than 0.2 s and was stopped."
                Expect.equal it.Ran.Length 1 "nothing after it"))

        testCase "--timeout leaves out the engine's start; without it cells run while the engine starts" (fun () ->
            Engram.Tests.Notebooks.Samples.inFolder (fun folder ->
                let at name = Path.Combine(folder, name)
                let document = NotebookDocument([| code "one" |], JsonObject(), "csharp")
                Documents.Save(document, at "a.ipynb")

                let ranWith options =
                    let ran = ResizeArray()

                    let engines =
                        fun _ -> {
                            new ICellRunner with
                                member _.ReadyAsync cancellation =
                                    task {
                                        do! Tasks.Task.Delay(1500, cancellation)
                                        ran.Add "ready"
                                    }

                                member _.RunAsync(code, language, hear, cancellation) =
                                    (new FakeRunner(ran, Map []) :> ICellRunner)
                                        .RunAsync(code, language, hear, cancellation)

                                member _.FindType(_, _) = null
                                member _.Dispose() = ()
                        }

                    let console = CliConsole(TextWriter.Null, TextWriter.Null, false, folder)
                    let chapters = [| Chapter(at "a.ipynb", at "out.ipynb") |]

                    let code =
                        RunSession.RunAsync(chapters, options, console, engines).GetAwaiter().GetResult()

                    code, List.ofSeq ran

                Expect.equal (ranWith (RunOptions(Timeout = 1.0))) (0, [ "ready"; "csharp: one" ]) "with a limit"
                Expect.equal (ranWith (RunOptions())) (0, [ "csharp: one" ]) "without"))

        testCase "what the user stops is written as far as it ran" (fun () ->
            Engram.Tests.Notebooks.Samples.inFolder (fun folder ->
                let at name = Path.Combine(folder, name)

                let document =
                    NotebookDocument([| code "one"; code "wait"; code "never" |], JsonObject(), "csharp")

                Documents.Save(document, at "a.ipynb")
                use stop = new CancellationTokenSource()
                let ran = ResizeArray()

                let engines =
                    fun _ -> {
                        new ICellRunner with
                            member _.ReadyAsync _ = Tasks.Task.CompletedTask

                            member _.RunAsync(code, language, hear, cancellation) =
                                if code = "wait" then
                                    stop.CancelAfter 50

                                (new FakeRunner(ran, Map []) :> ICellRunner)
                                    .RunAsync(code, language, hear, cancellation)

                            member _.FindType(_, _) = null
                            member _.Dispose() = ()
                    }

                let out = new StringWriter()
                let console = CliConsole(out, out, false, folder)

                let chapters = [|
                    Chapter(at "a.ipynb", at "out.ipynb")
                    Chapter(at "b.ipynb", at "b-out.ipynb")
                |]

                let result =
                    RunSession.RunAsync(chapters, RunOptions(), console, engines, stop.Token).GetAwaiter().GetResult()

                Expect.equal result 130 "the exit code of an interrupt"
                let executed = Ipynb.Read(at "out.ipynb")
                Expect.equal (counts executed) [ Some 1; Some 2; None ] "what ran"
                has (string out) "interrupted"
                has (string out) "not run"))

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

        testCase "old outputs go, also those of cells that do not run" (fun () ->
            let old =
                NotebookCell(
                    "x",
                    CellKind.Code,
                    "csharp",
                    "old",
                    JsonObject(),
                    Outputs = [| JsonObject() |],
                    ExecutionCount = 9
                )

            run [ "a.ipynb", [ old; tagged "quick" "new" ] ] [ "run"; "a.ipynb"; "--only"; "quick" ] (fun it ->
                let executed = it.Executed "a.ipynb"
                Expect.isEmpty executed.Cells[0].Outputs "none"
                Expect.equal (counts executed) [ None; Some 1 ] "the tagged one only"))

        testCase "in a folder, what another imports and what starts with _ is no chapter; .dib runs as well" (fun () ->
            run
                [
                    "nb/setup.dib", [ code "setup" ]
                    "nb/_draft.ipynb", [ code "draft" ]
                    "nb/01.ipynb", [ code "#!import setup.dib" ]
                    "nb/02.dib", [ code "script" ]
                ]
                [ "run"; "nb" ]
                (fun it ->
                    Expect.equal it.Code 0 it.Error
                    Expect.equal it.Ran [ "csharp: #!import setup.dib"; "csharp: script" ] "two"
                    Expect.equal (counts (it.Executed "02.ipynb")) [ Some 1 ] "a .dib's outputs go into an .ipynb"))

        testCase "a file that is no notebook fails, the others still run" (fun () ->
            run [ "a.ipynb", [ code "x" ]; "b.ipynb", [ code "y" ] ] [ "run"; "none" ] (fun it ->
                File.WriteAllText(Path.Combine(it.Folder, "a.ipynb"), "{")
                let out = new StringWriter()
                let console = CliConsole(out, out, false, it.Folder)
                let engines = fun _ -> new FakeRunner(ResizeArray(), Map []) :> ICellRunner

                let result =
                    EngramProgram.RunAsync([| "run"; "." |], console, engines).GetAwaiter().GetResult()

                Expect.equal result 1 "failed"
                has (string out) "a.ipynb: line 1"
                has (string out) "b.ipynb: ran"))

        testCase "a wrong command line: exit code 2, one line, nothing run" (fun () ->
            for arguments, message in
                [
                    [ "run" ], "Required argument"
                    [ "run"; "missing.ipynb" ], "there is no file or folder 'missing.ipynb'"
                    [ "run"; "empty" ], "there is no notebook in the folder 'empty'"
                    [ "run"; "a.ipynb"; "--timeout"; "soon" ], "not 'soon'"
                    [ "run"; "a.ipynb"; "--timeout"; "-1" ], "greater than 0"
                    [ "run"; "a.ipynb"; "--set"; "1=2" ], "--set takes name=value"
                    [ "run"; "a.ipynb"; "--out"; "a.ipynb" ], "--out takes a folder"
                    [ "run"; "a.ipynb"; "--out"; "." ], "written over itself"
                    [ "run"; "a.ipynb"; "--out"; "a.ipynb/out" ], "nothing can be written into --out 'a.ipynb/out'"
                    [ "run"; "a.ipynb"; "--only"; "qick" ], "the tag 'qick'"
                    [ "run"; "a.ipynb"; "--set"; "n=1"; "--set"; "n=2" ], "--set gives 'n' more than one value"
                    [ "run"; "a.ipynb"; "--wat" ], "--wat"
                    [ "convert"; "a.ipynb" ], "Required argument"
                    [ "convert"; "a.ipynb"; "a.txt" ], "neither in .ipynb nor in .dib"
                    [ "dance" ], "dance"
                ] do
                run [ "a.ipynb", [ code "x" ]; "empty/_not.dib", [] ] arguments (fun it ->
                    Expect.equal it.Code 2 $"{arguments}"
                    has it.Error message
                    Expect.equal (it.Error.Trim().Split('\n').Length) 1 it.Error
                    Expect.isEmpty it.Ran "nothing ran"))

        testCase "--only asks for a cell of code in one of the notebooks" (fun () ->
            let notebooks = [ "a.ipynb", [ code "x" ]; "b.ipynb", [ tagged "quick" "y" ] ]

            run notebooks [ "run"; "a.ipynb"; "b.ipynb"; "--only"; "quick" ] (fun it ->
                Expect.equal it.Code 0 it.Error
                Expect.equal it.Ran [ "csharp: y" ] "the one cell")

            run
                [ "c.ipynb", [ cell CellKind.Markdown [ "quick" ] "text" ] ]
                [ "run"; "c.ipynb"; "--only"; "quick" ]
                (fun it -> Expect.equal it.Code 2 "prose does not run"))

        testCase "a trial of --out leaves nothing there" (fun () ->
            run [ "d.ipynb", [ code "x" ] ] [ "run"; "d.ipynb" ] (fun it ->
                let written = Path.Combine(it.Folder, "artifacts", "notebooks")

                let files = [
                    for file in Directory.GetFileSystemEntries written -> Path.GetFileName(file: string)
                ]

                Expect.equal files [ "d.ipynb" ] "the notebook alone"))

        testCase "doctor: the space of a home that is not there, or that cannot be told" (fun () ->
            let missing = Path.Combine(Path.GetTempPath(), "not", "there")
            let finding = Doctor.Examination.Disk missing
            has finding.Text "GB free"
            Expect.equal (Doctor.Examination.Disk(Path.GetTempPath())).Verdict finding.Verdict "as of the folder above"
            Expect.equal (Doctor.Examination.Disk "a\000b").Verdict Doctor.Verdict.Optional "no path at all")

        testCase "help and version" (fun () ->
            run [] [ "run"; "--help" ] (fun it ->
                Expect.equal it.Code 0 it.Error
                has it.Out "--keep-going"
                has it.Out "engram run <paths>")

            run [] [] (fun it ->
                Expect.equal it.Code 0 it.Error
                has it.Out "convert")

            run [] [ "--version" ] (fun it -> Expect.stringStarts it.Out "0.1.0" "version"))

        testCase "convert: .ipynb to .dib and back, and not over a file" (fun () ->
            let cells = [ prose "# text"; tagged "parameters" "var n = 1;" ]

            run [ "a.ipynb", cells ] [ "convert"; "a.ipynb"; "b.dib" ] (fun it ->
                Expect.equal it.Code 0 it.Error
                let out = new StringWriter()
                let console = CliConsole(out, out, false, it.Folder)

                let back arguments =
                    EngramProgram.RunAsync(arguments, console, null).GetAwaiter().GetResult()

                Expect.equal (back [| "convert"; "b.dib"; "c.ipynb" |]) 0 "back"

                let first, second =
                    Ipynb.Read(Path.Combine(it.Folder, "a.ipynb")), Ipynb.Read(Path.Combine(it.Folder, "c.ipynb"))

                Expect.equal
                    [ for cell in second.Cells -> cell.Source ]
                    [ for cell in first.Cells -> cell.Source ]
                    "text"

                Expect.equal [ for cell in second.Cells -> cell.Id ] [ for cell in first.Cells -> cell.Id ] "ids"
                Expect.sequenceEqual second.Cells[1].Tags [ "parameters" ] "tags"
                Expect.equal (back [| "convert"; "b.dib"; "c.ipynb" |]) 2 "there is a file"
                Expect.equal (back [| "convert"; "b.dib"; "c.ipynb"; "--force" |]) 0 "forced"))
    ]
