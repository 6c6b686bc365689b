module Engram.Tests.Cli.RunTests

open System.IO
open System.Text.Json.Nodes
open System.Threading
open Expecto
open Engram.Cli
open Engram.Notebooks
open Engram.Tests.Cli.RunFakes

let private outputs (cell: NotebookCell) = [ for output in cell.Outputs -> output["output_type"].GetValue<string>() ]

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
    ]
