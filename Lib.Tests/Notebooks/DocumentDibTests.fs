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
