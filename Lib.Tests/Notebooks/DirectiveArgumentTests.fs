/// What stands behind a directive's name: it is taken, or refused with what came and what was wanted.
module Engram.Tests.Notebooks.DirectiveArgumentTests

open System.IO
open Expecto
open Engram.Notebooks
open Engram.Tests.Notebooks.EngineCells

let private refuses code parts =
    let heard = csharp ("\n" + code)
    Expect.isFalse heard.Ended code
    let error = heard.Error.Value
    Expect.equal error.Name "DirectiveError" code
    Expect.equal error.Line (System.Nullable 2) code

    for part in parts do
        Expect.stringContains error.Message part code

[<Tests>]
let tests =
    testList "directive arguments" [

        testCase "names and values may be quoted" (fun () ->
            csharp "#!set --name \"quoted\" --value \"a b\"\nquoted" |> returns "a b"
            csharp "#!set --value 'c d' --name 'single'\nsingle" |> returns "c d"
            csharp "#!set --name dashes --value \"--x\"\ndashes" |> returns "--x"
            fsharp "let argument = 4" |> ignore

            csharp "#!share \"argument\" --from \"fsharp\" --as \"copied\"\ncopied + 1" |> returns "5"

            csharp "#!share --from fsharp --name \"argument\"\nargument + 2" |> returns "6"

            csharp "#!value --name \"kept text\"\none\n#!csharp\n#!share \"kept text\" --from value --as kept\nkept"
            |> returns "one")

        testCase "an option's value may follow an equals sign or a colon" (fun () ->
            csharp "#!set --name=equals --value=12\nequals + 1" |> returns "13"
            csharp "#!set --name:\"colon\" --value:\"x = y\"\ncolon" |> returns "x = y"

            csharp "#!set --name=structure --value={\"a\": [1, 2]}\nstructure.GetProperty(\"a\").GetArrayLength()"
            |> returns "2"

            fsharp "let spelt = 5" |> ignore
            csharp "#!share spelt --from=fsharp --as=spelled\nspelled + 1" |> returns "6"
            csharp "#!set --name=taken --value=@fsharp:spelt\ntaken + 2" |> returns "7")

        testCase "what a directive does not take is refused" (fun () ->
            refuses "#!share one two --from fsharp" [ "#!share"; "'two'"; "NAME --from LANGUAGE" ]
            refuses "#!share --from fsharp one two" [ "'two'" ]
            refuses "#!share one --name two --from fsharp" [ "--name twice" ]
            refuses "#!share one --frm fsharp" [ "'--frm'" ]
            refuses "#!share --from fsharp" [ "NAME --from LANGUAGE" ]
            refuses "#!set --name x --value a b" [ "'b'"; "--name NAME --value VALUE" ]
            refuses "#!set x --value 1" [ "'x'" ]
            refuses "#!set --name x --value 1 --name y" [ "--name"; "twice" ]
            refuses "#!set --name x --value" [ "--value" ]
            refuses "#!value --name x --form-file y" [ "'--form-file'"; "--from-file" ]
            refuses "#!time it" [ "#!time"; "'it'" ]
            refuses "#!who fsharp" [ "'fsharp'" ]
            refuses "#!whos --all" [ "'--all'" ]
            refuses "#!about x" [ "'x'" ]
            refuses "#!lsmagic x" [ "'x'" ]
            refuses "#!html <b>x</b>" [ "alone in its line" ]
            refuses "#!markdown # Title" [ "alone in its line" ])

        testCase "a comment behind a directive without arguments is none" (fun () ->
            csharp "#!time // how long\n1" |> returns "1")

        testCase "a value may be taken as it is shown" (fun () ->
            fsharp "let shownAs = [ 1; 2 ]" |> ignore

            csharp "#!share shownAs --from fsharp --mime-type text/plain --as text\ntext" |> returns "[1, 2]"

            csharp "#!set --name text2 --value @fsharp:shownAs --mime-type text/plain --byref\ntext2"
            |> returns "[1, 2]"

            refuses "#!share shownAs --from fsharp --mime-type text/csv" [ "shownAs"; "text/csv"; "text/plain" ]
            let heard = csharp "#!value --name page --mime-type text/html\n<b>x</b>"
            Expect.equal (heard.Displays[0].Text "text/html") "<b>x</b>" "the store shows it too")

        testCase "a blank behind #! is refused" (fun () ->
            for run in [ csharp; fsharp ] do
                for code in [ "#! csharp\n1"; "1\n#! csharp\n2"; "#!\n1"; "#! \n1" ] do
                    let heard = run code
                    Expect.isFalse heard.Ended code
                    Expect.equal heard.Error.Value.Name "DirectiveError" code

            refuses "#! csharp" [ "'#! csharp'"; "#!csharp" ])

        testCase "a script's first line may name its program" (fun () ->
            let folder = Directory.CreateTempSubdirectory "engram"

            try
                use engine = start (EngineOptions(Folder = folder.FullName))

                let write (name: string) (text: string) =
                    File.WriteAllText(Path.Combine(folder.FullName, name), text)

                write "a.fsx" "#!/usr/bin/env -S dotnet fsi\nlet fromScript = 41"
                write "b.csx" "#! /usr/bin/env dotnet-script\nvar fromCSharpScript = 1;"
                write "c.fsx" "#!/usr/bin/env -S dotnet fsi\nlet loaded = 42\nlet wrong = nothing"
                runIn engine "fsharp" "#!import a.fsx\nfromScript + 1" |> returns "42"
                runIn engine "csharp" "#!import b.csx\nfromCSharpScript" |> returns "1"
                let error = (runIn engine "fsharp" "#load \"c.fsx\"").Error.Value
                Expect.equal error.Line (System.Nullable 3) "lines keep their numbers"
            finally
                folder.Delete true)
    ]
