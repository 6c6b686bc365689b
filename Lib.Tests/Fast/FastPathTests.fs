/// The fused loops, held to libtorch's operations.
module Engram.Tests.Fast.FastPathTests

open System
open System.Runtime.Intrinsics
open System.Threading
open Expecto
open TorchSharp
open Engram
open Engram.Tests
open Engram.Tests.Similarity.Samples

let private dtypes = [ torch.float32, 2e-5; torch.float64, 1e-10 ]

let private exact =
    testList "exact energies" [
        property 30 "values and gradients" (fun c ->
            for dtype, tolerance in dtypes do
                // Blocks that are not full, and several of them.
                let n = c.N * 7L

                let xi, v =
                    (normal c.Seed [ c.K; c.D ]).to_type dtype, (normal (c.Seed + 1) [ n; c.D ]).to_type dtype

                Expect.isTrue (FastPaths.TakesExact(xi, v)) "a fused loop is taken"
                let log, sum = LogSumExpEnergy(xi, c.Beta), KernelSumEnergy(xi, c.Beta)
                let struct (value, slope) = log.PlainValueAndGradientRows v
                let at = log.ValueAndGradient v
                close tolerance at.Value value "log-sum-exp"
                close tolerance at.Gradient slope "its gradient"
                close tolerance (log.Value v) (log.PlainValueRows v) "its value alone"
                let struct (value, slope) = sum.PlainValueAndGradientRows v
                let at = sum.ValueAndGradient v
                close tolerance at.Value value "kernel sum"
                close tolerance at.Gradient slope "its gradient"
                close tolerance (sum.Value v) (sum.PlainValueRows v) "its value alone")

        property 20 "descents, with all that they record" (fun c ->
            for dtype, tolerance in dtypes do
                let n = c.N * 5L

                let xi, q =
                    (normal c.Seed [ c.K; c.D ]).to_type dtype, (normal (c.Seed + 1) [ n; c.D ]).to_type dtype

                let energy = LogSumExpEnergy(xi, c.Beta)
                let clamp = (normal (c.Seed + 2) [ n; c.D ]).gt(torch.tensor 1.0)

                for options in
                    [
                        DescentOptions(Steps = 40, StepSize = 0.1)
                        DescentOptions(
                            Steps = 41,
                            StepSize = 0.1,
                            Clamp = clamp,
                            RecordGradients = true,
                            RecordStates = 7L
                        )
                        DescentOptions(Steps = 40, StepSize = 0.1, RecordEnergies = false, Clamp = clamp[0])
                    ] do
                    use fast = EnergyDescent.Run(energy, q, options)
                    use plain = DescentLoop(energy, q, options).Run CancellationToken.None

                    let same (a: torch.Tensor) (b: torch.Tensor) what =
                        match isNull a, isNull b with
                        | true, true -> ()
                        | false, false -> close (10.0 * tolerance) a b what
                        | _ -> failtest $"{what}: one is missing"

                    same fast.State plain.State "state"
                    same fast.Energies plain.Energies "energies"
                    same fast.States plain.States "states"
                    same fast.Gradients plain.Gradients "gradients"
                    Expect.equal fast.Steps plain.Steps "steps")

        property 20 "descents that come to rest" (fun c ->
            let xi, q = normal c.Seed [ c.K; c.D ], normal (c.Seed + 1) [ c.N * 5L; c.D ]
            let energy = LogSumExpEnergy(xi, c.Beta)

            let options =
                DescentOptions(
                    Steps = 400,
                    StepSize = 0.3,
                    GradientTolerance = 1e-4,
                    RecordStates = 3L,
                    RecordGradients = true
                )

            use fast = EnergyDescent.Run(energy, q, options)
            use plain = DescentLoop(energy, q, options).Run CancellationToken.None
            Expect.equal (fast.Steps, fast.Converged) (plain.Steps, plain.Converged) "steps"
            close 1e-9 fast.State plain.State "state"
            close 1e-9 fast.Energies plain.Energies "energies"
            close 1e-9 fast.States plain.States "states"
            close 1e-9 fast.Gradients plain.Gradients "gradients")
    ]

