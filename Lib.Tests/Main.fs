module Engram.Tests.Main

open System.Globalization
open System.Threading
open Expecto

[<EntryPoint>]
let main arguments =
    match arguments with
    // What a test runs in a process of its own.
    | [| "--load-natives" |] -> Torch.NativesTests.loadNatives ()
    | [| "--autodiff-bad-cases" |] -> Autodiff.BadCases.run ()
    | _ ->
        // Before TorchSharp is first touched.
        Engram.TorchNatives.Load()
        // Tests run beside each other: threads within an operation would only wait for each other's turn.
        TorchSharp.torch.set_num_threads 1
        // As the program itself does.
        CultureInfo.DefaultThreadCurrentCulture <- CultureInfo.InvariantCulture
        CultureInfo.CurrentCulture <- CultureInfo.InvariantCulture
        // Tests of what cannot stop keep their threads, and the pool grows by one in half a second: the wire clients, which
        // hear on it, would take that wait for the kernel's.
        ThreadPool.SetMinThreads(64, 64) |> ignore
        runTestsInAssemblyWithCLIArgs [] arguments
