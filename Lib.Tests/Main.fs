module Engram.Tests.Main

open Expecto

[<EntryPoint>]
let main arguments =
    match arguments with
    // What a test runs in a process of its own.
    | [| "--load-natives" |] -> Torch.NativesTests.loadNatives ()
    | _ ->
        // Before TorchSharp is first touched.
        Engram.TorchNatives.Load()
        runTestsInAssemblyWithCLIArgs [] arguments
