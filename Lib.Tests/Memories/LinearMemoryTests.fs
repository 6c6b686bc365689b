module Engram.Tests.Memories.LinearMemoryTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open TorchSharp
open Engram

let private f64 = torch.ScalarType.Float64
let private normal (key: int64) (shape: int64[]) = (PrngKey.Create key).Normal shape

let private normal64 key shape =
    using (normal key shape) (fun t -> t.``to`` f64)

let private pinv (k: torch.Tensor) =
    torch.linalg.pinv (k, atol = Nullable(), rtol = Nullable())

let private apart (a: torch.Tensor) (b: torch.Tensor) =
    use difference = (a - b).abs().max()
    difference.``to``(f64).item<float>()

let private close (a: torch.Tensor) (b: torch.Tensor) tolerance what =
    Expect.equal a.shape b.shape $"{what}: shape"
    Expect.isLessThan (apart a b) tolerance what

/// d, n and rank of a random matrix of keys; the rank may be less than both.
let private shapes =
    gen {
        let! d = Gen.choose (1, 12)
        let! n = Gen.choose (1, 30)
        let! rank = Gen.choose (1, min d n)
        let! seed = Gen.choose (0, 100_000)
        return int64 d, int64 n, int64 rank, int64 seed
    }
    |> Arb.fromGen

let private keysOf (d, n, rank, seed) =
    let parts = (PrngKey.Create(seed: int64)).Split 2
    use left = parts[0].Normal [| d; rank |]
    use right = parts[1].Normal [| rank; n |]
    left.``to``(f64).mm(right.``to`` f64)