let private features =
    testList "random features" [
        property 15 "products, gradients and sums of every map" (fun c ->
            // Parts of 1,024 frequencies: one, and two with a block that is not full.
            for features in [ 40L * c.K; 1030L ] do
                for name, double in maps c.Seed features c.D c.Beta do
                    let x = normal (c.Seed + 2) [ c.N; c.D ] * torch.tensor 0.3
                    let w = normal (c.Seed + 3) [ double.FeatureDimension ]
                    let single = name, double.Frequencies.to_type torch.float32

                    let single: RandomFeatures =
                        match double with
                        | :? CosFeatures as cos -> CosFeatures(snd single, cos.Biases.to_type torch.float32, c.Beta)
                        | :? SinCosFeatures -> SinCosFeatures(snd single, c.Beta)
                        | :? PositiveExpFeatures -> PositiveExpFeatures(snd single, c.Beta)
                        | _ -> SymmetricExpFeatures(snd single, c.Beta)

                    for map, tolerance in [ double, 1e-10; single, 2e-5 ] do
                        let x, w = x.to_type map.DType, w.to_type map.DType
                        let what = $"{name}, {features}, {map.DType}"
                        Expect.isTrue (FastPaths.TakesFeatures(map.Frequencies, x, w)) "a fused loop is taken"
                        let struct (value, slope) = map.PlainDotAndGradientRows(x, w)
                        let at = map.DotAndGradient(x, w)
                        close tolerance at.Value value $"{what}: product"
                        close tolerance at.Gradient slope $"{what}: gradient"
                        close tolerance (map.Dot(x, w)) value $"{what}: product alone"
                        close tolerance (map.Sum x) (map.PlainSumRows x) $"{what}: sum")

        testCase "angles far from 0" (fun () ->
            // One coordinate: the projection is one product, of the same rounding in both ways.
            let omega = normal32 1 [ 1100L; 1L ] * torch.tensor 1e7f
            let x, w = normal32 2 [ 7L; 1L ], normal32 3 [ 2200L ]

            for map in
                [
                    SinCosFeatures(omega, 1.0) :> RandomFeatures
                    CosFeatures(omega, normal32 4 [ 1100L ], 1.0)
                ] do
                let w = w.narrow (0, 0, map.FeatureDimension)
                close 2e-5 (map.Dot(x, w)) (map.PlainDotRows(x, w)) "product"
                close 2e-5 (map.Sum x) (map.PlainSumRows x) "sum")

        testCase "many vectors of many numbers, in several tiles" (fun () ->
            // 65,536 / 40 / 16 = 100 vectors of 40 to a tile, or 204 with eight lanes; 601 rows are three runs of a sum.
            let map = SinCosFeatures(normal32 1 [ 2100L; 40L ], 0.1)
            let x, w = normal32 2 [ 601L; 40L ], normal32 3 [ 4200L ]
            let struct (value, slope) = map.PlainDotAndGradientRows(x, w)
            let at = map.DotAndGradient(x, w)
            close 2e-5 at.Value value "product"
            close 2e-5 at.Gradient slope "gradient"
            close 2e-5 (map.Sum x) (map.PlainSumRows x) "sum")

        testCase "a vector's numbers do not depend on its batch" (fun () ->
            let map = SinCosFeatures(normal32 1 [ 3000L; 7L ], 1.0)
            let x, w = normal32 2 [ 501L; 7L ], normal32 3 [ 6000L ]
            let all = map.DotAndGradient(x, w)

            for n in [ 0L; 1L; 250L; 500L ] do
                let one = map.DotAndGradient(x[n], w)
                Expect.equal (floats one.Value) (floats all.Value[n]) "product, to the bit"
                Expect.equal (floats one.Gradient) (floats all.Gradient[n]) "gradient, to the bit")
    ]

/// Each of the loop's precisions, held to libtorch's float64 products.
let private holdsProduct seed (m: int64, k: int64, n: int64) =
    Requirements.wideVectors ()
    let turned seed rows columns = (normal32 seed [ columns; rows ]).T
    // Every second row and column of a larger matrix.
    let apart seed rows columns =
        (normal32 seed [ 2L * rows; 2L * columns ]).slice(0L, 0L, 2L * rows, 2L).slice(1L, 0L, 2L * columns, 2L)

    for a in [ normal32 seed [ m; k ]; turned seed m k; apart seed m k ] do
        for b in [ normal32 (seed + 1) [ k; n ]; turned (seed + 1) k n; apart (seed + 1) k n ] do
            use _ = torch.NewDisposeScope()
            let wideA, wideB = a.to_type torch.float64, b.to_type torch.float64
            let exact = wideA.mm wideB
            close 1e-5 (MatrixProduct.ByTiles(a, b)) exact "float32"
            close 1e-5 (MatrixProduct.WideByTiles(a, b, false)) exact "float32, summed in float64"
            close 1e-12 (MatrixProduct.WideByTiles(a, b, true)) exact "float32, multiplied in float64"
            close 1e-12 (MatrixProduct.ByTiles(wideA, wideB)) exact "float64"
            close 1e-12 (MatrixProduct.Gram b) (wideB.T.mm wideB) "Gram matrix"
            close 1e-12 (MatrixProduct.WideByTiles(b.T, b, true, true).triu()) (wideB.T.mm(wideB).triu()) "half of it"

            close
                1e-12
                (MatrixProduct.WideByTiles(wideB.T, wideB, true, true).triu())
                (wideB.T.mm(wideB).triu())
                "of float64"

