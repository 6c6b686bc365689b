/// What a memory says to input that does not fit.
module Engram.Tests.Memories.KeyValueErrorTests

open System
open Expecto
open TorchSharp
open Engram
open Engram.Tests.Memories.KeyValueFormulas

let private errors =
    let throws name (wanted: string) (act: unit -> unit) =
        testCase name (fun () ->
            let message =
                try
                    act ()
                    "nothing was thrown"
                with :? ArgumentException as e ->
                    e.Message

            Expect.stringContains message wanted "says what is wrong")

    let q, x = torch.ones (4L, 2L), torch.ones (4L, 3L)

    let fit q x (options: KeyValueMemoryOptions) =
        (KeyValueMemory.Fit(q, x, options)).Memory.Dispose()

    let one = new KeyValueMemory(q, x)

    testList "errors" [
        throws "a row too few" "as many rows" (fun () -> fit q (torch.ones (3L, 3L)) (KeyValueMemoryOptions()))
        throws "a vector" "2 dimensions" (fun () -> fit (torch.ones 4L) x (KeyValueMemoryOptions()))
        throws "NaN" "NaN or infinite" (fun () -> fit (q.mul (nan.ToScalar())) x (KeyValueMemoryOptions()))
        throws "dtypes" "Float64" (fun () -> fit q (x.``to`` f64) (KeyValueMemoryOptions()))
        throws "no prototypes" "Prototypes" (fun () -> fit q x (KeyValueMemoryOptions(Prototypes = 0)))
        throws "no ridge" "Ridge" (fun () -> fit q x (KeyValueMemoryOptions(Ridge = 0.0)))
        throws "β" "InverseTemperature" (fun () -> fit q x (KeyValueMemoryOptions(InverseTemperature = -1.0)))
        throws "step size" "LearningRate" (fun () -> fit q x (KeyValueMemoryOptions(LearningRate = nan)))
        throws "batch" "BatchSize" (fun () -> fit q x (KeyValueMemoryOptions(BatchSize = -1)))
        throws "tolerance" "Tolerance" (fun () -> fit q x (KeyValueMemoryOptions(Tolerance = 1.0)))
        throws "first keys of another size" "[..., 2]" (fun () -> fit q x (KeyValueMemoryOptions(InitialKeys = x)))
        throws "queries of another size" "[..., 2]" (fun () -> one.Predict x |> ignore)
        throws "no batch" "at least 1" (fun () -> one.Predict(q, 0L) |> ignore)
        throws "values of another size" "[..., 3]" (fun () -> one.Rmse(q, q) |> ignore)
    ]

[<Tests>]
let tests = testList "key-value memory" [ errors ]
