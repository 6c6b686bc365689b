/// The packages as `dotnet pack` makes them, restored by an engine in a clean folder.
module Engram.Tests.Notebooks.PackTests

open System
open System.Diagnostics
open System.IO
open System.IO.Compression
open Expecto
open Engram.Notebooks
open Engram.Tests.Repository
open Engram.Tests.Notebooks.EngineCells
open Engram.Tests.Notebooks.LocalFeed

let private names = [ "Engram"; "Engram.FSharp"; "Engram.Charts" ]

/// The configuration that this program was built in: …/artifacts/bin/Lib.Tests/release/.
let private configuration =
    DirectoryInfo(AppContext.BaseDirectory.TrimEnd Path.DirectorySeparatorChar).Name

let private projectOf name =
    let language = if name = "Engram.FSharp" then "fsproj" else "csproj"
    $"lib/{name}/{name}.{language}"

/// Packs what this program was built from; one call for all, through a filter of the solution.
let private pack (folder: string) =
    let filter = Path.Combine(folder, "packages.slnf")

    let content = {|
        solution = {|
            path = Path.Combine(root, "Notebooks.sln")
            projects = names |> List.map projectOf
        |}
    |}

    File.WriteAllText(filter, System.Text.Json.JsonSerializer.Serialize content)

    let start =
        ProcessStartInfo("dotnet", WorkingDirectory = root, RedirectStandardOutput = true)

    for argument in [ "pack"; filter; "--no-build"; "-c"; configuration; "-o"; folder; "-nologo" ] do
        start.ArgumentList.Add argument

    use run = Process.Start start
    let said = run.StandardOutput.ReadToEnd()
    run.WaitForExit()
    Expect.equal run.ExitCode 0 $"packed: {said}"

let private text (entry: ZipArchiveEntry) =
    use reader = new StreamReader(entry.Open())
    reader.ReadToEnd()

/// Gives a package a version of its own, so that no copy of an earlier restore stands in for it.
let private renumber (version: string) path =
    use zip = ZipFile.Open(path, ZipArchiveMode.Update)
    let entry = zip.Entries |> Seq.find _.Name.EndsWith(".nuspec")

    let changed =
        (text entry)
            .Replace("<version>0.1.0<", $"<version>{version}<")
            .Replace("version=\"0.1.0\"", $"version=\"{version}\"")

    let name = entry.FullName
    entry.Delete()
    use writer = new StreamWriter(zip.CreateEntry(name).Open())
    writer.Write changed

/// A version that nobody has restored yet.
let private version = $"0.1.0-test{DateTime.UtcNow.Ticks}"

/// The packages in a folder of their own; packing takes seconds, so it is done once.
let private feed =
    lazy
        (let folder = Directory.CreateTempSubdirectory "engram-feed"
         AppDomain.CurrentDomain.ProcessExit.Add(fun _ -> folder.Delete true)
         pack folder.FullName

         for name in names do
             let packed = Path.Combine(folder.FullName, $"{name}.0.1.0.nupkg")
             renumber version packed
             File.Move(packed, Path.Combine(folder.FullName, $"{name}.{version}.nupkg"))

         folder.FullName)

let private contents name =
    use zip = ZipFile.OpenRead(Path.Combine(feed.Value, $"{name}.{version}.nupkg"))
    [ for entry in zip.Entries -> entry.FullName, text entry ]

let private extension = "interactive-extensions/dotnet/extension.dib"

/// Runs cells in an engine that restores; takes away what it put of these packages into the user's store.
let private withEngine test =
    use resolver = new NuGetResolver()
    let recording = Recording resolver
    use engine = start (EngineOptions(Packages = recording))

    try
        test engine recording
    finally
        for folder in recording.Found |> Seq.collect _.Folders |> Seq.distinct do
            if folder.Contains version then
                Directory.Delete(folder, true)