let private products =
    testList "products of matrices" [
        property 25 "whole tiles and parts of them, with any strides" (fun c ->
            holdsProduct c.Seed (c.N * 13L, c.K * 41L, c.D * 17L))

        testCase "several stretches of the inner size, few rows and many" (fun () ->
            for sizes in [ 5L, 2300L, 1010L; 530L, 1200L, 40L; 64L, 1089L, 64L; 700L, 1L, 700L ] do
                holdsProduct 1 sizes)

        testCase "nothing to multiply" (fun () ->
            Requirements.wideVectors ()

            for m, k, n in [ 0L, 3L, 4L; 3L, 0L, 4L; 3L, 4L, 0L ] do
                let a, b = torch.zeros (m, k), torch.zeros (k, n)
                Expect.equal (MatrixProduct.ByTiles(a, b).shape) [| m; n |] "shape"
                let sums = MatrixProduct.WideByTiles(a, b, true)
                Expect.equal sums.shape [| m; n |] "shape of float64"
                Expect.isTrue (sums.eq(torch.zeros_like sums).all().item<bool>()) "zeros")
    ]

let private threads =
    testCase "two threads at once get what one gets alone" (fun () ->
        let exact = LogSumExpEnergy(normal32 1 [ 20L; 30L ], 1.0)
        use dam = new DrDam(PrngKey.Create 2L, 30L, 5000L, 1.0)
        let distributed = dam.Approximate(dam.Consolidate(normal32 3 [ 5L; 30L ]))
        let query = normal32 4 [ 40L; 30L ]
        let autodiff = Energy.Of(fun v -> v.square().sum(-1L))

        let answers () =
            use _ = torch.NewDisposeScope()
            let options = DescentOptions(Steps = 10)

            [
                for energy in [ exact :> IEnergy; distributed; autodiff ] do
                    use descent = EnergyDescent.Run(energy, query, options)
                    floats descent.State
                    floats descent.Energies
                floats (dam.Consolidate query)
                floats (PrngKey.Create(5L).Normal [| 1000L |])
            ]

        let alone = answers ()
        let both = Array.init 2 (fun _ -> Array.create 20 [])

        let run (mine: _ list[]) =
            Thread(fun () ->
                for i in 0 .. mine.Length - 1 do
                    mine[i] <- answers ())

        let running = both |> Array.map run
        running |> Array.iter _.Start()
        running |> Array.iter _.Join()

        for answer in Array.concat both do
            Expect.equal answer alone "to the bit")

let private switch =
    testSequenced
    <| testList "switches" [
        testCase "results do not depend on the number of cores" (fun () ->
            let map = SinCosFeatures(normal32 1 [ 20_000L; 12L ], 1.0)
            let x, w = normal32 2 [ 64L; 12L ], normal32 3 [ 40_000L ]
            let energy = LogSumExpEnergy(normal32 4 [ 20L; 12L ], 1.0)
            let options = DescentOptions(Steps = 30, StepSize = 0.1)

            let all () =
                let at = map.DotAndGradient(x, w)
                use descent = EnergyDescent.Run(energy, x, options)

                [
                    at.Value
                    at.Gradient
                    map.Sum x
                    energy.Value x
                    descent.State
                    MatrixProduct.ByTiles(x.T, x)
                ]
                |> List.map floats

            let threads = torch.get_num_threads ()

            try
                torch.set_num_threads 1
                let alone = all ()
                torch.set_num_threads 4
                Expect.equal (all ()) alone "to the bit"
            finally
                torch.set_num_threads threads)

        testCase "off means libtorch's operations" (fun () ->
            let xi, v = normal32 1 [ 4L; 3L ], normal32 2 [ 5L; 3L ]
            let energy = LogSumExpEnergy(xi, 2.0)

            try
                EngramOptions.FastPaths <- false
                Expect.isFalse (FastPaths.TakesExact(xi, v)) "not taken"
                Expect.equal (floats (energy.Value v)) (floats (energy.PlainValueRows v)) "to the bit"
            finally
                EngramOptions.FastPaths <- true)

        testCase "a recorded graph takes libtorch's operations" (fun () ->
            let xi = normal32 1 [ 4L; 3L ]
            use v = (normal32 2 [ 5L; 3L ]).requires_grad_()
            Expect.isFalse (FastPaths.TakesExact(xi, v)) "recorded"
            use _ = torch.no_grad ()
            Expect.isTrue (FastPaths.TakesExact(xi, v)) "not recorded")
    ]

[<Tests>]
let tests = testList "fast paths" [ exact; features; products; threads; switch ]