let private fitting =
    testList "fitting" [
        testProperty "W = V K⁺, whatever d, n and rank (Penrose's inverse by libtorch)"
        <| Prop.forAll shapes (fun ((d, n, rank, seed) as shape) ->
            use keys = keysOf shape
            use values = normal64 (seed + 1L) [| 3L; n |]
            use memory = LinearMemory.Fit(keys, values)
            use expected = values.mm (pinv keys)
            let scale = expected.abs().max().item<float>()
            Expect.isLessThan (apart memory.Weights expected) (1e-7 * (1.0 + scale)) $"W, {shape}"
            Expect.equal memory.Rank rank $"rank, {shape}"
            Expect.equal memory.Pairs n "pairs")

        testProperty "in float32, to float32's accuracy"
        <| Prop.forAll shapes (fun ((d, n, rank, seed) as shape) ->
            use keys64 = keysOf (d, n, min d n, seed)
            use values = normal (seed + 1L) [| 3L; n |]
            use memory = LinearMemory.Fit(keys64.``to`` torch.ScalarType.Float32, values)
            use expected = values.``to``(f64).mm(pinv keys64)
            // A float32 key is off by 6e-8, which W feels by its condition.
            let bound = 1e-6 * (1.0 + memory.Condition) * (1.0 + expected.norm().item<float>())
            Expect.equal memory.Weights.dtype torch.ScalarType.Float32 "dtype"
            Expect.isLessThan (apart (memory.Weights.``to`` f64) expected) bound $"W, {shape}")

        testProperty "ridge: W = VKᵀ(KKᵀ + λI)⁻¹"
        <| Prop.forAll shapes (fun ((d, n, rank, seed) as shape) ->
            use keys = keysOf shape
            use values = normal64 (seed + 1L) [| 3L; n |]
            use memory = LinearMemory.Fit(keys, values, LinearMemoryOptions(Ridge = 0.5))
            use gram = keys.mm keys.T
            let ridged = gram + torch.eye(d, dtype = f64).mul(0.5.ToScalar())
            use expected = values.mm(keys.T).mm(torch.linalg.inv ridged)
            close memory.Weights expected 1e-8 $"W, {shape}"
            Expect.equal memory.Rank rank $"rank, {shape}")

        testCase "a ridge too small for Cholesky still gives the pseudoinverse's limit" (fun () ->
            use keys = keysOf (6L, 9L, 3L, 4L)
            use values = normal64 5L [| 2L; 9L |]
            use memory = LinearMemory.Fit(keys, values, LinearMemoryOptions(Ridge = 1e-14))
            use exact = LinearMemory.Fit(keys, values)
            close memory.Weights exact.Weights 1e-8 "W")

        testCase "orthonormal keys: W = VKᵀ, recalled exactly, condition 1" (fun () ->
            let struct (keys, _) = torch.linalg.qr (normal64 1L [| 8L; 5L |])
            use values = normal64 2L [| 4L; 5L |]
            use memory = LinearMemory.Fit(keys, values)
            close memory.Weights (values.mm keys.T) 1e-12 "W"
            close (memory.Recall keys) values 1e-12 "recall"
            Expect.floatClose Accuracy.high memory.Condition 1.0 "condition"
            Expect.equal memory.Rank 5L "rank")

        testCase "condition: the greatest over the least singular value" (fun () ->
            use keys = torch.diag (torch.tensor [| 8.0; 2.0; 0.5 |])
            use square = LinearMemory.FitAuto keys
            Expect.floatClose Accuracy.high square.Condition 16.0 "square"
            use tall = LinearMemory.FitAuto(keys.narrow (1, 0L, 2L))
            Expect.floatClose Accuracy.high tall.Condition 4.0 "within the span of two keys"
            use ridged = LinearMemory.FitAuto(keys, LinearMemoryOptions(Ridge = 36.0))
            Expect.floatClose Accuracy.high ridged.Condition (sqrt (100.0 / 36.25)) "with ridge")

        testCase "auto-association projects onto the span of the keys" (fun () ->
            use keys = normal64 3L [| 7L; 4L |]
            use memory = LinearMemory.FitAuto keys
            close (memory.Weights.mm memory.Weights) memory.Weights 1e-11 "idempotent"
            close memory.Weights.T memory.Weights 1e-11 "symmetric"
            use noisy = normal64 4L [| 7L |]
            use recalled = memory.Recall noisy
            use left = keys.T.mv (noisy - recalled)
            Expect.isLessThan (left.abs().max().item<float>()) 1e-11 "what is left is orthogonal to every key")

        testCase "zero and repeated columns" (fun () ->
            use keys =
                torch.tensor (array2D [ [ 1.0; 0.0; 1.0 ]; [ 2.0; 0.0; 2.0 ]; [ 0.0; 0.0; 0.0 ] ])

            use values = torch.tensor (array2D [ [ 1.0; 5.0; 3.0 ] ])
            use memory = LinearMemory.Fit(keys, values)
            Expect.equal memory.Rank 1L "rank"
            // The pair that repeats is recalled by its mean value, 2; the zero key by 0.
            close (memory.Recall keys) (torch.tensor (array2D [ [ 2.0; 0.0; 2.0 ] ])) 1e-12 "recall")

        testCase "no pairs: W = 0" (fun () ->
            use memory = LinearMemory.Fit(torch.zeros (3L, 0L), torch.zeros (2L, 0L))
            Expect.equal (apart memory.Weights (torch.zeros (2L, 3L))) 0.0 "W"
            Expect.equal memory.Rank 0L "rank"
            Expect.isTrue (Double.IsNaN memory.Condition) "condition"
            close (memory.Recall(torch.ones (3L))) (torch.zeros (2L)) 1e-30 "recall")

        testCase "half a million pairs need no n × n matrix" (fun () ->
            // n × n in float32 would be a terabyte.
            use keys = normal 6L [| 4L; 1L <<< 19 |]
            use memory = LinearMemory.FitAuto keys
            close memory.Weights (torch.eye 4L) 1e-5 "W")
    ]

let private adding =
    testList "one more pair" [
        testProperty "added one by one, as if fitted at once"
        <| Prop.forAll shapes (fun ((d, n, rank, seed) as shape) ->
            for ridge in [ 0.0; 0.3 ] do
                use keys = keysOf shape
                use values = normal64 (seed + 1L) [| 3L; n |]
                let options = LinearMemoryOptions(Ridge = ridge)
                use whole = LinearMemory.Fit(keys, values, options)
                let first = n / 2L

                use grown =
                    LinearMemory.Fit(keys.narrow (1, 0L, first), values.narrow (1, 0L, first), options)

                for i in first .. n - 1L do
                    grown.Add(keys.select (1, i), values.select (1, i))

                // Each update may lose the square of the condition that it passes through.
                let scale = 1.0 + whole.Weights.abs().max().item<float>()
                Expect.isLessThan (apart grown.Weights whole.Weights) (1e-5 * scale) $"W, {shape}, ridge {ridge}"
                Expect.equal grown.Rank whole.Rank $"rank, {shape}, ridge {ridge}"
                Expect.equal grown.Pairs n "pairs"
                let ratio = grown.Condition / whole.Condition
                Expect.isLessThan (abs (ratio - 1.0)) 1e-4 $"condition, {shape}, ridge {ridge}")

        testCase "from an empty memory, a thousand pairs" (fun () ->
            use keys = normal 21L [| 16L; 1000L |]
            use values = normal 22L [| 8L; 1000L |]
            use memory = LinearMemory.Fit(keys.narrow (1, 0L, 0L), values.narrow (1, 0L, 0L))

            for i in 0L .. 999L do
                use key = keys.select (1, i)
                use value = values.select (1, i)
                memory.Add(key, value)

            use whole = LinearMemory.Fit(keys, values)
            close memory.Weights whole.Weights 1e-6 "W"
            Expect.equal memory.Rank 16L "rank")

        testCase "an added pair is recalled while there is room" (fun () ->
            use memory =
                LinearMemory.Fit(torch.zeros ([| 5L; 0L |], f64), torch.zeros ([| 2L; 0L |], f64))

            for i in 1L .. 5L do
                use key = normal64 i [| 5L |]
                use value = normal64 (100L + i) [| 2L |]
                memory.Add(key, value)
                use recalled = memory.Recall key
                close recalled value 1e-9 $"pair {i}")
    ]

