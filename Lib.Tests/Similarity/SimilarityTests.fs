module Engram.Tests.Similarity.SimilarityTests

open System
open Expecto
open TorchSharp
open Engram
open Engram.Tests.Similarity.Samples

let private kernel =
    testList "RBF kernel" [
        property 50 "exp(−β/2 ‖x−y‖²), pair by pair and as a matrix" (fun c ->
            let x, y = normal c.Seed [ c.N; c.D ], normal (c.Seed + 1) [ c.K; c.D ]
            let d = int c.D

            let byHand = [|
                for a in floats x |> Array.chunkBySize d do
                    for b in floats y |> Array.chunkBySize d do
                        exp (-0.5 * c.Beta * Array.sumBy (fun (u, v) -> (u - v) ** 2.0) (Array.zip a b))
            |]

            let byHand = torch.tensor(byHand).reshape(c.N, c.K)
            close 1e-13 (RbfKernel.Matrix(x, y, c.Beta)) byHand "matrix"
            close 1e-13 (RbfKernel.Value(x.unsqueeze 1L, y, c.Beta)) byHand "by broadcasting")

        testCase "far from the origin the products keep their digits" (fun () ->
            let x, y = normal32 1 [ 40L; 30L ], normal32 2 [ 50L; 30L ]
            let away = torch.tensor 1000.0f

            let expected =
                RbfKernel.Matrix((x + away).to_type torch.float64, (y + away).to_type torch.float64, 0.1)

            Expect.isGreaterThan (y.numel ()) 1024L "by products"
            close 1e-4 (RbfKernel.Matrix(x + away, y + away, 0.1)) expected "against float64"
            Expect.isLessThanOrEqual ((RbfKernel.Matrix(y, y, 4.0)).max().item<float32>()) 1.0f "no kernel above 1")

        testCase "a kernel has derivatives of every order, also at distance 0" (fun () ->
            use x = (torch.zeros (3L, dtype = torch.float64)).requires_grad_()
            let y = torch.zeros (3L, dtype = torch.float64)
            let value = RbfKernel.Value(x, y, 2.0)

            let slope =
                torch.autograd.grad ([| value |], [| x |], create_graph = true, retain_graph = true)

            let second = torch.autograd.grad ([| slope[0][0] |], [| x |])
            close 1e-14 second[0] (torch.tensor [| -2.0; 0.0; 0.0 |]) "∂²κ/∂x² = −β")

        testCase "what does not fit is told at the door" (fun () ->
            let x = normal 1 [ 3L; 2L ]

            throws<ArgumentException> [ "y has shape [3, 4]"; "[..., 2]" ] (fun () ->
                RbfKernel.Value(x, normal 2 [ 3L; 4L ], 1.0))

            throws<ArgumentException> [ "dtype Float32" ] (fun () -> RbfKernel.Value(x, normal32 2 [ 3L; 2L ], 1.0))
            throws<ArgumentException> [ "broadcasts" ] (fun () -> RbfKernel.Value(x, normal 2 [ 4L; 2L ], 1.0))
            throws<ArgumentException> [ "Int64" ] (fun () -> RbfKernel.Value(torch.arange 3L, torch.arange 3L, 1.0))
            throws<ArgumentException> [ "NaN" ] (fun () -> RbfKernel.Value(x * torch.tensor nan, x, 1.0))
            throws<ArgumentException> [ "2 dimensions" ] (fun () -> RbfKernel.Matrix(x[0], x, 1.0))

            for beta in [ 0.0; -1.0; nan; infinity ] do
                throws<ArgumentException> [ "inverseTemperature" ] (fun () -> RbfKernel.Value(x, x, beta)))
    ]

/// One feature map by hand, for one vector.
let private byHand name (omega: float[][]) (biases: float[]) beta (x: float[]) =
    let z = x |> Array.map (fun v -> sqrt beta * v)

    let dot (w: float[]) =
        Array.sumBy (fun (u, v) -> u * v) (Array.zip w z)

    let h = omega |> Array.map dot
    let y = float omega.Length
    let square = dot z

    match name with
    | "sin-cos" -> Array.append (Array.map cos h) (Array.map sin h) |> Array.map (fun v -> v / sqrt y)
    | "cos" -> Array.map2 (fun u b -> sqrt (2.0 / y) * cos (u + b)) h biases
    | "positive exp" -> h |> Array.map (fun u -> exp (u - square) / sqrt y)
    | _ -> Array.append h (Array.map (~-) h) |> Array.map (fun u -> exp (u - square) / sqrt (2.0 * y))

