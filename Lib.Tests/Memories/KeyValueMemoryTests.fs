module Engram.Tests.Memories.KeyValueMemoryTests

open System
open System.IO
open System.Threading
open Expecto
open FsCheck
open FsCheck.FSharp
open TorchSharp
open Engram

let private f64 = torch.ScalarType.Float64

let private normal key (shape: int64[]) =
    (PrngKey.Create(key: int64)).Normal(shape).``to`` f64

let private scalar (t: torch.Tensor) = t.``to``(f64).item<float>()
let private times (factor: float) (t: torch.Tensor) = t.mul (factor.ToScalar())
let private apart (a: torch.Tensor) (b: torch.Tensor) = using ((a - b).abs().max()) scalar

let private close (a: torch.Tensor) (b: torch.Tensor) tolerance what =
    Expect.equal a.shape b.shape $"{what}: shape"
    Expect.isLessThan (apart a b) tolerance what

/// The text's functions, word for word.
let private similarities (similarity: KeySimilarity) beta (q: torch.Tensor) (k: torch.Tensor) =
    match similarity with
    | KeySimilarity.DotProduct -> q.mm k.T |> times beta
    | _ -> torch.cdist(q, k).square() |> times (-0.5 * beta)

let private attention similarity beta q k =
    torch.softmax (similarities similarity beta q k, 1)

let private loss similarity beta q (x: torch.Tensor) (v: torch.Tensor) (k: torch.Tensor) =
    (x - (attention similarity beta q k).mm v).square().sum() |> times 0.5

let private ridgeSolution (a: torch.Tensor) (x: torch.Tensor) ridge =
    let n = a.shape[1]
    let gram = a.T.mm a + (torch.eye (n, dtype = a.dtype) |> times ridge)
    torch.linalg.inv(gram).mm(a.T.mm x)

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

let private uses =
    testList "the text's other uses" [
        testCase "a surrogate of a function" (fun () ->
            let f (q: torch.Tensor) =
                ((q.narrow (1, 0L, 1L)).mul(3.0.ToScalar())).sin() * q.narrow (1, 1L, 1L)

            let draw seed rows =
                (PrngKey.Create(seed: int64)).Uniform([| rows; 2L |], -1.0, 1.0)

            let q, fresh = draw 1L 2000L, draw 2L 500L

            use memory =
                (KeyValueMemory.Fit(
                    q,
                    f q,
                    KeyValueMemoryOptions(Prototypes = 30, Iterations = 150, LearningRate = 0.05)
                ))
                    .Memory

            let spread = scalar ((f fresh).std())
            Expect.isLessThan (memory.Rmse(fresh, f fresh)) (0.05 * spread) "on fresh points")

        testCase "densities of categories that overlap" (fun () ->
            // Two normal classes at ±1: P(+ | q) = 1/(1 + exp(-2q)).
            let n = 4000L
            let parts = (PrngKey.Create 3L).Split 2
            use category = parts[0].RandInt([| n |], 0L, 2L)

            use centres =
                category.``to``(torch.ScalarType.Float32).mul(2.0.ToScalar()).sub(1.0.ToScalar())

            use q = (parts[1].Normal [| n |] + centres).unsqueeze 1
            use x = torch.nn.functional.one_hot(category, 2L).``to`` torch.ScalarType.Float32

            use memory =
                (KeyValueMemory.Fit(q, x, KeyValueMemoryOptions(Prototypes = 4, Iterations = 100, LearningRate = 0.05)))
                    .Memory

            for at in [ -1.5f; -0.5f; 0f; 0.5f; 1.5f ] do
                use density = memory.Predict(torch.tensor [| at |])
                let posterior = 1.0 / (1.0 + exp (-2.0 * float at))
                Expect.floatClose { absolute = 0.05; relative = 0.0 } (scalar density[1L]) posterior $"P(+ | {at})"
                Expect.floatClose { absolute = 0.01; relative = 0.0 } (scalar (density.sum ())) 1.0 "they sum to 1")
    ]

let private files =
    let path () =
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())

    let saved () =
        let path = path ()

        use memory =
            new KeyValueMemory(normal 1L [| 5L; 3L |], normal 2L [| 5L; 4L |], 0.7, KeySimilarity.Euclidean)

        memory.Save path
        path

    let refused name (wanted: string) (spoil: string -> unit) =
        testCase name (fun () ->
            let path = saved ()
            spoil path

            try
                let message =
                    try
                        (KeyValueMemory.Load path).Dispose()
                        "nothing was thrown"
                    with :? InvalidDataException as e ->
                        e.Message

                Expect.stringContains message path "names the file"
                Expect.stringContains message wanted "says what is wrong"
            finally
                File.Delete path)

    testList "files" [
        testCase "what was saved comes back" (fun () ->
            let path = saved ()
            use memory = KeyValueMemory.Load path
            File.Delete path
            Expect.equal (apart memory.Keys (normal 1L [| 5L; 3L |])) 0.0 "K"
            Expect.equal (apart memory.Values (normal 2L [| 5L; 4L |])) 0.0 "V"
            Expect.equal (memory.InverseTemperature, memory.Similarity) (0.7, KeySimilarity.Euclidean) "β and s")

        refused "truncated" "cannot be read" (fun path ->
            use file = File.OpenWrite path
            file.SetLength(file.Length - 9L))

        refused "another kind of memory" "format" (fun path ->
            let map = new SinCosFeatures(normal 1L [| 4L; 2L |], 1.0)
            use other = new DistributedMemory(map)
            other.Save path)

        refused "a later version" "version is '2'" (fun path ->
            let tensors =
                readOnlyDict [ "keys", normal 1L [| 2L; 2L |]; "values", normal 1L [| 2L; 2L |] ]

            let metadata = readOnlyDict [ "format", "engram.key-value-memory"; "version", "2" ]
            Safetensors.Write(path, SafetensorsContent(tensors, metadata)))
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
let tests =
    testList "key-value memory" [ mathematics; fitting; uses; files; errors ]