let private publishedSetups =
    testList "manual_seed(42)" [
        testCase "d = 32: baseline .0031 and 7.973; cosine 1 up to n = 32, then about √(d/n)" (fun () ->
            // The text draws, in this order, two baselines, then K and V for each n. It prints no numbers; these come
            // from running it in PyTorch.
            use generator = new torch.Generator(42UL)
            let baseline = RecallScore.OfRandom(32L, 1000L, generator)
            Expect.floatClose { absolute = 5e-5; relative = 0.0 } baseline.Cosine 0.0031 "baseline cosine"
            Expect.floatClose { absolute = 5e-4; relative = 0.0 } baseline.Distance 7.973 "baseline distance"
            let measured = [ 64L, 0.7087; 128L, 0.5004; 256L, 0.3523; 512L, 0.2343 ] |> Map

            for power in 2..14 do
                let n = 1L <<< power
                use keys = torch.randn ([| 32L; n |], generator = generator)
                use values = torch.randn ([| 32L; n |], generator = generator)

                use recalled =
                    AssociativeRecall.Recall(RecallRule.Pseudoinverse, keys, values, keys)

                let score = RecallScore.Of(values, recalled)

                match Map.tryFind n measured with
                | Some cosine -> Expect.floatClose { absolute = 5e-5; relative = 0.0 } score.Cosine cosine $"n = {n}"
                | None when n <= 32L -> Expect.isGreaterThan score.Cosine 0.99999 $"n = {n}"
                | None ->
                    // A column's cosine scatters by about 1/√d, so their mean by 1/√(dn).
                    let scatter = 1.0 / sqrt (32.0 * float n)
                    Expect.isLessThan (abs (score.Cosine - sqrt (32.0 / float n))) (3.0 * scatter) $"n = {n}")

        testCase "d = 64, n = 4096: softmax recalls what the linear rules lose" (fun () ->
            use generator = new torch.Generator(42UL)
            use keys = torch.randn ([| 64L; 4096L |], generator = generator)
            use values = torch.randn ([| 64L; 4096L |], generator = generator)

            let cosine rule =
                use recalled = AssociativeRecall.Recall(rule, keys, values, keys)
                RecallScore.Of(values, recalled).Cosine

            Expect.isGreaterThan (cosine RecallRule.Softmax) 0.999 "softmax"
            let pseudoinverse = cosine RecallRule.Pseudoinverse
            let relu = cosine RecallRule.ReLU
            let dot = cosine RecallRule.DotProduct
            Expect.floatClose { absolute = 0.006; relative = 0.0 } pseudoinverse (sqrt (64.0 / 4096.0)) "√(d/n)"
            Expect.isGreaterThan relu pseudoinverse "half of the noise is cut off"
            Expect.floatClose { absolute = 0.006; relative = 0.0 } dot pseudoinverse "as n grows, KKᵀ nears nI")
    ]

