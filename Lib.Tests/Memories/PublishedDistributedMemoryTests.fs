/// Every number that "Distributed memory" prints, and what its two-dimensional figures show.
module Engram.Tests.Memories.PublishedDistributedMemoryTests

open Expecto
open TorchSharp
open Engram

let private keys = lazy (PrngKey.Create(779L).Split 10)
let private betas = [ 0.01; 0.1; 1.0; 10.0 ]

let private floats (tensor: torch.Tensor) =
    tensor.to_type(torch.float64).flatten().data<float>().ToArray()

/// As printed: to so many decimals.
let private printed (decimals: int) (value: float) = System.Math.Round(value, decimals)

module private Plane =
    let draw index (rows: int64) =
        keys.Value[index].Uniform([| rows; 2L |]).mul(torch.tensor 10.0f).sub(torch.tensor 5.0f)

    let memories = lazy (draw 0 8L)
    let queries = lazy (draw 8 3L)
    let frequencies = lazy (Frequencies.Gaussian(keys.Value[4], 32768L, 2L))

    let grid =
        lazy
            (let points = torch.linspace (-5.0, 5.0, 50L)
             let axes = torch.meshgrid ([ points; points ], indexing = "xy") |> Seq.toArray
             torch.stack (axes, -1L))

    let approximate beta =
        let map = SinCosFeatures(frequencies.Value, beta)
        DistributedEnergy(map, map.Sum memories.Value)

    let exact beta = LogSumExpEnergy(memories.Value, beta)

let private plane =
    testList "in the plane" [
        testCase "the range of the exact energy over the grid" (fun () ->
            let ranges = [ -201.55, -172.95; -15.01, 4.73; -0.43, 14.16; 0.0008, 14.86 ]

            for beta, (low, high) in List.zip betas ranges do
                let energies = (Plane.exact beta).Value Plane.grid.Value |> floats
                let decimals = if beta = 10.0 then 4 else 2
                Expect.equal (energies.Length) 2500 "one for each cell"
                Expect.equal (printed decimals (Array.min energies)) low $"least at β = {beta}"
                Expect.equal (printed 2 (Array.max energies)) high $"greatest at β = {beta}")

        testCase "distinct fixed points reached from the memories" (fun () ->
            for beta, expected in List.zip betas [ 1; 1; 5; 8 ] do
                // A long descent of a contraction: step 1 is v ← Σ softmax ξ.
                let options =
                    DescentOptions(Steps = 2000, StepSize = 1.0, RecordEnergies = false, GradientTolerance = 1e-5)

                use descent = EnergyDescent.Run(Plane.exact beta, Plane.memories.Value, options)

                let rows =
                    floats descent.State
                    |> Array.chunkBySize 2
                    |> Array.distinctBy (Array.map (fun x -> System.Math.Round(x, 1)))

                Expect.equal rows.Length expected $"β = {beta}")

        testCase "clipped cells of the approximate grid" (fun () ->
            for beta, expected in List.zip betas [ 0; 0; 296; 1246 ] do
                let energy = Plane.approximate beta
                let cut = -log 1e-10 / beta

                let clipped =
                    energy.Value Plane.grid.Value |> floats |> Array.filter (fun e -> abs (e - cut) < 1e-5 * cut)

                Expect.isLessThanOrEqual (abs (clipped.Length - expected)) 1 $"β = {beta}: {clipped.Length}")

        testCase "at β = 10 the approximate descent leaves queries 1 and 3 where they are cut off" (fun () ->
            let options = DescentOptions(Steps = 500, StepSize = 0.01)
            let exact = Plane.exact 10.0
            use there = EnergyDescent.Run(exact, Plane.queries.Value, options)
            use near = EnergyDescent.Run(Plane.approximate 10.0, Plane.queries.Value, options)
            let left = exact.Value near.State |> floats
            Expect.equal (printed 4 left[0]) 0.5761 "query 1"
            Expect.equal (printed 4 left[2]) 1.7033 "query 3"

            for energy in exact.Value there.State |> floats do
                Expect.isLessThan (abs energy) 0.01 "the exact descent arrives")
    ]

let private printedResults =
    testList "the DrDAM class" [
        testCase "prints the source's numbers" (fun () ->
            let binary index (shape: int64[]) =
                keys.Value[index].Uniform(shape).gt(torch.tensor 0.5f).to_type(torch.float32)
                |> fun bits -> bits.div (torch.tensor (sqrt 30.0f))

            let pair = binary 0 [| 30L; 2L |]
            let x, y = pair.select (1L, 0L), pair.select (1L, 1L)
            let memories = binary 2 [| 20L; 30L |]
            let queries = (binary 6 [| 100L; 30L |]).narrow(0L, 0L, 10L)
            use dam = new DrDam(keys.Value[9], 30L, 100_000L, 25.0)

            let number (t: torch.Tensor) = t.item<float32>() |> float |> printed 4
            Expect.equal (number (dam.Similarity(x, y))) 0.0013 "exact kernel"
            Expect.equal (number (dam.ApproximateSimilarity(x, y))) 0.0030 "approximate kernel"
            Expect.equal (number (dam.Energy(x, memories))) 0.0847 "exact energy"

            let memory = dam.Consolidate memories
            Expect.equal memory.shape [| 200_000L |] "T has 2Y numbers"
            Expect.equal (number (dam.ApproximateEnergy(x, memory))) 0.0886 "approximate energy"

            let initial = dam.Energy(queries, memories) |> floats |> Array.map (printed 4)

            Expect.equal
                initial
                [|
                    0.0950
                    0.1262
                    0.1140
                    0.0997
                    0.1023
                    0.1107
                    0.0991
                    0.1278
                    0.1082
                    0.1035
                |]
                "initial energies"

            let options = DescentOptions(Steps = 10, StepSize = 0.1)
            use exact = dam.Descend(queries, memories, options)
            use approximate = dam.ApproximateDescend(queries, memory, options)

            let divergences =
                (exact.State - approximate.State).square().sum(-1L).sqrt() |> floats |> Array.map (printed 4)

            Expect.equal
                divergences
                [|
                    0.0238
                    0.0269
                    0.0436
                    0.0285
                    0.0306
                    0.0352
                    0.0269
                    0.0383
                    0.0325
                    0.0356
                |]
                "divergences")
    ]

[<Tests>]
let tests = testList "distributed memory, as published" [ plane; printedResults ]
