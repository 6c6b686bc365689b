/// What the door lets in: finite numbers, whatever their place, number, dtype and layout.
module Engram.Tests.Torch.FiniteTests

open System
open Expecto
open FsCheck
open TorchSharp
open Engram

let private refused (state: torch.Tensor) =
    let energy =
        LogSumExpEnergy(torch.zeros ([| 1L; state.shape[state.shape.Length - 1] |], state.dtype), 1.0)

    try
        energy.Value state |> ignore
        false
    with :? ArgumentException ->
        true

[<Tests>]
let tests =
    testList "finite numbers" [
        testPropertyWithConfig
            {
                FsCheckConfig.defaultConfig with
                    maxTest = 60
            }
            "one bad number anywhere is found, and none where there is none"
        <| fun (PositiveInt size) (NonNegativeInt place) (kind: int) (isDouble: bool) ->
            use _ = torch.NewDisposeScope()
            let size = int64 (size % 70 + 1)
            let dtype = if isDouble then torch.float64 else torch.float32
            let state = torch.randn ([| 3L; size |], dtype)
            let bad = [| nan; infinity; -infinity |][abs (kind % 3)]
            let fine = refused state || refused (state * 1e30)
            state.view(-1L).narrow(0, int64 place % (3L * size), 1L).fill_(bad.ToScalar()) |> ignore
            not fine && refused state && refused (state.t().contiguous().t())

        testCase "in a tensor too large for one core's look" (fun () ->
            use _ = torch.NewDisposeScope()
            let state = torch.zeros [| 50_000L; 2L |]
            Expect.isFalse (refused state) "finite"
            state[49_999L, 1L] <- torch.tensor nanf
            Expect.isTrue (refused state) "NaN at its end")
    ]