let private rules =
    testList "rules" [
        testProperty "the source's formulas, in blocks as at once"
        <| Prop.forAll shapes (fun ((d, n, rank, seed) as shape) ->
            use keys = keysOf shape
            use values = normal64 (seed + 1L) [| 3L; n |]
            use queries = normal64 (seed + 2L) [| d; 5L |]
            let similarities = keys.T.mm(queries).mul(0.7.ToScalar())

            let recall rule =
                AssociativeRecall.Recall(rule, keys, values, queries, 0.7)

            close (recall RecallRule.Softmax) (values.mm (torch.softmax (similarities, 0))) 1e-10 $"softmax, {shape}"
            close (recall RecallRule.ReLU) (values.mm (similarities.relu ())) 1e-10 $"ReLU, {shape}"
            close (recall RecallRule.DotProduct) (values.mm similarities) 1e-10 $"dot product, {shape}")

        testCase "across the blocks' edges" (fun () ->
            use keys = normal 1L [| 2L; 5000L |]
            use values = normal 2L [| 2L; 5000L |]
            use expected = values.mm (torch.softmax (keys.T.mm keys, 0))
            close (AssociativeRecall.Recall(RecallRule.Softmax, keys, values, keys)) expected 1e-4 "softmax")

        testCase "a cold softmax recalls the nearest key's value" (fun () ->
            let struct (keys, _) = torch.linalg.qr (normal64 1L [| 6L; 6L |])
            use values = normal64 2L [| 2L; 6L |]

            use recalled =
                AssociativeRecall.Recall(RecallRule.Softmax, keys, values, keys, 500.0)

            close recalled values 1e-12 "")
    ]

let private scores =
    testList "scores" [
        testCase "column by column" (fun () ->
            use actual = torch.tensor (array2D [ [ 1.0; 0.0 ]; [ 0.0; 2.0 ] ])
            use recalled = torch.tensor (array2D [ [ 2.0; 2.0 ]; [ 0.0; 0.0 ] ])
            close (RecallScore.ColumnCosines(actual, recalled)) (torch.tensor [| 1.0; 0.0 |]) 1e-12 "cosines"
            close (RecallScore.ColumnDistances(actual, recalled)) (torch.tensor [| 1.0; sqrt 8.0 |]) 1e-12 "distances"
            let score = RecallScore.Of(actual, recalled)
            Expect.floatClose Accuracy.high score.Cosine 0.5 "mean cosine"
            Expect.floatClose Accuracy.high score.Distance ((1.0 + sqrt 8.0) / 2.0) "mean distance")

        testCase "batched" (fun () ->
            use actual = normal64 1L [| 3L; 4L; 5L |]
            use recalled = normal64 2L [| 3L; 4L; 5L |]
            use cosines = RecallScore.ColumnCosines(actual, recalled)
            Expect.equal cosines.shape [| 3L; 5L |] "shape"
            use one = RecallScore.ColumnCosines(actual[1L], recalled[1L])
            close cosines[1L] one 1e-15 "a member")
    ]

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

    let k = torch.ones (2L, 3L)

    let fit keys values =
        (LinearMemory.Fit(keys, values)).Dispose()

    testList "errors" [
        throws "a value too few" "[d, 3], a column for each key" (fun () -> fit k (torch.ones (2L, 2L)))
        throws "a vector for a matrix" "2 dimensions" (fun () -> fit (torch.ones 3L) k)
        throws "another dtype" "Float64" (fun () -> fit k (torch.ones ([| 2L; 3L |], f64)))
        throws "whole numbers" "float32 or float64" (fun () -> fit (torch.ones ([| 2L; 3L |], torch.int64)) k)
        throws "NaN" "NaN or infinite" (fun () -> fit (k.mul ((nan).ToScalar())) k)
        throws "no rows" "at least one row" (fun () -> fit (torch.ones (0L, 3L)) k)
        throws "negative ridge" "Ridge" (fun () -> LinearMemory.FitAuto(k, LinearMemoryOptions(Ridge = -1.0)).Dispose())
        throws "tolerance" "Tolerance" (fun () ->
            LinearMemory.FitAuto(k, LinearMemoryOptions(Tolerance = Nullable 1.0)).Dispose())
        throws "recall of another size" "[..., 2, m]" (fun () ->
            LinearMemory.FitAuto(k).Recall(torch.ones (3L, 2L)) |> ignore)
        throws "one more of another size" "[..., 2]" (fun () ->
            LinearMemory.FitAuto(k).Add(torch.ones 3L, torch.ones 2L))
        throws "no key" "no key" (fun () ->
            AssociativeRecall.Recall(RecallRule.Softmax, k.narrow (1, 0L, 0L), k.narrow (1, 0L, 0L), k)
            |> ignore)
        throws "β of zero" "greater than zero" (fun () ->
            AssociativeRecall.Recall(RecallRule.Softmax, k, k, k, 0.0) |> ignore)
        throws "scores of two shapes" "that of actual" (fun () -> RecallScore.Of(k, k.T) |> ignore)
        throws "scores of nothing" "no column" (fun () ->
            RecallScore.Of(k.narrow (1, 0L, 0L), k.narrow (1, 0L, 0L)) |> ignore)
    ]

[<Tests>]
let tests =
    testList "linear memory" [ fitting; adding; publishedSetups; rules; scores; errors ]