let private mapTests =
    testList "feature maps" [
        property 40 "each map is its formula" (fun c ->
            for name, map in maps c.Seed 5L c.D c.Beta do
                let x = normal (c.Seed + 2) [ c.D ] * torch.tensor 0.5
                let omega = floats map.Frequencies |> Array.chunkBySize (int c.D)

                let biases =
                    match map with
                    | :? CosFeatures as cos -> floats cos.Biases
                    | _ -> [||]

                let expected = torch.tensor (byHand name omega biases c.Beta (floats x))
                close 1e-12 (map.Map x) expected name
                Expect.equal map.FeatureDimension expected.shape[0] $"{name}: F")

        property 10 "the estimate of the kernel is unbiased" (fun c ->
            // One frequency's share of ⟨Φ(x), Φ(y)⟩, times Y, is an estimate of its own; orthogonal ones are
            // independent in blocks of D = 3.
            let features = 6000L

            let x, y =
                normal c.Seed [ 3L ] * torch.tensor 0.3, normal (c.Seed + 1) [ 3L ] * torch.tensor 0.3

            let truth = (RbfKernel.Value(x, y, 1.0)).item<float>()
            let key = PrngKey.Create(int64 c.Seed + 7L)
            let biases = (Frequencies.Biases(key.FoldIn 9, features)).to_type torch.float64

            for law, omega in
                [
                    "Gaussian", key |> Frequencies.gaussian features 3L
                    "orthogonal", key |> Frequencies.orthogonal features 3L
                ] do
                let omega = omega.to_type torch.float64

                for name, map in mapsOn omega biases 1.0 do
                    let shares = (map.Map x * map.Map y).reshape(-1L, features).sum 0L

                    let estimates =
                        shares.reshape(-1L, 3L).sum(-1L) |> floats |> Array.map (fun v -> v * 2000.0)

                    let mean = Array.average estimates
                    let variance = estimates |> Array.averageBy (fun e -> (e - mean) ** 2.0)
                    let deviations = abs (mean - truth) / sqrt (variance / 2000.0)
                    Expect.isLessThan deviations 6.0 $"{name} on {law} frequencies: {mean} for {truth}")

        testCase "the draft's exponential map, without exp(−‖x‖²), is no estimate of the kernel" (fun () ->
            let x, y = torch.tensor [| 0.5; 0.2 |], torch.tensor [| 0.1; -0.4 |]
            let truth = (RbfKernel.Value(x, y, 1.0)).item<float>()
            let omega = normal 5 [ 200_000L; 2L ]
            let draft v = (omega.mv v).exp()
            let drafted = ((draft x).dot(draft y)).item<float>() / 200_000.0

            let mended =
                (PositiveExpFeatures(omega, 1.0).Map x).dot(PositiveExpFeatures(omega, 1.0).Map y).item<float>()

            Expect.isGreaterThan (abs (drafted - truth)) 0.2 "the draft's"
            Expect.isLessThan (abs (mended - truth)) 0.01 "the mended")

        property 6 "dot, its gradient and the sum, in blocks, are those of the mapped features" (fun c ->
            // 700 frequencies and 400 vectors: several blocks of both.
            for name, map in maps c.Seed 700L c.D c.Beta do
                let x = normal (c.Seed + 2) [ 2L; 200L; c.D ] * torch.tensor 0.3
                let w = normal (c.Seed + 3) [ map.FeatureDimension ]
                let mapped = map.Map x
                close 1e-11 (map.Dot(x, w)) (mapped.matmul w) $"{name}: dot"
                close 1e-11 (map.Sum x) (mapped.sum ([| 0L; 1L |])) $"{name}: sum"
                let product = map.DotAndGradient(x, w)
                close 1e-11 product.Value (mapped.matmul w) $"{name}: value"
                let auto = RowGradient.Of((fun v -> (map.Map v).matmul w), x)
                close 1e-10 product.Gradient auto.Gradient $"{name}: gradient")

        testCase "a user's own map works through Map alone" (fun () ->
            let known = SinCosFeatures(normal32 1 [ 50L; 3L ], 2.0)

            let own = {
                new IFeatureMap with
                    member _.Dimension = 3L
                    member _.FeatureDimension = 100L
                    member _.InverseTemperature = 2.0
                    member _.Map x = known.Map x
            }

            let x, w = normal32 2 [ 4L; 3L ], normal32 3 [ 100L ]
            close 1e-5 (own.Dot(x, w)) (known.Dot(x, w)) "dot"
            close 1e-5 (own.Sum x) (known.Sum x) "sum"
            close 1e-5 (own.DotAndGradient(x, w)).Gradient (known.DotAndGradient(x, w)).Gradient "gradient")

        testCase "what does not fit is told at the door" (fun () ->
            let omega = normal 1 [ 5L; 3L ]
            let map = SinCosFeatures(omega, 1.0)
            throws<ArgumentException> [ "x has shape [4]"; "[..., 3]" ] (fun () -> map.Map(normal 2 [ 4L ]))
            throws<ArgumentException> [ "Float32" ] (fun () -> map.Map(normal32 2 [ 3L ]))
            throws<ArgumentException> [ "NaN" ] (fun () -> map.Map(normal 2 [ 3L ] * torch.tensor infinity))
            throws<ArgumentException> [ "weights"; "10" ] (fun () -> map.Dot(normal 2 [ 3L ], normal 3 [ 9L ]))
            throws<ArgumentException> [ "frequencies" ] (fun () -> SinCosFeatures(torch.zeros (0L, 3L), 1.0))
            throws<ArgumentException> [ "biases"; "5" ] (fun () -> CosFeatures(omega, normal 2 [ 4L ], 1.0))
            throws<ArgumentException> [ "inverseTemperature" ] (fun () -> PositiveExpFeatures(omega, 0.0)))
    ]

