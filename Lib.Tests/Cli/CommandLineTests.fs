/// The command line itself: what is wrong with it, help, and the commands beside `run`.
module Engram.Tests.Cli.CommandLineTests

open System.IO
open Expecto
open Engram.Cli
open Engram.Notebooks
open Engram.Tests.Cli.RunFakes

[<Tests>]
let tests =
    testList "run" [
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
