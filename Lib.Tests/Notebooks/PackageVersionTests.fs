/// One version of a package is loaded; what asks for another is told.
module Engram.Tests.Notebooks.PackageVersionTests

open Expecto
open Engram.Notebooks
open Engram.Tests.Notebooks.EngineCells
open Engram.Tests.Notebooks.LocalFeed

/// A name of a package with these versions, and a cell that references one and asks which is loaded.
let private packageOf folder versions =
    let name = newName ()

    for version in versions do
        add folder name version []

    name, (fun version -> $"#r \"nuget: {name}{version}\"\n{name}.Version")

[<Tests>]
let tests =
    testSequenced (
        testList "package versions" [

            testCase "a higher version than the loaded one is refused" (fun () ->
                withFeed (fun folder withEngine ->
                    let name, reference = packageOf folder [ "1.0.0"; "2.0.0" ]

                    withEngine (fun run ->
                        run "csharp" ($"#i \"nuget: {folder}\"\n" + reference ", 1.0.0") |> returns "1.0.0"
                        let heard = run "fsharp" ("\n" + reference ", 2.0.0")
                        Expect.isFalse heard.Ended "refused"
                        let error = heard.Error.Value
                        Expect.equal error.Line (System.Nullable 2) "line"
                        Expect.stringContains error.Message $"{name} 1.0.0 is loaded" "what is there"
                        Expect.stringContains error.Message "2.0.0" "what was wanted"
                        Expect.stringContains error.Message "Restart" "what helps"
                        Expect.isFalse ((shown heard).Contains "Installed") "nothing was installed"
                        let other, referenceOther = packageOf folder [ "1.0.0" ]
                        run "csharp" (referenceOther ", 1.0.0") |> returns "1.0.0"
                        Expect.notEqual other name "and later restores go on")))

            testCase "the same version, and none, are met without a word" (fun () ->
                withFeed (fun folder withEngine ->
                    let name, reference = packageOf folder [ "1.0.0"; "2.0.0" ]

                    withEngine (fun run ->
                        run "csharp" ($"#i \"nuget: {folder}\"\n" + reference ", 1.0.0") |> ignore

                        for again in [ ", 1.0.0"; ", 1.0"; ", [1.0.0]"; ""; ", *"; ",1.*" ] do
                            for language in [ "csharp"; "fsharp" ] do
                                let heard = run language (reference again)
                                returns "1.0.0" heard
                                Expect.equal (shown heard) "" again

                        run "csharp" $"#r \"nuget: {name.ToUpperInvariant()}, 1.0.0\"\n1" |> returns "1")))

            testCase "a lower version is met by the loaded one, which is said" (fun () ->
                withFeed (fun folder withEngine ->
                    let name, reference = packageOf folder [ "1.0.0"; "2.0.0-beta.1" ]

                    withEngine (fun run ->
                        run "csharp" ($"#i \"nuget: {folder}\"\n" + reference ", 2.0.0-beta.1")
                        |> returns "2.0.0-beta.1"

                        let heard = run "csharp" (reference ", 1.0.0")
                        returns "2.0.0-beta.1" heard

                        Expect.equal
                            (shown heard)
                            $"{name} 2.0.0-beta.1, which is loaded, serves for 1.0.0."
                            "which it is"

                        for other in [ "[1.0.0]"; "2.0.0"; "2.0.0-beta.2"; "2.*" ] do
                            let message = (run "csharp" (reference $", {other}")).Error.Value.Message
                            Expect.stringContains message other "refused")))

            testCase "what another package needs and cannot have is said" (fun () ->
                withFeed (fun folder withEngine ->
                    let name, reference = packageOf folder [ "1.0.0"; "2.0.0" ]
                    let user = newName ()
                    add folder user "1.0.0" [ name, "2.0.0" ]

                    withEngine (fun run ->
                        run "csharp" ($"#i \"nuget: {folder}\"\n" + reference ", 1.0.0") |> returns "1.0.0")

                    // The libraries of one process are those of all its engines.
                    withEngine (fun run ->
                        let heard =
                            run "csharp" $"#i \"nuget: {folder}\"\n#r \"nuget: {user}, 1.0.0\"\n{name}.Version"

                        returns "1.0.0" heard
                        Expect.stringContains (shown heard) $"Installed package {user}" "that one is"

                        Expect.stringContains
                            (shown heard)
                            $"{name.ToLowerInvariant()} 1.0.0 is loaded"
                            "what is there"

                        Expect.stringContains (shown heard) "2.0.0" "what was wanted"
                        run "fsharp" (reference "") |> returns "1.0.0"
                        Expect.isFalse (run "fsharp" (reference ", 2.0.0")).Ended "refused there as well")))

            testCase "what the program carries stays, which is said" (fun () ->
                withFeed (fun folder withEngine ->
                    let version = $"99.0.0-test{System.DateTime.UtcNow.Ticks}"
                    add folder "Engram" version []

                    withEngine (fun run ->
                        let heard =
                            run
                                "csharp"
                                $"#i \"nuget: {folder}\"\n#r \"nuget: Engram, {version}\"\ntypeof(Engram.Diff).Name"

                        returns "Diff" heard
                        Expect.stringContains (shown heard) $"is loaded in place of {version}" "which"
                        Expect.isFalse ((shown heard).Contains "Installed") "it was not")))
        ]
    )
