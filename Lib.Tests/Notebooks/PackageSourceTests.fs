/// <c>#i</c>: what is no source is refused, and one that fails does not spoil what comes later.
module Engram.Tests.Notebooks.PackageSourceTests

open System
open System.IO
open Expecto
open Engram.Notebooks
open Engram.Tests.Notebooks.EngineCells
open Engram.Tests.Notebooks.LocalFeed

let private failure (heard: Heard) =
    Expect.isFalse heard.Ended "it fails"
    heard.Error.Value.Message

[<Tests>]
let tests =
    testSequenced (
        testList "package sources" [

            testCase "what is no source is refused at once" (fun () ->
                for source in [ "no/such/folder"; "/no/such/folder"; "file:///no/such/folder" ] do
                    let heard = csharp $"\n#i \"nuget: {source}\""
                    Expect.stringContains (failure heard) "no folder" source
                    Expect.stringContains (failure heard) "no/such/folder" source
                    Expect.equal heard.Error.Value.Line (Nullable 2) source

                for source in
                    [
                        "https://"
                        "http:///index.json"
                        "ftp://example.org/feed"
                        "htps://example.org"
                    ] do
                    Expect.stringContains (failure (fsharp $"#i \"nuget: {source}\"")) $"'{source}'" source

                for nothing in [ "#i \"nuget:\""; "#i \"nuget: \"" ] do
                    Expect.stringContains (failure (csharp nothing)) "nuget: SOURCE" nothing)

            testCase "a folder is found from the notebook's own" (fun () ->
                withFeed (fun folder withEngine ->
                    let name = newName ()
                    add (Directory.CreateDirectory(Path.Combine(folder, "feed")).FullName) name "1.0.0" []

                    withEngine (fun run ->
                        run "csharp" $"#i \"nuget: feed\"\n#r \"nuget: {name}, 1.0.0\"\n{name}.Version"
                        |> returns "1.0.0")))

            testCase "a source that fails is named, and the next restore goes without it" (fun () ->
                withFeed (fun folder withEngine ->
                    let name = newName ()
                    add folder name "1.0.0" []
                    let gone = Directory.CreateTempSubdirectory("engram-gone").FullName

                    withEngine (fun run ->
                        run "csharp" $"#i \"nuget: {gone}\"\n#i \"nuget: {folder}\"" |> ignore
                        Directory.Delete gone
                        let cell = $"#r \"nuget: {name}, 1.0.0\"\n{name}.Version"
                        let message = failure (run "csharp" cell)
                        Expect.stringContains message gone "names it"
                        Expect.stringContains message "go without" "and says what follows"
                        Expect.stringContains message "#i" "and the way back"
                        run "fsharp" cell |> returns "1.0.0")))

            testCase "a source that worked and fails later does not spoil a restore" (fun () ->
                withFeed (fun folder withEngine ->
                    let first, second = newName (), newName ()
                    let early = Directory.CreateTempSubdirectory("engram-early").FullName
                    add early first "1.0.0" []
                    add folder second "1.0.0" []

                    withEngine (fun run ->
                        let heard =
                            run "csharp" $"#i \"nuget: {early}\"\n#r \"nuget: {first}\"\n{first}.Version"

                        // Of any version all sources are asked, the user's own as well.
                        if not heard.Ended && heard.Error.Value.Message.Contains "Is there a network?" then
                            skiptest "there is no network"

                        returns "1.0.0" heard
                        Directory.Delete(early, true)
                        let cell = $"#i \"nuget: {folder}\"\n#r \"nuget: {second}\"\n{second}.Version"
                        Expect.stringContains (failure (run "csharp" cell)) early "names it"
                        run "csharp" cell |> returns "1.0.0")))

            testCase "what failed is tried again" (fun () ->
                withFeed (fun folder withEngine ->
                    let name = newName ()

                    withEngine (fun run ->
                        run "csharp" $"#i \"nuget: {folder}\"" |> ignore
                        let cell = $"#r \"nuget: {name}, 1.0.0\"\n{name}.Version"
                        let message = failure (run "csharp" cell)
                        Expect.stringContains message name "names the package"
                        Expect.isFalse (message.Contains "go without") "the source is not to blame"
                        add folder name "1.0.0" []
                        run "csharp" cell |> returns "1.0.0")))

            testCase "a source that does not answer is left out from then on" (fun () ->
                withFeed (fun folder withEngine ->
                    withEngine (fun run ->
                        let silent = "https://127.0.0.1:9/index.json"
                        let cell = $"#r \"nuget: {newName ()}, 1.0.0\""

                        let message =
                            failure (run "fsharp" $"#i \"nuget: {folder}\"\n#i \"nuget: {silent}\"\n{cell}")

                        Expect.stringContains message $"go without {silent}" "which, and no other"
                        let message = failure (run "fsharp" cell)
                        Expect.isFalse (message.Contains "127.0.0.1") $"it is not asked again: {message}"

                        let message = failure (run "fsharp" $"#i \"nuget: {silent}\"\n{cell}")
                        Expect.stringContains message silent "until it is added again")))

            testCase "a source that keeps NuGet waiting is left out from then on" (fun () ->
                use mute = new Net.Sockets.TcpListener(Net.IPAddress.Loopback, 0)
                mute.Start()
                let address = $"https://{mute.LocalEndpoint}/index.json"

                withPatience (TimeSpan.FromSeconds 3.0) (fun _ withEngine ->
                    withEngine (fun run ->
                        let cell = $"#r \"nuget: {newName ()}, 1.0.0\""
                        let message = failure (run "csharp" $"#i \"nuget: {address}\"\n{cell}")
                        Expect.stringContains message "longer than 3 seconds" "what happened"
                        Expect.stringContains message $"go without {address}" "and what follows"
                        let message = failure (run "csharp" cell)
                        Expect.isFalse (message.Contains address) $"it is not asked again: {message}")))
        ]
    )
