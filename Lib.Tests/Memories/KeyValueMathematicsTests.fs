/// Attention, recall, gradient and the best values, held against the formulas.
module Engram.Tests.Memories.KeyValueMathematicsTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open TorchSharp
open Engram
open Engram.Tests.Memories.KeyValueFormulas

/// n, m, d, N, a seed, a similarity and β.
let private settings =
    gen {
        let! rows = Gen.choose (1, 20)
        let! m = Gen.choose (1, 5)
        let! d = Gen.choose (1, 6)
        let! prototypes = Gen.choose (1, 7)
        let! seed = Gen.choose (0, 100_000)
        let! similarity = Gen.elements [ KeySimilarity.DotProduct; KeySimilarity.Euclidean ]
        let! beta = Gen.elements [ 0.3; 1.0; 2.5 ]
        return int64 rows, int64 m, int64 d, int64 prototypes, int64 seed, similarity, beta
    }
    |> Arb.fromGen

let private data (rows, m, d, prototypes, seed) =
    normal seed [| rows; m |],
    normal (seed + 1L) [| rows; d |],
    normal (seed + 2L) [| prototypes; m |],
    normal (seed + 3L) [| prototypes; d |]

let private mathematics =
    testList "mathematics" [
        testProperty "attention and recall are the text's formulas"
        <| Prop.forAll settings (fun (rows, m, d, prototypes, seed, similarity, beta) ->
            let q, _, k, v = data (rows, m, d, prototypes, seed)
            use memory = new KeyValueMemory(k, v, beta, similarity)
            let weights = attention similarity beta q k
            close (memory.Attention q) weights 1e-10 "A"
            close (memory.Predict q) (weights.mm v) 1e-10 "AV"
            close (memory.Predict(q, 3L)) (weights.mm v) 1e-10 "AV, three rows at a time"
            close (memory.Predict q[0L]) ((weights.mm v)[0L]) 1e-10 "one query")

        testProperty "the closed-form gradient by K is that of autodiff"
        <| Prop.forAll settings (fun (rows, m, d, prototypes, seed, similarity, beta) ->
            let q, x, k, v = data (rows, m, d, prototypes, seed)
            use memory = new KeyValueMemory(k, v, beta, similarity)

            // The squared distance, not cdist, whose derivative has a corner.
            let smooth (k: torch.Tensor) =
                match similarity with
                | KeySimilarity.DotProduct -> loss similarity beta q x v k
                | _ ->
                    let distances = (q.unsqueeze 1 - k.unsqueeze 0).square().sum -1L
                    let weights = torch.softmax (distances |> times (-0.5 * beta), 1)
                    (x - weights.mm v).square().sum() |> times 0.5

            close (memory.KeyGradient(q, x)) (Diff.grad smooth k) 1e-9 "∂L/∂K"
            Expect.floatClose Accuracy.high (memory.Loss(q, x)) (scalar (smooth k)) "L")

        testCase "at the best V the gradient is that of the whole objective (envelope theorem)" (fun () ->
            let q, x, k, _ = data (15L, 3L, 2L, 4L, 5L)
            let ridge = 0.1

            let objective (k: torch.Tensor) =
                let a = attention KeySimilarity.DotProduct 1.0 q k
                let v = ridgeSolution a x ridge
                (x - a.mm v).square().sum() + (v.square().sum() |> times ridge) |> times 0.5

            let v = ridgeSolution (attention KeySimilarity.DotProduct 1.0 q k) x ridge
            use memory = new KeyValueMemory(k, v)
            close (memory.KeyGradient(q, x)) (Diff.grad objective k) 1e-10 "∂/∂K min over V")

        testProperty "every solver finds V = (AᵀA + λI)⁻¹AᵀX, and knows the loss"
        <| Prop.forAll settings (fun (rows, m, d, prototypes, seed, similarity, beta) ->
            let q, x, k, _ = data (rows, m, d, prototypes, seed)
            let a = attention similarity beta q k
            let expected = ridgeSolution a x 0.01

            for solver in [ ValueSolver.Cholesky; ValueSolver.Qr; ValueSolver.NormalEquations ] do
                let solved = KeyValueSolver.Solve(solver, a, x, 0.01)
                close solved.Values expected 1e-8 $"V by {solver}"
                let residual = scalar ((x - a.mm expected).square().sum()) / 2.0
                Expect.floatClose Accuracy.medium solved.Loss residual $"L by {solver}")

        testCase "with the pairs themselves as prototypes it is Nadaraya and Watson's regression" (fun () ->
            let beta = 20.0
            let f x = sin (3.0 * x)
            let xs = [| for i in 0..40 -> float i / 20.0 - 1.0 |]
            use keys = torch.tensor(xs).unsqueeze 1
            use values = torch.tensor(Array.map f xs).unsqueeze 1
            use memory = new KeyValueMemory(keys, values, beta, KeySimilarity.Euclidean)

            for q in [ -0.9; 0.123; 0.5 ] do
                let weights = xs |> Array.map (fun x -> exp (-0.5 * beta * (x - q) * (x - q)))

                let expected =
                    (Array.map2 (fun w x -> w * f x) weights xs |> Array.sum) / Array.sum weights

                use predicted = memory.Predict(torch.tensor [| q |])
                Expect.floatClose Accuracy.high (predicted.item<float>()) expected $"at {q}")

        testCase "Adam's steps, by hand" (fun () ->
            let gradients = [ 3.0; -1.0; 0.5 ]
            use parameter = torch.tensor [| 1.0 |]
            let adam = AdamState(parameter, 0.1)
            let mutable m, v, expected = 0.0, 0.0, 1.0

            for t, g in List.indexed gradients do
                adam.Step(torch.tensor [| g |])
                m <- 0.9 * m + 0.1 * g
                v <- 0.999 * v + 0.001 * g * g

                let corrected power moment =
                    moment / (1.0 - Math.Pow(power, float t + 1.0))

                expected <- expected - 0.1 * corrected 0.9 m / (sqrt (corrected 0.999 v) + 1e-8)

            Expect.floatClose Accuracy.high (parameter.item<float>()) expected "after three")
    ]

[<Tests>]
let tests = testList "key-value memory" [ mathematics ]
