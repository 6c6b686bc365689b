/// Real Jupyter as the counterpart: its own tests of a kernel, and nbclient over the chapters.
module Engram.Tests.Kernel.JupyterTests

open System
open System.Diagnostics
open System.IO
open Expecto
open Engram.Tests

let private script name =
    Path.Combine(Repository.root, "Lib.Tests", "Kernel", "jupyter", name)

/// Runs a Python script that sees the installed kernel.
let private python (modules: string list) (file: string) (arguments: string list) =
    let folder = Directory.CreateTempSubdirectory "engram-jupyter-"

    try
        let info =
            ProcessStartInfo(
                Requirements.python modules,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                WorkingDirectory = folder.FullName
            )

        [ "-B"; "-W"; "ignore"; file; yield! arguments ] |> List.iter info.ArgumentList.Add
        info.Environment["JUPYTER_PATH"] <- PublishedKernel.jupyterPath ()
        info.Environment["PYDEVD_DISABLE_FILE_VALIDATION"] <- "1"
        use run = Process.Start info
        let error = run.StandardError.ReadToEndAsync()
        let output = run.StandardOutput.ReadToEnd()
        run.WaitForExit()
        run.ExitCode, output, error.Result
    finally
        folder.Delete true

[<Tests>]
let tests =
    testSequenced
    <| testList "jupyter" [
        testTheory "jupyter_kernel_test, every optional section on" [ "test_csharp.py"; "test_fsharp.py" ]
        <| fun name ->
            let code, _, error = python [ "jupyter_kernel_test" ] (script name) []
            Expect.equal code 0 error
            Expect.stringContains error "Ran 13 tests" "all of them"
            Expect.isFalse (error.Contains "skipped") $"none skipped: {error}"

        testCase "nbclient executes a notebook of both languages" (fun () ->
            let code, output, error =
                python [ "nbclient"; "nbformat" ] (script "mixed_notebook.py") []

            Expect.equal code 0 (error + output))

        testCase "nbclient executes every chapter" (fun () ->
            let chapters =
                Directory.GetFiles(Path.Combine(Repository.root, "notebooks"), "*.ipynb") |> Array.sort

            Expect.isGreaterThanOrEqual chapters.Length 4 "chapters"

            let code, output, error =
                python [ "nbclient"; "nbformat" ] (script "run_chapters.py") (List.ofArray chapters)

            Expect.equal code 0 (error + output))
    ]
