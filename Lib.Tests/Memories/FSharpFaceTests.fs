module Engram.Tests.Memories.FSharpFaceTests

open Expecto
open TorchSharp
open Engram

let private same (a: torch.Tensor) (b: torch.Tensor) what = Expect.isTrue (a.Equals b) what

[<Tests>]
let tests =
    testList "memories from F#" [
        testCase "keys are drawn from in a pipe" (fun () ->
            let key = Prng.key 779L
            same (key |> Prng.normal [ 3L; 2L ]) (key.Normal [| 3L; 2L |]) "normal"
            same (key |> Prng.uniform []) (key.Uniform [||]) "uniform"
            same (key |> Prng.randint [ 4L ] -1L 5L) (key.RandInt([| 4L |], -1L, 5L)) "randint"
            same (key |> Prng.choice 9L 3L) (key.Choice(9L, 3L)) "choice"
            same (key |> Prng.permutation 9L) (key.Permutation 9L) "permutation"
            Expect.equal (key |> Prng.split 3) (key.Split 3) "split"
            Expect.equal (key |> Prng.foldIn 4) (key.FoldIn 4) "fold in"
            Expect.equal (Prng.legacyKey 1L) (PrngKey.Create(1L, PrngLayout.Legacy)) "legacy")

        testCase "linear memory" (fun () ->
            let keys, values =
                Prng.key 1L |> Prng.normal [ 4L; 3L ], Prng.key 2L |> Prng.normal [ 2L; 3L ]

            use whole = LinearMemory.fit keys values

            use grown =
                LinearMemory.fit (keys.narrow (1, 0L, 2L)) (values.narrow (1, 0L, 2L))
                |> LinearMemory.add (keys.select (1, 2L)) (values.select (1, 2L))

            let recalled = keys |> LinearMemory.recall grown
            Expect.isTrue (recalled.allclose (values, 1e-4, 1e-5)) "every pair"
            same (AssociativeRecall.by RecallRule.Pseudoinverse keys values keys) (whole.Recall keys) "by rule"
            use ridged = LinearMemory.fitRidge 1.0 keys values

            Expect.isLessThan
                (ridged.Weights.norm().item<float32>())
                (whole.Weights.norm().item<float32>())
                "ridge shrinks"

            use auto = LinearMemory.fitAuto keys
            Expect.equal auto.Weights.shape [| 4L; 4L |] "auto")

        testCase "key-value memory" (fun () ->
            let q, x =
                Prng.key 3L |> Prng.normal [ 50L; 2L ], Prng.key 4L |> Prng.normal [ 50L; 1L ]

            let fit =
                KeyValueMemory.fit (KeyValueMemoryOptions(Prototypes = 5, Iterations = 3)) q x

            use memory = fit.Memory
            Expect.hasLength fit.Losses 3 "losses"
            same (q |> KeyValueMemory.predict memory) (memory.Predict q) "predict"
            same (q |> KeyValueMemory.attention memory) (memory.Attention q) "attention"
            Expect.equal (KeyValueMemory.rmse memory q x) (memory.Rmse(q, x)) "rmse")
    ]
