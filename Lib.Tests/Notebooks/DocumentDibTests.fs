module Engram.Tests.Notebooks.DocumentDibTests

open System.Text.Json.Nodes
open Expecto
open FsCheck.FSharp
open Engram.Notebooks

let private cells (document: NotebookDocument) = [ for cell in document.Cells -> cell.Language, cell.Source ]

let private through (document: NotebookDocument) = Dib.Parse(Dib.Format document)

let private cell kind language (source: string) =
    NotebookCell("id", kind, language, source, JsonObject())

let private notebook cells =
    NotebookDocument(Array.ofList<NotebookCell> cells, JsonObject(), "csharp")

[<Tests>]
let tests =
    testList "documents: dib" [
        testCase "a script of .NET Interactive is read: #!meta, languages, prose" (fun () ->
            let document = Dib.Parse(Samples.text "script.dib")
            Expect.equal document.DefaultLanguage "fsharp" "by #!meta"
            let languages = [ for language, _ in cells document -> language ]
            Expect.equal languages [ "markdown"; "fsharp"; "csharp"; "fsharp" ] "languages"
            Expect.equal document.Cells[0].Kind CellKind.Markdown "prose"
            Expect.equal document.Cells[0].Source "# A script of .NET Interactive\n\nProse." "its text"

            Expect.equal
                document.Cells[2].Source
                "#!csharp\n#!share squares --from fsharp\nsquares.Sum()"
                "the other language is named in the cell")

        testCase "it is written as it was" (fun () ->
            let file = Samples.text "script.dib"
            Expect.equal (Dib.Format(Dib.Parse file)) file "the same text")

        testCase "without #!meta, without a first marker, with aliases and \\r\\n" (fun () ->
            let document =
                Dib.Parse "var x = 1;\r\n\r\n#!f#\r\n\r\nlet y = 2\r\n\r\n#!md\r\n\r\ntext"

            Expect.equal
                (cells document)
                [ "csharp", "var x = 1;"; "fsharp", "#!fsharp\nlet y = 2"; "markdown", "text" ]
                "three cells")

        testCase "an empty file has no cells" (fun () ->
            Expect.isEmpty (Dib.Parse "\n\n").Cells "blank"
            Expect.isEmpty (Dib.Parse "").Cells "empty")

        testCase "other directives start no cell" (fun () ->
            let text = "#!time\n#!share x --from fsharp\n#!csharp2\nx"
            Expect.equal (cells (Dib.Parse text)) [ "csharp", text ] "one cell")

        testCase "a kernel that #!meta declares has cells of its own, by name and by alias" (fun () ->
            let meta =
                """{"kernelInfo":{"defaultKernelName":"csharp","items":[{"name":"csharp","aliases":["c-sharp"]},"""
                + """{"name":"pythonkernel","languageName":"python","aliases":["py"]},{"name":"sql-adventureworks"}]}}"""

            let text =
                $"#!meta\n\n{meta}\n\n#!pythonkernel\n\nprint(1)\n\n#!c-sharp\n\n1\n\n#!sql-adventureworks\n\nselect 1\n\n#!py\n\n2\n\n#!md\n\n #!py"

            let document = Dib.Parse text

            Expect.equal
                (cells document)
                [
                    "pythonkernel", "#!pythonkernel\nprint(1)"
                    "csharp", "1"
                    "sql-adventureworks", "#!sql-adventureworks\nselect 1"
                    "pythonkernel", "#!pythonkernel\n2"
                    "markdown", "#!py"
                ]
                "five cells"

            let jupyters = Ipynb.Parse(Ipynb.Format(document.ForJupyter()))
            Expect.equal (cells jupyters) (cells document) "as Jupyter's"

            for owner, key in [ "polyglot_notebook", "kernelName"; "dotnet_interactive", "language" ] do
                let name = jupyters.Cells[2].Metadata[owner].[key].GetValue<string>()
                Expect.equal name "sql-adventureworks" owner

            Expect.equal (cells (Dib.Parse(Dib.Format jupyters))) (cells document) "and back")

        testCase "a document whose own language no other knows is cells of it" (fun () ->
            let text =
                """#!meta""" + "\n\n{\"kernelInfo\":{\"defaultKernelName\":\"apl\"}}\n\n#!apl\n\n1\n\n#!apl\n\n2\n"

            Expect.equal (cells (Dib.Parse text)) [ "apl", "1"; "apl", "2" ] "two"
            Expect.equal (Dib.Format(Dib.Parse text)) text "written as it was")

        testCase
            "a cell of an ipynb in a language that is not known comes back from a dib, with all beside it"
            (fun () ->
                let text =
                    """{"cells":[
                {"cell_type":"markdown","id":"prose","metadata":{},"source":"![](attachment:a.png)\n#!sql-foo","attachments":{"a.png":{"image/png":"AAAA"}}},
                {"cell_type":"code","id":"first","metadata":{"tags":["parameters"]},"source":"var a = 1;","outputs":[],"execution_count":null},
                {"cell_type":"code","id":"query","metadata":{"tags":["slow"],"polyglot_notebook":{"kernelName":"sql-foo"}},"source":"#!sql-foo\nselect 1","outputs":[],"execution_count":null},
                {"cell_type":"code","id":"last","metadata":{},"source":"a","outputs":[],"execution_count":null}],
                "metadata":{"kernelspec":{"display_name":".NET (F#)","language":"F#","name":".net-fsharp"}},"nbformat":4,"nbformat_minor":5}"""

                let before = Ipynb.Parse text
                let script = Dib.Format before
                let after = Ipynb.Parse(Ipynb.Format(Dib.Parse script))
                Expect.equal after.DefaultLanguage "fsharp" "the document's language"

                let held (document: NotebookDocument) = [
                    for cell in document.Cells ->
                        cell.Id,
                        cell.Kind,
                        cell.Language,
                        cell.Source,
                        List.ofSeq cell.Tags,
                        (if isNull cell.Attachments then
                             ""
                         else
                             cell.Attachments.ToJsonString())
                ]

                Expect.equal (held after) (held before) "ids, kinds, languages, text, tags, attachments"

                let name =
                    after.Cells[2].Metadata["polyglot_notebook"].["kernelName"].GetValue<string>()

                Expect.equal name "sql-foo" "the kernel's name"
                Expect.stringContains script "\"name\":\"sql-foo\"" "declared"
                Expect.equal (Dib.Format after) script "and to the same script again")

        testCase "an edited script keeps what its cells held that are still the same" (fun () ->
            let tagged id kind (source: string) =
                let language = if kind = CellKind.Code then "csharp" else "markdown"
                let metadata = JsonNode.Parse $"{{\"tags\":[\"of-{id}\"]}}" :?> JsonObject
                NotebookCell(id, kind, language, source, metadata)

            let picture =
                NotebookCell(
                    "c",
                    CellKind.Markdown,
                    "markdown",
                    "![](attachment:a.png)",
                    JsonObject(),
                    Attachments = (JsonNode.Parse """{"a.png":{"image/png":"AAAA"}}""" :?> JsonObject)
                )

            let script =
                Dib.Format(
                    notebook [
                        tagged "a" CellKind.Code "1"
                        tagged "b" CellKind.Markdown "b"
                        picture
                        tagged "d" CellKind.Code "1"
                        tagged "e" CellKind.Code "5"
                    ]
                )

            let held (edit: string -> string) = [
                for cell in (Dib.Parse(edit script)).Cells ->
                    (if cell.Id.Length = 1 then cell.Id else ""), String.concat "," cell.Tags, isNull cell.Attachments
            ]

            let a, b, c, d, e =
                ("a", "of-a", true), ("b", "of-b", true), ("c", "", false), ("d", "of-d", true), ("e", "of-e", true)

            let fresh = "", "", true
            Expect.equal (held id) [ a; b; c; d; e ] "as it was"

            Expect.equal
                (held (fun text -> text.Replace("#!markdown\n\n!", "#!csharp\n\nnew\n\n#!markdown\n\n!")))
                [ a; b; fresh; c; d; e ]
                "a cell more"

            Expect.equal
                (held (fun text -> text.Replace("#!markdown\n\nb\n\n", "").Replace("#!csharp\n\n5", "#!csharp\n\n6")))
                [ a; c; d; e ]
                "a cell less, and one that was edited between the same neighbours"

            Expect.equal
                (held (fun text -> text.Replace("#!markdown\n\nb\n", "#!fsharp\n\nb\n\n#!markdown\n\nmore\n")))
                [ a; fresh; fresh; c; d; e ]
                "another language is another cell")

        testCase "a broken #!meta is refused with its line" (fun () ->
            Expect.throwsC (fun () -> Dib.Parse("\n#!meta\n\n{\"a\":\n}\n#!csharp\n1", "b.dib") |> ignore) (fun e ->
                Expect.stringContains e.Message "b.dib: line 5" "where")

            Expect.throwsC (fun () -> Dib.Parse("#!meta\n[1]", "b.dib") |> ignore) (fun e ->
                Expect.stringContains e.Message "object" "what"))

        testCase "prose that shows a marker stays prose" (fun () ->
            let prose = "```\n#!csharp\n #!fsharp\n#!meta\n```"

            let before =
                notebook [ cell CellKind.Markdown "markdown" prose; cell CellKind.Code "csharp" "1" ]

            Expect.equal (cells (through before)) [ "markdown", prose; "csharp", "1" ] "the same")

        testCase "a change of language within a cell starts a new one" (fun () ->
            let before = notebook [ cell CellKind.Code "csharp" "1\n#!fsharp\n2" ]
            Expect.equal (cells (through before)) [ "csharp", "1"; "fsharp", "#!fsharp\n2" ] "two cells")

        testCase "an ipynb goes through a dib with all but its outputs" (fun () ->
            let before = Ipynb.Parse(Samples.text "jupyter-written.ipynb")
            let after = through before

            let bare (document: NotebookDocument) =
                let cells = [
                    for cell in document.Cells ->
                        NotebookCell(
                            cell.Id,
                            cell.Kind,
                            cell.Language,
                            cell.Source,
                            cell.Metadata,
                            Attachments = cell.Attachments
                        )
                ]

                Ipynb.Format(NotebookDocument(Array.ofList cells, document.Metadata, document.DefaultLanguage))

            Expect.equal (bare after) (bare before) "ids, metadata, tags, attachments, text")

        testCase "a polyglot notebook keeps its metadata through a dib" (fun () ->
            let before = Ipynb.Parse(Samples.text "vscode-polyglot.ipynb")
            let after = through before
            Expect.isTrue (JsonNode.DeepEquals(before.Metadata, after.Metadata)) "the document's"
            Expect.equal (cells after |> List.map fst) (cells before |> List.map fst) "languages"
            Expect.stringStarts after.Cells[2].Source "#!fsharp\n" "any client can run it")

        testPropertyWithConfig
            {
                FsCheckConfig.defaultConfig with
                    maxTest = 200
            }
            "any notebook goes to .dib, back to .ipynb and to .dib again with nothing lost but outputs"
            (fun () ->
                let text =
                    Gen.elements [
                        "a"
                        "\n"
                        " "
                        "#!csharp\n"
                        "#!fsharp"
                        "#!time\n"
                        " #!sql-foo"
                        "é"
                        "\\"
                        "\""
                        "#!meta\n{}"
                    ]
                    |> Gen.listOf
                    |> Gen.map (String.concat "")

                let metadata =
                    Gen.elements [
                        "{}"
                        """{"tags":["a","b"]}"""
                        """{"x":{"deep":[1,null,"<é>"]}}"""
                        """{"id":1}"""
                    ]
                    |> Gen.map (fun json -> JsonNode.Parse json :?> JsonObject)

                let code language (source: string) =
                    // A line that changes the language starts a cell of a .dib: a cell of a notebook that goes there has none.
                    let source = source.Replace("#!csharp", "#!set").Replace("#!fsharp", "#!who")

                    if language = "csharp" then
                        source
                    else
                        $"#!{language}\n{source}"

                let one =
                    gen {
                        let! source = text
                        let! metadata = metadata

                        let! kind, language =
                            Gen.elements [
                                CellKind.Code, "csharp"
                                CellKind.Code, "fsharp"
                                CellKind.Code, "html"
                                CellKind.Code, "sql-foo"
                                CellKind.Markdown, "markdown"
                                CellKind.Raw, "raw"
                            ]

                        let source =
                            if kind = CellKind.Code then
                                code language source
                            else
                                source

                        let! id = Gen.choose (0, 1_000_000_000)
                        return NotebookCell($"id-{id}", kind, language, source, metadata)
                    }

                let document =
                    Gen.zip (Gen.listOf one) metadata
                    |> Gen.map (fun (cells, metadata) ->
                        NotebookDocument(cells |> List.distinctBy _.Id |> Array.ofList, metadata, "csharp"))

                Prop.forAll (Arb.fromGen document) (fun before ->
                    let script = Dib.Format before
                    let jupyters = (Dib.Parse script).ForJupyter()
                    let back = Ipynb.Parse(Ipynb.Format jupyters)

                    let held (document: NotebookDocument) = [
                        for cell in document.Cells ->
                            cell.Id, cell.Kind, cell.Language, cell.Source, List.ofSeq cell.Tags
                    ]

                    Expect.equal (held back) (held before) "ids, kinds, languages, text and tags"

                    for before, after in Seq.zip before.Cells back.Cells do
                        for entry in before.Metadata do
                            Expect.isTrue (JsonNode.DeepEquals(entry.Value, after.Metadata[entry.Key])) entry.Key

                    Expect.equal (cells (Dib.Parse(Dib.Format back))) (cells back) "and to a script again"))

        testProperty "any text of a cell survives" (fun () ->
            let text =
                Gen.elements [ "a"; "\n"; " "; "#"; "!"; "é"; "\n\n" ]
                |> Gen.listOf
                |> Gen.map (String.concat "")
                |> Arb.fromGen

            Prop.forAll text (fun source ->
                let before =
                    notebook [
                        cell CellKind.Code "csharp" source
                        cell CellKind.Markdown "markdown" source
                        cell CellKind.Code "csharp" source
                    ]

                Expect.equal (cells (through before)) (cells before) "the same"))
    ]
