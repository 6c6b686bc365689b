module Engram.Tests.Torch.UnseenMemoryTests

open System
open System.Runtime.CompilerServices
open Expecto
open TorchSharp
open Engram

/// 4,096 memories of dimension 256 in float32, of which an energy keeps as many numbers again, 4 MiB.
[<MethodImpl(MethodImplOptions.NoInlining)>]
let private energy (memories: torch.Tensor) =
    LogSumExpEnergy(memories, 1.0) |> ignore

[<Tests>]
let tests =
    // Other tests' energies would be counted.
    testSequenced
    <| testList "unseen memory" [
        testCase "a loop that makes new energies keeps few of them" (fun () ->
            let limit = UnseenMemory.Limit
            use memories = torch.zeros (4096L, 256L)

            try
                GC.Collect()
                GC.WaitForPendingFinalizers()
                let others = UnseenMemory.Alive
                UnseenMemory.Limit <- others + (16L <<< 20)
                let mutable most = 0L

                for _ in 1..40 do
                    energy memories
                    most <- max most (UnseenMemory.Alive - others)

                Expect.isGreaterThan most (8L <<< 20) "the loop makes some"
                Expect.isLessThan most (24L <<< 20) "and lets them go: 40 would take 160 MiB"
            finally
                UnseenMemory.Limit <- limit)
    ]
