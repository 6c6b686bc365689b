module Engram.Tests.Main

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
        runTestsInAssemblyWithCLIArgs [] arguments
