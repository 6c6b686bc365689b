module Engram.Tests.Main

open Expecto

[<EntryPoint>]
let main arguments =
    // Before TorchSharp is first touched.
    Engram.TorchNatives.Load()
    runTestsInAssemblyWithCLIArgs [] arguments