let private displayed (heard: Heard) =
    heard.Displays |> List.choose (fun bundle -> Option.ofObj (bundle.Text "text/plain"))

[<Tests>]
let tests =
    testSequenced (
        testList "packed" [
            testCase "a package holds its library with documentation, README and extension" (fun () ->
                for name in names do
                    let files = contents name |> List.map fst

                    for wanted in [ $"lib/net10.0/{name}.dll"; $"lib/net10.0/{name}.xml"; "README.md" ] do
                        Expect.contains files wanted name

                let cells = contents "Engram" |> List.find (fst >> (=) extension) |> snd

                for other in [ "Engram.FSharp"; "Engram.Charts" ] do
                    Expect.stringContains cells $"#r \"nuget: {other}, 0.1.0\"" "its own version of the others"

                Expect.contains (contents "Engram.Charts" |> List.map fst) extension "charts")

            testCase "a reference brings library, formatters and charts to C# and F#" (fun () ->
                withEngine (fun engine recording ->
                    let heard =
                        runIn
                            engine
                            "csharp"
                            $"#i \"nuget: {feed.Value}\"\n#r \"nuget: Engram, [{version}]\"\nEngram.Diff.Grad(x => (x * x).sum())(TorchSharp.torch.ones(3)).sum().item<float>()"

                    Expect.isTrue heard.Ended $"no error: {heard.Error}"
                    Expect.equal heard.Value (Some "6") "∇(x·x) = 2x"

                    let own =
                        recording.Found[0].Assemblies |> Seq.find (fun path -> Path.GetFileName path = "Engram.dll")

                    Expect.stringContains own version "the package's library, not the host's, was found"
                    Expect.exists (displayed heard) _.StartsWith("Restoring Engram") "says so while it restores"

                    Expect.exists
                        (displayed heard)
                        _.Contains("with it Engram.FSharp and Engram.Charts")
                        "the extension ran"

                    let gradient =
                        runIn
                            engine
                            "fsharp"
                            "Engram.Diff.grad (fun x -> (x * x).sum()) (TorchSharp.torch.ones 3L) |> _.reshape(3L, 1L)"

                    Expect.stringStarts
                        (gradient.Value |> Option.defaultValue $"{gradient.Error}")
                        "Tensor [3, 1] float32"
                        "tensors are summed up, in F# too"

                    let chart =
                        runIn engine "csharp" "Plotly.NET.CSharp.Chart.Line<int, int, string>([1, 2], [3, 4])"

                    Expect.exists
                        chart.Events
                        (function
                        | :? ValueReturned as returned ->
                            returned.Bundle.Data.ContainsKey "application/vnd.plotly.v1+json"
                        | _ -> false)
                        $"a chart {chart.Error}"))

            testCase "what no feed has is a clear error" (fun () ->
                withEngine (fun engine _ ->
                    let error =
                        (runIn engine "fsharp" "\n#r \"nuget: Engram.NoSuchPackage, 1.0.0\"").Error.Value

                    Expect.stringContains error.Message "Engram.NoSuchPackage" "names the package"
                    Expect.equal error.Line (Nullable 2) "and the line"
                    Expect.equal (runIn engine "fsharp" "1 + 1").Value (Some "2") "and the next cell runs"))

            testCase "a source that does not answer is a clear error" (fun () ->
                withEngine (fun engine _ ->
                    let heard =
                        runIn
                            engine
                            "csharp"
                            "#i \"nuget: https://127.0.0.1:9/index.json\"\n#r \"nuget: Engram.NoSuchPackage, 1.0.0\""

                    let message = heard.Error.Value.Message
                    Expect.stringContains message "127.0.0.1:9" "names the source"
                    Expect.stringContains message "Is there a network?" "says what may be the matter"
                    Expect.stringContains message "#i \"nuget: FOLDER\"" "and what helps"
                    Expect.equal (runIn engine "csharp" "1 + 1").Value (Some "2") "and the next cell runs"))
        ]
    )
