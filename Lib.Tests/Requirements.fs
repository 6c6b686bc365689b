/// What a test needs beyond the .NET SDK: found if present; else the test is skipped with a line that says so.
/// With ENGRAM_DEMAND_ALL=1, as in CI, a missing one is a failure (a GPU excepted).
module Engram.Tests.Requirements

open System
open System.IO
open Expecto

let private demandAll = Environment.GetEnvironmentVariable "ENGRAM_DEMAND_ALL" = "1"

let private missing what =
    if demandAll then
        failtest $"{what}, and ENGRAM_DEMAND_ALL is set"
    else
        eprintfn $"skipped: {what}"
        skiptest what

let private onPath names =
    let folders =
        (Environment.GetEnvironmentVariable "PATH" |> string).Split Path.PathSeparator

    Seq.allPairs names ("/usr/bin" :: List.ofArray folders)
    |> Seq.map (fun (name: string, folder) -> Path.Combine(folder, name))
    |> Seq.tryFind File.Exists

/// The path of Chromium.
let chromium () =
    onPath [ "chromium"; "chromium-browser"; "google-chrome" ]
    |> Option.defaultWith (fun () -> missing "Chromium was not found")

/// The path of Jupyter's notebook server.
let jupyterNotebook () =
    onPath [ "jupyter-notebook" ]
    |> Option.defaultWith (fun () -> missing "jupyter-notebook was not found")

/// The path of a Python that has the given modules, such as nbclient.
let python (modules: string list) =
    let imports = String.concat "; " (modules |> List.map (fun m -> $"import {m}"))

    let answers (python: string) =
        let start =
            Diagnostics.ProcessStartInfo(python, RedirectStandardError = true, RedirectStandardOutput = true)

        start.ArgumentList.Add "-c"
        start.ArgumentList.Add imports
        use run = Diagnostics.Process.Start start
        run.StandardError.ReadToEnd() |> ignore
        run.WaitForExit()
        run.ExitCode = 0

    [ "/usr/bin/python3"; yield! Option.toList (onPath [ "python3" ]) ]
    |> List.tryFind (fun python -> File.Exists python && answers python)
    |> Option.defaultWith (fun () ->
        let wanted = String.concat ", " modules
        missing $"no Python with {wanted} was found")

/// The folder with the real Fashion-MNIST, named by ENGRAM_DATA.
let fashionMnist () =
    let folder = Environment.GetEnvironmentVariable "ENGRAM_DATA"

    if not (String.IsNullOrEmpty folder) && Directory.Exists folder then
        folder
    else
        missing "ENGRAM_DATA names no folder with Fashion-MNIST"

/// A CUDA device. Skipped also where all else is demanded: not every machine has one.
let cuda () =
    if Engram.Devices.CudaIsAvailable then
        Engram.Devices.Best
    else
        eprintfn $"skipped: {Engram.Devices.WhyNotCuda}"
        skiptest Engram.Devices.WhyNotCuda

/// A processor with vectors of 512 bits. Skipped also where all else is demanded.
let wideVectors () =
    if not Runtime.Intrinsics.X86.Avx512F.IsSupported then
        eprintfn "skipped: this processor has no vectors of 512 bits"
        skiptest "this processor has no vectors of 512 bits"
