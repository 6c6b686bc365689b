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
            let x = torch.arange(6L).reshape(3L, 2L)
            same (key |> Prng.bits [ 4L ]) (key.Bits [| 4L |]) "bits"
            same (key |> Prng.uniformIn -2.0 3.0 [ 4L ]) (key.Uniform([| 4L |], -2.0, 3.0)) "uniform in an interval"
            same (key |> Prng.shuffle x) (key.Permutation x) "shuffled rows"
            same (key |> Prng.rows 2L x) (key.Choice(x, 2L)) "some rows"
            Expect.equal (key |> Prng.split 3) (key.Split 3) "split"
            Expect.equal (key |> Prng.foldIn 4) (key.FoldIn 4) "fold in"
            Expect.equal (Prng.legacyKey 1L) (PrngKey.Create(1L, PrngLayout.Legacy)) "legacy")

        testCase "the published class" (fun () ->
            let key = Prng.key 5L
            use dam = key |> DrDam.create 2.0 50L 3L
            use wanted = new DrDam(key, 3L, 50L, 2.0)

            let xi, q =
                Prng.key 6L |> Prng.normal [ 4L; 3L ], Prng.key 7L |> Prng.normal [ 2L; 3L ]

            let y = Prng.key 8L |> Prng.normal [ 3L ]
            let memory = DrDam.consolidate dam xi
            same (q |> DrDam.features dam) (wanted.Features q) "features"
            same (DrDam.similarity dam q y) (wanted.Similarity(q, y)) "similarity"
            same (DrDam.approximateSimilarity dam q y) (wanted.ApproximateSimilarity(q, y)) "approximate similarity"
            same memory (wanted.Consolidate xi) "T"
            same (q |> DrDam.energy dam xi) (wanted.Energy(q, xi)) "energy"
            same (q |> DrDam.approximateEnergy dam memory) (wanted.ApproximateEnergy(q, memory)) "approximate energy"
            let high = DrDam.approximateClip 100.0 dam memory
            same (high.Value q) (wanted.ApproximateEnergy(q, memory, 100.0)) "its clip"
            let settings = { DrDam.defaults with Steps = 20 }
            let options = DescentOptions(Steps = 20, StepSize = 0.1)
            same (q |> DrDam.descend dam xi settings).State (wanted.Descend(q, xi, options)).State "descent"

            same
                (q |> DrDam.approximateDescend dam memory settings).State
                (wanted.ApproximateDescend(q, memory, options)).State
                "approximate descent"

            Expect.equal (DrDam.defaults.Steps, DrDam.defaults.StepSize) (1000, 0.1) "the source's settings"
            use other = DrDam.ofFeatureMap dam.FeatureMap
            use grown = DrDam.remember other xi
            same (DistributedMemory.toTensor grown) memory "on a map, remembered")

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
