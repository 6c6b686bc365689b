module Engram.Tests.Notebooks.DocumentTests

open System.IO
open System.Text.Json.Nodes
open Expecto
open FsCheck.FSharp
open Engram.Notebooks

let private code (source: string) =
    NotebookCell("", CellKind.Code, "csharp", source, JsonObject())

let private notebook (cells: NotebookCell list) =
    NotebookDocument(Array.ofList cells, JsonObject(), "csharp")

let private failure (read: unit -> 'a) =
    try
        read () |> ignore
        failtest "this should not have been read"
    with :? DocumentException as e ->
        e.Message

let private wrapped cells =
    $"""{{"cells":{cells},"metadata":{{}},"nbformat":4,"nbformat_minor":5}}"""

/// Everything that nbformat's lists of lines must carry, and what separates lines for Python alone.
let private anyText =
    Gen.elements [
        "a"
        "\n"
        "\r\n"
        "\""
        "\\"
        "#!csharp"
        "\u2028"
        "\v"
        "é"
        "🧠"
        " "
        "\t"
        "<"
    ]
    |> Gen.listOf
    |> Gen.map (String.concat "")
    |> Arb.fromGen

[<Tests>]
let tests =
    testList "documents: ipynb" [
        testCase "a file that Jupyter wrote comes back byte for byte" (fun () ->
            let file = Samples.text "jupyter-written.ipynb"
            Expect.equal (Ipynb.Format(Ipynb.Parse file)) file "nbformat 5's own text")

        testCase "its cells are read with ids, kinds, counts, tags, attachments and outputs" (fun () ->
            let document = Ipynb.Parse(Samples.text "jupyter-written.ipynb")
            let ids = [ for cell in document.Cells -> cell.Id ]
            Expect.equal ids [ "intro-1"; "c0de0001"; "raw_-1"; "empty" ] "ids"
            let kinds = [ for cell in document.Cells -> cell.Kind ]
            Expect.equal kinds [ CellKind.Markdown; CellKind.Code; CellKind.Raw; CellKind.Code ] "kinds"
            Expect.equal document.DefaultLanguage "fsharp" "the kernelspec's language"
            let second = document.Cells[1]
            Expect.equal second.ExecutionCount (System.Nullable 3) "count"
            Expect.sequenceEqual second.Tags [ "parameters"; "z" ] "tags"
            Expect.equal second.Outputs.Count 5 "outputs"
            Expect.isNotNull document.Cells[0].Attachments "attachments")

        testProperty "any source survives writing and reading" (fun () ->
            Prop.forAll anyText (fun source ->
                let read = Ipynb.Parse(Ipynb.Format(notebook [ code source ]))
                Expect.equal read.Cells[0].Source (source.Replace("\r\n", "\n")) "source"))

        testCase "missing, invalid and doubled ids are made, the same every time" (fun () ->
            let cells =
                """[{"cell_type":"code","source":"1"},{"cell_type":"code","id":"x y","source":"1"},
                    {"cell_type":"code","id":"a","source":"1"},{"cell_type":"code","id":"a","source":"2"}]"""

            let ids () = [ for cell in (Ipynb.Parse(wrapped cells)).Cells -> cell.Id ]

            Expect.equal (ids ()) (ids ()) "stable"
            Expect.equal (List.distinct (ids ())).Length 4 "distinct"
            Expect.all (ids ()) (fun id -> id.Length <= 64 && not (id.Contains ' ')) "valid"
            Expect.equal (List.item 2 (ids ())) "a" "a valid one is kept")

        testCase "a cell's language is found by every convention of .NET Interactive" (fun () ->
            let language metadata document =
                let text =
                    $"""{{"cells":[{{"cell_type":"code","metadata":{metadata},"source":[]}}],"metadata":{document},"nbformat":4}}"""

                (Ipynb.Parse text).Cells[0].Language

            let fsharp = """{"kernelspec":{"name":".net-fsharp","language":"F#"}}"""
            Expect.equal (language "{}" "{}") "csharp" "no word of it"
            Expect.equal (language "{}" fsharp) "fsharp" "kernelspec"
            Expect.equal (language "{}" """{"language_info":{"name":"F#"}}""") "fsharp" "language_info"
            Expect.equal (language "{}" """{"language_info":{"name":"polyglot-notebook"}}""") "csharp" "polyglot"

            Expect.equal
                (language
                    "{}"
                    """{"kernelspec":{"name":".net-csharp"},"polyglot_notebook":{"kernelInfo":{"defaultKernelName":"fsharp"}}}""")
                "fsharp"
                "polyglot metadata before the kernelspec"

            Expect.equal (language """{"dotnet_interactive":{"language":"csharp"}}""" fsharp) "csharp" "the older mark"

            Expect.equal
                (language
                    """{"dotnet_interactive":{"language":"csharp"},"polyglot_notebook":{"kernelName":"fsharp"}}"""
                    "{}")
                "fsharp"
                "the newer mark before the older"

            Expect.equal
                (language "{}" """{"kernelspec":{"name":"python3","language":"python"}}""")
                "python"
                "another's")

        testCase "what is no notebook is refused with file and place" (fun () ->
            let said text =
                failure (fun () -> Ipynb.Parse(text, "a.ipynb"))

            Expect.stringContains (said "{\n \"cells\": [,]\n}") "a.ipynb: line 2, column 12" "syntax"
            Expect.stringContains (said "[1]") "a JSON object" "no object"
            Expect.stringContains (said "{}") "nbformat" "no version"
            Expect.stringContains (said """{"nbformat":3,"worksheets":[]}""") "version 3" "an old one"
            Expect.stringContains (said """{"nbformat":4}""") "cells: a list" "no cells"
            Expect.stringContains (said (wrapped "[1]")) "cells[0]: an object" "no cell"
            Expect.stringContains (said (wrapped """[{"cell_type":"x"}]""")) "cells[0].cell_type" "kind"
            Expect.stringContains (said (wrapped """[{"cell_type":"code"}]""")) "cells[0].source" "no source"

            Expect.stringContains
                (said (wrapped """[{"cell_type":"code","source":["a",1]}]"""))
                "cells[0].source"
                "wrong source"

            Expect.stringContains
                (said (wrapped """[{"cell_type":"code","source":"","outputs":[3]}]"""))
                "cells[0].outputs[0]"
                "wrong output"

            Expect.stringContains
                (said (wrapped """[{"cell_type":"code","source":"","metadata":[]}]"""))
                "cells[0].metadata"
                "wrong metadata"

            Expect.stringContains (said """{"nbformat":4,"nbformat":4,"cells":[]}""") "'nbformat'" "a doubled key")

        testCase "files: missing, a folder, not UTF-8, another ending" (fun () ->
            Samples.inFolder (fun folder ->
                let at name = Path.Combine(folder, name)

                let opened name =
                    failure (fun () -> Documents.Open(at name))

                File.WriteAllBytes(at "latin.ipynb", [| 0x7Buy; 0xE9uy |])
                Directory.CreateDirectory(at "folder.dib") |> ignore
                Expect.stringContains (opened "none.ipynb") "there is no such file" "missing"
                Expect.stringContains (opened "folder.dib") "folder" "folder"
                Expect.stringContains (opened "latin.ipynb") "byte 1: this is not UTF-8" "encoding"
                Expect.stringContains (opened "x.py") ".ipynb or .dib" "ending"))

        testCase "saving replaces the whole file and leaves nothing beside it" (fun () ->
            Samples.inFolder (fun folder ->
                let path = Path.Combine(folder, "deep", "a.ipynb")

                for text in [ "first"; "second" ] do
                    Documents.Save(notebook [ code text ], path)

                Expect.equal (Documents.Open path).Cells[0].Source "second" "the newest"
                Expect.equal (Directory.GetFileSystemEntries(Path.GetDirectoryName path)) [| path |] "one file"))
    ]
