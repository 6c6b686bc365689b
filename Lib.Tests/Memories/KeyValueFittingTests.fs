/// What a fit reaches, in which order it steps, when it stops and what it leaves behind.
module Engram.Tests.Memories.KeyValueFittingTests

open System
open System.Threading
open Expecto
open TorchSharp
open Engram
open Engram.Tests.Memories.KeyValueFormulas

/// Pairs on a curve: two angles as the query, some waves of them as the value.
let private waves rows seed =
    use angles = (PrngKey.Create(seed: int64)).Uniform([| rows; 2L |], -1.5, 1.5)
    let q = angles.clone ()
    let x = torch.cat ([| (angles * angles).sin(); angles.cos (); angles |], 1L)
    q, x

let private options =
    KeyValueMemoryOptions(Prototypes = 16, Iterations = 30, LearningRate = 0.02)

let private fitting =
    testList "fitting" [
        testCase "the loss falls, and is that of the memory that comes back" (fun () ->
            let q, x = waves 400L 1L
            let fit = KeyValueMemory.Fit(q, x, options)
            use memory = fit.Memory
            Expect.hasLength fit.Losses 30 "one loss a step"
            Expect.isLessThan (memory.Loss(q, x)) (0.5 * fit.Losses[0]) "fell"
            Expect.isLessThan (memory.Loss(q, x)) fit.Losses[29] "V is that of the last K"
            let rmse = sqrt (2.0 * memory.Loss(q, x, 7L) / float (x.numel ()))
            Expect.floatClose Accuracy.medium (memory.Rmse(q, x)) rmse "rmse, in batches"
            Expect.equal memory.Keys.dtype torch.ScalarType.Float32 "the input's dtype")

        testCase "the text's V is a step older than its K" (fun () ->
            let q, x = waves 200L 2L

            let text =
                (KeyValueMemory.Fit(q, x, KeyValueMemoryOptions(Prototypes = 8, Iterations = 5, RefitValues = false)))
                    .Memory

            let before =
                (KeyValueMemory.Fit(q, x, KeyValueMemoryOptions(Prototypes = 8, Iterations = 4))).Memory

            let after =
                (KeyValueMemory.Fit(q, x, KeyValueMemoryOptions(Prototypes = 8, Iterations = 5))).Memory

            Expect.equal (apart text.Keys after.Keys) 0.0 "K of the fifth step"
            Expect.equal (apart text.Values before.Values) 0.0 "V of the fourth"
            Expect.isGreaterThan (apart text.Values after.Values) 0.0 "not V of the fifth")

        testCase "the first keys are .01 times the key's normals" (fun () ->
            let q, x = waves 50L 3L

            use memory =
                (KeyValueMemory.Fit(q, x, KeyValueMemoryOptions(Prototypes = 4, Iterations = 0))).Memory

            use expected = (PrngKey.Create 0L).Normal [| 4L; 2L |] |> times 0.01
            close memory.Keys expected 1e-9 "K"
            use given = new torch.Generator(1UL)
            use start = torch.randn ([| 3L; 2L |], generator = given)

            use other =
                (KeyValueMemory.Fit(q, x, KeyValueMemoryOptions(InitialKeys = start, Iterations = 0))).Memory

            Expect.equal (apart other.Keys start) 0.0 "or those given")

        testCase "where attention overlaps, float32's normal equations break and the stable solver does not" (fun () ->
            // Keys near zero: all rows of A are near 1/N, and AᵀA, some 100 large, is singular but for λ = 1e-6.
            let q, x = waves 100_000L 4L
            use keys = (PrngKey.Create 0L).Normal [| 32L; 2L |] |> times 0.01
            let a = attention KeySimilarity.DotProduct 1.0 q keys

            let left solver =
                let v = KeyValueSolver.Solve(solver, a, x, 1e-6).Values
                scalar ((x - a.mm v).``to``(f64).square().sum())

            let best = left ValueSolver.Qr
            Expect.isLessThan (abs (left ValueSolver.Cholesky / best - 1.0)) 1e-3 "Cholesky in float64"
            Expect.isGreaterThan (left ValueSolver.NormalEquations) (2.0 * best) "normal equations in float32")

        testCase "mini-batches reach nearly the same" (fun () ->
            let q, x = waves 1000L 5L
            use full = (KeyValueMemory.Fit(q, x, options)).Memory

            let batched =
                KeyValueMemory.Fit(
                    q,
                    x,
                    KeyValueMemoryOptions(Prototypes = 16, Iterations = 30, LearningRate = 0.02, BatchSize = 300)
                )

            use memory = batched.Memory
            Expect.isLessThan (memory.Rmse(q, x)) (1.5 * full.Rmse(q, x)) "rmse"
            Expect.isLessThan batched.Losses[0] (0.5 * 1000.0 * float x.shape[1]) "a batch's own loss")

        testCase "each epoch's batches are disjoint, and epochs differ" (fun () ->
            use rows = torch.arange(10L, dtype = f64).unsqueeze 1
            use batches = new RowBatches(rows, rows, 3L, PrngKey.Create 1L)

            let epoch first = [|
                for step in first .. first + 2 do
                    let batch = batches.At step
                    Expect.equal (apart batch.Queries batch.Values) 0.0 "queries and values stay together"
                    yield! batch.Queries.data<float>().ToArray()
            |]

            let first, second = epoch 0, epoch 3
            Expect.hasLength (Array.distinct first) 9 "disjoint"
            Expect.hasLength (Array.distinct second) 9 "disjoint again"
            Expect.notEqual first second "another order")

        testCase "stops when the loss no longer falls" (fun () ->
            let q, x = waves 100L 6L

            let fit =
                KeyValueMemory.Fit(
                    q,
                    x,
                    KeyValueMemoryOptions(Prototypes = 2, Iterations = 500, Patience = 3, Tolerance = 0.5)
                )

            Expect.isTrue fit.StoppedEarly "early"
            Expect.equal fit.Losses.Count 4 "the first step, and three that halved nothing"

            let all =
                KeyValueMemory.Fit(q, x, KeyValueMemoryOptions(Prototypes = 2, Iterations = 5))

            Expect.isFalse all.StoppedEarly "all steps")

        testCase "tells its progress and can be cancelled" (fun () ->
            let q, x = waves 100L 7L
            use cancellation = new CancellationTokenSource()
            let told = ResizeArray<KeyValueProgress>()

            let progress = {
                new IProgress<KeyValueProgress> with
                    member _.Report value =
                        told.Add value

                        if value.Iteration = 3 then
                            cancellation.Cancel()
            }

            let run () =
                KeyValueMemory.Fit(
                    q,
                    x,
                    KeyValueMemoryOptions(Prototypes = 2, Progress = progress),
                    cancellation.Token
                )
                |> ignore

            Expect.throwsT<OperationCanceledException> run "cancelled"
            Expect.equal [ for p in told -> p.Iteration, p.Iterations ] [ 1, 1000; 2, 1000; 3, 1000 ] "three steps")

        testCase "a fit leaves no tensor behind but K and V" (fun () ->
            let q, x = waves 100L 8L
            (KeyValueMemory.Fit(q, x, options)).Memory.Dispose()
            let before = DisposeScopeManager.Statistics.ThreadTotalLiveCount

            (KeyValueMemory.Fit(q, x, KeyValueMemoryOptions(Prototypes = 3, Iterations = 20, BatchSize = 30)))
                .Memory.Dispose()

            Expect.equal DisposeScopeManager.Statistics.ThreadTotalLiveCount before "tensors alive")
    ]

[<Tests>]
let tests = testList "key-value memory" [ fitting ]
