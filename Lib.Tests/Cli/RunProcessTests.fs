/// The program itself, with its engine: each test starts a process.
module Engram.Tests.Cli.RunProcessTests

open System
open System.Diagnostics
open System.IO
open System.Threading
open Expecto
open Engram.Notebooks
open Engram.Tests.Notebooks

let private start (folder: string) (arguments: string list) =
    let info =
        ProcessStartInfo(
            "dotnet",
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        )

    for argument in Path.Combine(AppContext.BaseDirectory, "Engram.Cli.dll") :: arguments do
        info.ArgumentList.Add argument

    Process.Start info

let private ended (run: Process) =
    let out, error =
        run.StandardOutput.ReadToEndAsync(), run.StandardError.ReadToEndAsync()

    if not (run.WaitForExit(TimeSpan.FromMinutes 5.0)) then
        run.Kill()
        failtest $"the program does not end: {out.Result}{error.Result}"

    run.ExitCode, out.Result, error.Result

let private text (output: Text.Json.Nodes.JsonObject) (mime: string) =
    String.concat "" [ for line in output["data"].[mime].AsArray() -> line.GetValue<string>() ]

/// Holds files to nbformat: its schema, and the bytes that it would write itself.
let private validate (files: string array) =
    let script =
        "import nbformat, sys\n"
        + "for path in sys.argv[1:]:\n"
        + "    text = open(path, encoding='utf-8').read()\n"
        + "    notebook = nbformat.reads(text, as_version=4)\n"
        + "    nbformat.validate(notebook)\n"
        + "    assert nbformat.writes(notebook).rstrip('\\n') == text.rstrip('\\n'), path\n"

    let info =
        ProcessStartInfo(Engram.Tests.Requirements.python [ "nbformat" ], RedirectStandardError = true)

    for argument in [ "-c"; script; yield! files ] do
        info.ArgumentList.Add argument

    use run = Process.Start info
    let said = run.StandardError.ReadToEnd()
    run.WaitForExit()
    Expect.equal run.ExitCode 0 said

let private kinds (cell: NotebookCell) = [ for output in cell.Outputs -> output["output_type"].GetValue<string>() ]