let private frequencyTests =
    testList "frequencies" [
        testCase "Gaussian ones are jr.normal(key, (Y, D))" (fun () ->
            let key = PrngKey.Create 3L
            close 1e-9 (Frequencies.Gaussian(key, 7L, 4L)) (key.Normal [| 7L; 4L |]) "the same draw")

        testCase "orthogonal ones are orthogonal in blocks of D, with chi lengths" (fun () ->
            let omega =
                (Frequencies.Orthogonal(PrngKey.Create 3L, 4001L, 4L)).to_type torch.float64

            Expect.equal omega.shape [| 4001L; 4L |] "a cut last block"
            let blocks = omega.narrow(0L, 0L, 4000L).reshape(1000L, 4L, 4L)
            let gram = blocks.matmul (blocks.transpose (1L, 2L))
            let off = gram - torch.diag_embed (gram.diagonal (0L, 1L, 2L))
            Expect.isLessThan (off.abs().max().item<float>()) 1e-4 "products of different rows"
            // ‖ω‖² has mean D = 4 and variance 2D = 8: 6 standard errors of 4001 draws.
            let mean = omega.square().sum(-1L).mean().item<float>()
            Expect.isLessThan (abs (mean - 4.0)) (6.0 * sqrt (8.0 / 4001.0)) "mean square length")

        testCase "orthogonal ones estimate the kernel better" (fun () ->
            let x, y =
                normal32 1 [ 8L ] * torch.tensor 0.4f, normal32 2 [ 8L ] * torch.tensor 0.4f

            let truth = float ((RbfKernel.Value(x, y, 1.0)).item<float32>())

            let error (draw: PrngKey -> torch.Tensor) =
                (PrngKey.Create 4L).Split 300
                |> Array.averageBy (fun key ->
                    use _ = torch.NewDisposeScope()
                    let map = SinCosFeatures(draw key, 1.0)
                    (float ((map.Map x).dot(map.Map y).item<float32>()) - truth) ** 2.0)

            let plain = error (fun key -> Frequencies.Gaussian(key, 16L, 8L))
            let orthogonal = error (fun key -> Frequencies.Orthogonal(key, 16L, 8L))
            Expect.isLessThan orthogonal (0.7 * plain) "mean square error")

        testCase "no size below 1" (fun () ->
            throws<ArgumentException> [ "features" ] (fun () -> Frequencies.Gaussian(PrngKey.Create 1L, 0L, 3L))
            throws<ArgumentException> [ "dimension" ] (fun () -> Frequencies.Orthogonal(PrngKey.Create 1L, 3L, 0L)))
    ]

[<Tests>]
let tests = testList "similarity" [ kernel; mapTests; frequencyTests ]
