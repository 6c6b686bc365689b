module Engram.Tests.Notebooks.EngineDirectiveTests

open System.IO
open Expecto
open Engram.Notebooks
open Engram.Tests.Notebooks.EngineCells

let private plain (heard: Heard) =
    heard.Displays |> List.map (fun shown -> shown.Text "text/plain" |> string) |> String.concat "\n"

type private Answers(answers: string list) =
    let mutable rest = answers
    member val Asked = ResizeArray<string * bool>()

    interface IInput with
        member this.ReadLine(prompt, hidden, _) =
            this.Asked.Add((prompt, hidden))

            match rest with
            | [] -> null
            | head :: tail ->
                rest <- tail
                head

[<Tests>]
let tests =
    testList "directives" [

        testCase "a cell changes its language midway" (fun () ->
            let heard =
                csharp
                    "var fromCSharp = 1;\nConsole.Write(fromCSharp);\n#!fsharp\nlet fromFSharp = 2\nprintf \"%d\" fromFSharp\n#!c#\nfromCSharp + 2"

            Expect.equal heard.Out "12" "both ran"
            returns "3" heard)

        testCase "an error's line is that of the cell, below directives too" (fun () ->
            let error =
                (csharp "#!time\n#!fsharp\nlet one = 1\nlet two : int = \"two\"").Error.Value

            Expect.equal error.Line (System.Nullable 4) "line")

        testCase "html, markdown and javascript are shown" (fun () ->
            let heard = csharp "#!html\n<i>x</i>\n#!markdown\n# head\n#!js\nf()"

            Expect.equal
                (heard.Displays
                 |> List.map (fun shown -> shown.Data |> Seq.head |> (fun pair -> pair.Key, string pair.Value)))
                [
                    "text/html", "<i>x</i>"
                    "text/markdown", "# head"
                    "text/html", "<script type=\"text/javascript\">f()</script>"
                ]
                "contents")

        testCase "a cell of content is shown" (fun () ->
            Expect.equal
                (runIn shared.Value "html" "<b>x</b>" |> fun heard -> heard.Displays[0].Text "text/html")
                "<b>x</b>"
                "html")

        testCase "an unknown directive is named" (fun () ->
            let error = (csharp "var x1 = 1;\n#!nonsense").Error.Value
            Expect.stringContains error.Message "#!nonsense" "message"
            Expect.equal error.Line (System.Nullable 2) "line")

        testCase "#!time tells the time at the end" (fun () ->
            Expect.stringStarts (plain (csharp "#!time\nvar y1 = 1;")) "Wall time: " "time")

        testCase "#!who and #!whos list names, types and sizes" (fun () ->
            csharp "var whoArray = new int[3, 4];" |> ignore
            Expect.stringContains (plain (csharp "#!who")) "whoArray" "name"
            Expect.isMatch (plain (csharp "#!whos")) @"whoArray +int\[,\] +3×4" "type and size"
            fsharp "let whoList = [ 1; 2 ]" |> ignore
            Expect.stringContains (plain (fsharp "#!whos")) "list<int>" "type")

        testCase "#!lsmagic and #!about" (fun () ->
            Expect.stringContains (plain (csharp "#!lsmagic")) "#!share" "directive"
            Expect.stringContains (plain (csharp "#!about")) "Engram" "name")

        testCase "#!set takes literals and values of other languages" (fun () ->
            csharp "#!set --name number --value 12\n#!set --name text --value \"some text\"\nnumber + text.Length"
            |> returns "21"

            csharp "#!set --name list --value [1, 2, 3]\nlist.GetArrayLength()" |> returns "3"
            fsharp "let origin = 2.5" |> ignore
            csharp "#!set --name taken --value @fsharp:origin\ntaken * 2" |> returns "5")

        testCase "#!set asks the reader" (fun () ->
            let input = Answers [ "Ada"; "secret" ]

            let heard =
                runWith
                    shared.Value
                    input
                    System.Threading.CancellationToken.None
                    "csharp"
                    "#!set --name who --value @input:\"Your name\"\n#!set --name word --value @password:word\nwho + word.GetClearTextPassword()"

            returns "Adasecret" heard
            Expect.sequenceEqual input.Asked [ ("Your name", false); ("word", true) ] "what was asked")

        testCase "Console.ReadLine and GetInputAsync ask the reader" (fun () ->
            let input = Answers [ "one"; "two" ]

            runWith
                shared.Value
                input
                System.Threading.CancellationToken.None
                "csharp"
                "Console.ReadLine() + await Kernel.GetInputAsync(\"next?\")"
            |> returns "onetwo"

            Expect.sequenceEqual input.Asked [ ("", false); ("next?", false) ] "what was asked")

        testCase "a question that nobody can answer is an error" (fun () ->
            let error = (csharp "await Kernel.GetInputAsync(\"name?\")").Error.Value
            Expect.stringContains error.Message "name?" "message")

        testCase "a question without words asks for the name" (fun () ->
            let input = Answers [ "Ada" ]

            runWith
                shared.Value
                input
                System.Threading.CancellationToken.None
                "csharp"
                "#!set --name nameless --value @input\nnameless"
            |> returns "Ada"

            Expect.sequenceEqual input.Asked [ ("nameless", false) ] "what was asked")

        testCase "Console's input is an error where nobody can answer" (fun () ->
            for run, code in
                [
                    csharp, "Console.ReadLine()"
                    csharp, "Console.In.ReadToEnd()"
                    fsharp, "stdin.ReadLine()"
                ] do
                let heard = run code
                Expect.isFalse heard.Ended code
                Expect.stringContains heard.Error.Value.Message "cannot answer" code)

        testCase "all of Console's input ends with an empty line" (fun () ->
            let input = Answers [ "one"; "two"; "" ]

            runWith shared.Value input System.Threading.CancellationToken.None "csharp" "Console.In.ReadToEnd()"
            |> returns "one\ntwo\n")

        testCase "code behind a language's name is an error, a comment is none" (fun () ->
            let heard = csharp "#!csharp 1 + 1"
            Expect.isFalse heard.Ended "it fails"
            Expect.stringContains heard.Error.Value.Message "alone in its line" "message"
            csharp "#!csharp // numbers\n1 + 1" |> returns "2")

        testCase "#!value keeps text for languages" (fun () ->
            csharp "#!value --name poem\none\n#r two\n#!csharp\n#!share poem --from value\npoem"
            |> returns "one\n#r two")

        testCase "F# files are loaded as modules, directives of theirs aside" (fun () ->
            let folder = Directory.CreateTempSubdirectory("engram")

            try
                use engine = start (EngineOptions(Folder = folder.FullName))
                File.WriteAllText(Path.Combine(folder.FullName, "tools.fsx"), "#r \"Engram.dll\"\nlet twice x = 2 * x")

                File.WriteAllText(
                    Path.Combine(folder.FullName, "named.fs"),
                    "module Other.Tools\nlet thrice x = 3 * x"
                )

                File.WriteAllText(Path.Combine(folder.FullName, "wrong.fsx"), "let a = 1\n\nlet b = nothing")
                runIn engine "fsharp" "#load \"tools.fsx\"\nTools.twice 4" |> returns "8"

                runIn engine "fsharp" "#load \"named.fs\" \"tools.fsx\"\nopen Other.Tools\nthrice (Tools.twice 1)"
                |> returns "6"

                let error = (runIn engine "fsharp" "#load \"wrong.fsx\"").Error.Value
                Expect.equal error.Line (System.Nullable 3) "the file's line"
                Expect.exists error.Traceback (fun line -> line.Contains "wrong.fsx, line 3") "the file"
            finally
                folder.Delete(true))

        testCase "files import files: beside themselves, not in circles, and errors name them" (fun () ->
            let folder = Directory.CreateTempSubdirectory("engram")

            let write (name: string) (text: string) =
                let path = Path.Combine(folder.FullName, name)
                Directory.CreateDirectory(Path.GetDirectoryName path) |> ignore
                File.WriteAllText(path, text)

            try
                use engine = start (EngineOptions(Folder = folder.FullName))
                let run = runIn engine "csharp"
                write "inner/outer.dib" "#!csharp\n#!import deep.csx\n#!import top.csx\n"
                write "inner/deep.csx" "var deep = 7;"
                write "top.csx" "var top = 3;"
                run "#!import inner/outer.dib\ndeep + top" |> returns "10"

                write "one.dib" "#!csharp\n\n#!import two.csx\n"
                write "two.csx" "\n#!import one.dib"
                let error = (run "#!import one.dib").Error.Value
                Expect.stringContains error.Message "one.dib → two.csx → one.dib" "the circle"
                Expect.exists error.Traceback (fun line -> line.Contains "two.csx, line 2") "where it closes"
                write "self.fsx" "#load \"self.fsx\""
                Expect.stringContains (runIn engine "fsharp" "#load \"self.fsx\"").Error.Value.Message "itself" "#load"

                write "lacks.csx" "1 + 1\n#!import nothing.csx"
                let error = (run "#!import lacks.csx").Error.Value
                Expect.exists error.Traceback (fun line -> line.Contains "lacks.csx, line 2") "the file and its line"
                write "broken.ipynb" "{\"cells\": ["
                Expect.equal (run "#!import broken.ipynb").Error.Value.Name "DirectiveError" "a broken document"
                let error = (run "#r \"top.csx\"").Error.Value
                Expect.stringContains error.Message "'top.csx' is no assembly" "no assembly"
            finally
                folder.Delete(true))

        testCase "#!import and #load run files of the notebook's folder" (fun () ->
            let folder = Directory.CreateTempSubdirectory("engram")

            try
                File.WriteAllText(Path.Combine(folder.FullName, "a.csx"), "var imported = 41;")
                File.WriteAllText(Path.Combine(folder.FullName, "b.fsx"), "let importedToo = 42\nprintf \"ran\"")
                use engine = start (EngineOptions(Folder = folder.FullName))
                runIn engine "csharp" "#!import a.csx\nimported + 1" |> returns "42"
                runIn engine "csharp" "#load \"a.csx\"\nimported + 2" |> returns "43"
                let heard = runIn engine "csharp" "#!import \"b.fsx\"\n#!fsharp\nimportedToo"
                Expect.equal heard.Out "ran" "F# ran"
                returns "42" heard

                File.WriteAllText(
                    Path.Combine(folder.FullName, "c.dib"),
                    "#!csharp\n\nvar fromDib = 1;\n\n#!markdown\n\nProse.\n\n#!fsharp\n\nlet fromDibToo = 2\n"
                )

                runIn engine "fsharp" "#!import c.dib\n#!share fromDib --from csharp\nfromDib + fromDibToo"
                |> returns "3"

                File.WriteAllText(
                    Path.Combine(folder.FullName, "d.ipynb"),
                    """{"cells":[{"cell_type":"markdown","metadata":{},"source":"Prose."},
                    {"cell_type":"code","execution_count":null,"metadata":{},"outputs":[],"source":"var fromNotebook = 7;"}],
                    "metadata":{"kernelspec":{"name":".net-csharp","display_name":"C#","language":"C#"}},"nbformat":4,"nbformat_minor":5}"""
                )

                runIn engine "csharp" "#!import d.ipynb\nfromNotebook" |> returns "7"
                let error = (runIn engine "csharp" "\n#!import none.csx").Error.Value
                Expect.equal error.Line (System.Nullable 2) "line"
                Expect.stringContains error.Message "none.csx" "message"
            finally
                folder.Delete(true))
    ]
