module Engram.Tests.Notebooks.EnginePackageTests

open System.IO
open Expecto
open Engram.Notebooks
open Engram.Tests.Notebooks.EngineCells

let private withFolder test =
    let folder = Directory.CreateTempSubdirectory "engram"

    try
        test folder.FullName
    finally
        folder.Delete true

[<Tests>]
let tests =
    testList "packages" [

        testCase "a package that the program carries needs no restore" (fun () ->
            csharp "#r \"nuget: TorchSharp\"\nTorchSharp.torch.zeros(3).numel()" |> returns "3"

            fsharp "#r \"nuget: Plotly.NET, 5.1.0\"\ntypeof<Plotly.NET.GenericChart>.Name"
            |> returns "GenericChart"

            csharp "#r \"nuget: Engram\"\n#r \"nuget:Microsoft.DotNet.Interactive.Formatting, *-*\"\n1"
            |> returns "1")

        testCase "an assembly is loaded once for both languages" (fun () ->
            withFolder (fun folder ->
                File.WriteAllBytes(
                    Path.Combine(folder, "EngramTestLibrary.dll"),
                    LocalFeed.compile
                        "EngramTestLibrary"
                        "public class Counter { public static int Count; public int Next() => ++Count; }"
                )

                use engine = start (EngineOptions(Folder = folder))

                runIn engine "csharp" "#r \"EngramTestLibrary.dll\"\nvar counter = new Counter(); counter.Next()"
                |> returns "1"

                runIn engine "fsharp" "#!share counter --from csharp\ncounter.Next() + Counter().Next()"
                |> returns "5"))

        testCase "an assembly of the framework, and one that is nowhere" (fun () ->
            csharp "#r \"System.Text.Json\"\n1" |> returns "1"
            let error = (csharp "\n#r \"nowhere.dll\"").Error.Value
            Expect.stringContains error.Message "nowhere.dll" "message"
            Expect.equal error.Line (System.Nullable 2) "line")

        testCase "a version is met by one that is not lower" (fun () ->
            for carried, asked, met in
                [
                    "6.0.0", "6.0.0", true
                    "6.0.0", "5.1.0", true
                    "6.0.0", "6.0.1", false
                    "6.0.0", "5.*", true
                    "6.0.0", "*-*", true
                    "6.0.0", "[5.0.0]", false
                    "6.0.0", "[6.0.0]", true
                    "1.0.0-beta.2", "1.0.0-*", true
                    "1.0.0-beta.2", "1.0.0", false
                    "1.0.0-beta.2", "1.0.0-beta.10", false
                    "1.0.0-beta.2", "1.0.0-beta", true
                    "1.0.0-beta", "1.0.0-5", true
                    "1.0.0", "1.0.0-rc.1", true
                    "1.0.0", "[1.0]", true
                ] do
                Expect.equal (PackageVersion.Satisfies(carried, asked)) met $"{carried} for {asked}")

        testCase "without a resolver, a package that is not carried is an error" (fun () ->
            let error = (csharp "#r \"nuget: Engram.NoSuchPackage, 1.0.0\"").Error.Value
            Expect.stringContains error.Message "Engram.NoSuchPackage" "message")
    ]