[<Tests>]
let tests =
    testList "run: the program" [
        testCase "notebooks written for .NET Interactive run unchanged; a failing one names cell and line" (fun () ->
            Samples.inFolder (fun folder ->
                let at name = Path.Combine(folder, name)

                for sample in [ "vscode-polyglot.ipynb"; "script.dib"; "old-script.dib" ] do
                    File.WriteAllBytes(at sample, Samples.bytes sample)

                File.WriteAllText(at "failing.dib", "var a = 1;\n\n#!fsharp\n\nlet b = 1\nfailwith \"on purpose\"\n")
                // The very first cell, while the engine warms up: a submission, and one that sees it.
                File.WriteAllText(at "_helper.csx", "var imported = 1;")
                File.WriteAllText(at "0-first.dib", "#!import _helper.csx\ndisplay(imported + 1);\n")
                let code, out, error = ended (start folder [ "run"; "." ])
                Expect.equal code 1 "one failed"

                Expect.equal
                    (error.Trim())
                    "failing.dib, cell 2, line 3: System.Exception: on purpose"
                    "one line for the one failure"

                let executed name =
                    Ipynb.Read(Path.Combine(folder, "artifacts", "notebooks", name))

                Expect.equal (text (executed "0-first.ipynb").Cells[0].Outputs[0] "text/plain") "2" "displayed"
                // VS Code's notebook: table, stream, result; shared to F#; a formatter of the user's.
                let polyglot = (executed "vscode-polyglot.ipynb").Cells
                let cell n = polyglot[n]
                Expect.equal (kinds (cell 1)) [ "display_data"; "stream"; "execute_result" ] "in the order they came"
                Expect.stringContains (text (cell 1).Outputs[0] "text/html") "<th>Name</th><th>Age</th>" "a table"
                Expect.equal (text (cell 1).Outputs[2] "text/plain") "77" "the sum"
                Expect.equal (text (cell 2).Outputs[0] "text/plain") "154" "shared to F#"

                Expect.contains
                    [
                        for output in (cell 3).Outputs -> output["data"].["text/html"] |> isNull |> not
                    ]
                    true
                    "html"
                // The script: F# first, shared to C#.
                let script = (executed "script.ipynb").Cells
                Expect.equal (text script[1].Outputs[0] "text/plain") "[1, 4, 9, 16, 25]" "an F# list"
                Expect.equal (text script[2].Outputs[0] "text/plain") "55" "its sum in C#"
                // The older script: without #!meta, with displays and updates.
                let old = (executed "old-script.ipynb").Cells
                let last = old[old.Count - 1]
                Expect.equal (text last.Outputs[last.Outputs.Count - 1] "text/plain") "20" "in F#"
                Expect.stringContains out "failing.dib" "named"
                validate (Directory.GetFiles(Path.Combine(folder, "artifacts", "notebooks")))))

        testCase "--set gives a variable another value of its own type" (fun () ->
            Samples.inFolder (fun folder ->
                let tagged = RunFakes.tagged "parameters" "double beta = 1;\nstring name = \"a\";"
                let use' = RunFakes.code "$\"{beta / 2} {name}\""

                let document =
                    NotebookDocument([| tagged; use' |], Text.Json.Nodes.JsonObject(), "csharp")

                Documents.Save(document, Path.Combine(folder, "a.ipynb"))

                let code, _, error =
                    ended (start folder [ "run"; "a.ipynb"; "--set"; "beta=5"; "--set"; "name=12"; "--out"; "o" ])

                Expect.equal code 0 error
                let cells = (Ipynb.Read(Path.Combine(folder, "o", "a.ipynb"))).Cells
                Expect.equal cells[1].Source "var beta = 5.0;\nvar name = \"12\";" "the injected cell"
                Expect.equal (text cells[2].Outputs[0] "text/plain") "2.5 12" "what it did"))

        testCase "a signal stops the running cell, and what ran is written" (fun () ->
            if OperatingSystem.IsWindows() then
                skiptest "signals are Unix's"

            Samples.inFolder (fun folder ->
                let at name = Path.Combine(folder, name)

                File.WriteAllText(
                    at "loop.dib",
                    "#!csharp\n\nConsole.WriteLine(\"before\");\n\n#!csharp\n\nSystem.IO.File.WriteAllText(\"going\", \"\");\nwhile (true) { }\n\n#!csharp\n\n1\n"
                )

                use run = start folder [ "run"; "loop.dib" ]
                let deadline = DateTime.UtcNow.AddMinutes 4.0

                while not (File.Exists(at "going")) && DateTime.UtcNow < deadline && not run.HasExited do
                    Thread.Sleep 50

                use kill = Process.Start("kill", [ "-TERM"; string run.Id ])
                kill.WaitForExit()
                let code, out, _ = ended run
                Expect.equal code 130 "the exit code of an interrupt"
                Expect.stringContains out "interrupted" "said"
                let cells = (Ipynb.Read(at "artifacts/notebooks/loop.ipynb")).Cells
                Expect.equal (kinds cells[0]) [ "stream" ] "what ran before"
                Expect.equal (kinds cells[1]) [ "error" ] "where it stopped"
                Expect.isFalse cells[2].ExecutionCount.HasValue "what did not run"))

        testCase "--timeout: a cell that catches what stops it has failed" (fun () ->
            Samples.inFolder (fun folder ->
                let cells = [|
                    RunFakes.code "try { while (true) { } } catch { }"
                    RunFakes.code "#!fsharp\ntry\n    while true do ()\nwith _ -> ()"
                    RunFakes.code "1 + 1"
                |]

                let document = NotebookDocument(cells, Text.Json.Nodes.JsonObject(), "csharp")

                Documents.Save(document, Path.Combine(folder, "a.ipynb"))

                let code, _, error =
                    ended (start folder [ "run"; "a.ipynb"; "--keep-going"; "--timeout"; "2" ])

                Expect.equal code 1 "it failed"

                Expect.equal
                    (error.Trim().Split '\n' |> List.ofArray)
                    [
                        "a.ipynb, cell 1: Timeout: The cell ran longer than 2 s and was stopped."
                        "a.ipynb, cell 2: Timeout: The cell ran longer than 2 s and was stopped."
                    ]
                    "both"))

        testCase "what programs and native code print that a cell starts is the cell's" (fun () ->
            if OperatingSystem.IsWindows() then
                skiptest "Unix only"

            Samples.inFolder (fun folder ->
                File.WriteAllText(
                    Path.Combine(folder, "a.dib"),
                    "#!csharp\n\nConsole.Write(\"a\"); System.Diagnostics.Process.Start(\"sh\", [\"-c\", \"seq 1 20000; printf 'hé'; echo gone >&2\"]).WaitForExit(); using (var raw = Console.OpenStandardOutput()) raw.Write(\"raw\"u8);\n\n#!fsharp\n\nSystem.Diagnostics.Process.Start(\"echo\", \"next\").WaitForExit()\n"
                )

                let code, out, error = ended (start folder [ "run"; "a.dib" ])
                Expect.equal code 0 error
                Expect.equal error "gone\n" "standard error stays with the program"
                Expect.isFalse (out.Contains "raw" || out.Contains "next") $"not among what the program says: {out}"

                let written (cell: NotebookCell) =
                    String.concat "" [
                        for output in cell.Outputs do
                            for line in output["text"].AsArray() -> line.GetValue<string>()
                    ]

                let cells =
                    (Ipynb.Read(Path.Combine(folder, "artifacts", "notebooks", "a.ipynb"))).Cells

                let numbers = String.init 20_000 (fun i -> $"{i + 1}\n")
                Expect.equal (written cells[0]) $"a{numbers}héraw" "the first cell's"
                Expect.equal (written cells[1]) "next\n" "the second's"))

        testCase "on a terminal nobody is asked for keys, and outputs have no signs of the terminal's" (fun () ->
            if not (OperatingSystem.IsLinux() && File.Exists "/usr/bin/script") then
                skiptest "no terminal without Linux's script"

            Samples.inFolder (fun folder ->
                File.WriteAllText(
                    Path.Combine(folder, "a.dib"),
                    "#!csharp\n\nConsole.ReadKey()\n\n#!fsharp\n\nSystem.Diagnostics.Process.Start(\"sh\", [ \"-c\"; \"cat; echo end\" ]).WaitForExit()\n"
                )

                let program = Path.Combine(AppContext.BaseDirectory, "Engram.Cli.dll")

                let info =
                    ProcessStartInfo("/usr/bin/script", WorkingDirectory = folder, RedirectStandardOutput = true)

                [
                    "-qec"
                    $"dotnet '{program}' run a.dib --keep-going --timeout 20"
                    "/dev/null"
                ]
                |> List.iter info.ArgumentList.Add

                info.Environment["TERM"] <- "xterm"
                use run = Process.Start info
                let shown = run.StandardOutput.ReadToEnd()
                run.WaitForExit()
                Expect.stringContains shown "\u001b[?25l" "a picture that moves"

                let cells =
                    (Ipynb.Read(Path.Combine(folder, "artifacts", "notebooks", "a.ipynb"))).Cells

                Expect.equal (kinds cells[0]) [ "error" ] "the first cell"

                Expect.stringContains
                    (cells[0].Outputs[0].["evalue"].GetValue<string>())
                    "Cannot read keys"
                    "says why"

                Expect.equal (kinds cells[1]) [ "stream" ] "the second cell"

                Expect.equal
                    (cells[1].Outputs[0].["text"].ToJsonString())
                    "[\"end\\n\"]"
                    "nothing to read, nothing added"))
    ]
