module Engram.Tests.Torch.NativesTests

open System
open System.Diagnostics
open System.IO
open Expecto
open Engram
open TorchSharp

/// Run in a child process (`Lib.Tests --load-natives`): says whether libtorch loads.
let loadNatives () =
    try
        TorchNatives.Load()
        printfn "loaded"
        0
    with :? DllNotFoundException as error ->
        printfn $"{error.Message}"
        3

/// This program's managed libraries, and nothing else, in a folder of their own.
let private copyWithoutNatives folder =
    for file in Directory.GetFiles AppContext.BaseDirectory do
        if Path.GetExtension file = ".dll" || file.EndsWith ".runtimeconfig.json" then
            File.Copy(file, Path.Combine(folder, Path.GetFileName file))

let private runAt (home: string) (folder: string) =
    let start =
        ProcessStartInfo("dotnet", RedirectStandardOutput = true, RedirectStandardError = true)

    start.Environment["HOME"] <- home

    start.ArgumentList.Add(Path.Combine(folder, "Lib.Tests.dll"))
    start.ArgumentList.Add "--load-natives"
    use child = Process.Start start
    let output = child.StandardOutput.ReadToEnd()
    child.WaitForExit()
    child.ExitCode, output.Trim()

let private run folder =
    runAt (Environment.GetFolderPath Environment.SpecialFolder.UserProfile) folder

let private inTemporaryFolder test =
    let folder = Directory.CreateTempSubdirectory "engram-natives-"

    try
        test folder.FullName
    finally
        folder.Delete true

let private bridge () =
    NativeFolders.Find "libLibTorchSharp" |> File.ReadAllBytes

[<Tests>]
let tests =
    testList "natives" [
        testCase "libtorch loads and draws PyTorch's numbers" (fun () ->
            // PyTorch: torch.manual_seed(42); torch.randn(3) -> 0.3367, 0.1288, 0.2345
            use generator = new torch.Generator(42UL)
            use drawn = torch.randn ([| 3L |], generator = generator)

            for i, published in List.indexed [ 0.3367f; 0.1288f; 0.2345f ] do
                Expect.floatClose Accuracy.low (float (drawn[int64 i].item<float32>())) (float published) $"draw {i}")

        testCase "without natives the error names the package that brings them" (fun () ->
            inTemporaryFolder (fun folder ->
                copyWithoutNatives folder
                let code, output = run folder
                Expect.equal code 3 output
                Expect.stringContains output "TorchSharp-cpu" "the package"
                Expect.stringContains output folder "where it looked"))

        testCase "the same folder with natives loads" (fun () ->
            Expect.equal (run AppContext.BaseDirectory) (0, "loaded") "the control of the test before")

        testCase "a home that cannot be written to does not matter" (fun () ->
            if OperatingSystem.IsLinux() then
                // Not even root may write there.
                Expect.equal (runAt "/proc" AppContext.BaseDirectory) (0, "loaded") "without a cache")

        testCase "an empty cache is filled" (fun () ->
            inTemporaryFolder (fun home ->
                Expect.equal (runAt home AppContext.BaseDirectory) (0, "loaded") "the first time"
                Expect.equal (runAt home AppContext.BaseDirectory) (0, "loaded") "from the cache"))

        testCase "only the version that an older libstdc++ lacks is relaxed, once" (fun () ->
            if OperatingSystem.IsLinux() then
                let original = bridge ()
                let relaxed = Array.copy original
                Expect.equal (RelaxedLibrary.Relax(relaxed.AsSpan())) 1 "requests marked"

                let changed =
                    Seq.zip original relaxed |> Seq.filter (fun (a, b) -> a <> b) |> List.ofSeq

                Expect.equal changed [ 0uy, 2uy ] "one flag of one request, from 0 to VER_FLG_WEAK")

        testCase "what is no ELF library is refused" (fun () ->
            for bytes in [ [||]; Array.zeroCreate 100; "MZ"B ] do
                Expect.throwsT<BadImageFormatException>
                    (fun () -> RelaxedLibrary.Relax(bytes.AsSpan()) |> ignore)
                    $"{bytes.Length} bytes")

        testCase "the best device is a real one, or the reason is given" (fun () ->
            Expect.equal (isNull Devices.WhyNotCuda) Devices.CudaIsAvailable "a reason where CUDA is not used"
            use tensor = torch.ones ([| 2L |], device = Devices.Best)
            Expect.equal (tensor.sum().item<float32>()) 2f "a tensor on it")
    ]
