module Engram.Tests.Random.PrngKeyTests

open System
open Expecto
open FsCheck.FSharp
open TorchSharp
open Engram
open Engram.Tests.Random

let private layouts = [ PrngLayout.Partitionable; PrngLayout.Legacy ]

let private perLayout name test =
    testList name [ for layout in layouts -> testCase (string layout) (fun () -> test layout) ]

let private floats (tensor: torch.Tensor) =
    using tensor (fun t -> t.data<float32>().ToArray())

let private longs (tensor: torch.Tensor) =
    using tensor (fun t -> t.data<int64>().ToArray())

let private words (key: PrngKey) = key.High, key.Low
let private pairs (keys: uint32[][]) = keys |> Array.map (fun k -> k[0], k[1])

/// Units in the last place between two floats, across zero too.
let private ulps (a: float32) (b: float32) =
    let place (x: float32) =
        let bits = BitConverter.SingleToInt32Bits x |> int64
        if bits < 0L then -(bits &&& 0x7fffffffL) else bits

    abs (place a - place b)

let private keys =
    testList "keys" [
        testCase "a seed gives (0, seed mod 2^32)" (fun () ->
            for row in PrngVectors.keys do
                Expect.equal (words (PrngKey.Create row[0])) (uint32 row[1], uint32 row[2]) $"seed {row[0]}")

        testCase "fold_in, the same in both layouts" (fun () ->
            for layout in layouts do
                for row in PrngVectors.foldIn do
                    let folded = PrngKey.Create(row[0], layout).FoldIn(uint32 row[1])
                    Expect.equal (words folded) (uint32 row[2], uint32 row[3]) $"seed {row[0]}, data {row[1]}"
                    Expect.equal folded.Layout layout "the layout stays")

        perLayout "split" (fun layout ->
            for seed in PrngVectors.seeds layout do
                let split (count: int) =
                    PrngKey.Create(seed.Seed, layout).Split count |> Array.map words

                Expect.equal (split 2) (pairs seed.Split2) $"seed {seed.Seed} in 2"
                Expect.equal (split 10) (pairs seed.Split10) $"seed {seed.Seed} in 10"
                Expect.equal (split 0) [||] "in none")

        testCase "a key is a value, and says what it is" (fun () ->
            Expect.equal (PrngKey.Create 779L) (PrngKey(0u, 779u)) "by value"
            Expect.notEqual (PrngKey.Create 1L) (PrngKey.Create(1L, PrngLayout.Legacy)) "the layout counts"
            Expect.equal (string (PrngKey.Create 779L)) "PrngKey(0, 779)" "as JAX prints it"
            Expect.equal (string (PrngKey.Create(1L, PrngLayout.Legacy))) "PrngKey(0, 1, Legacy)" "with its layout")
    ]

let private draws =
    testList "draws" [
        perLayout "bits and uniforms bit for bit, normals within 3 ulp" (fun layout ->
            for seed in PrngVectors.seeds layout do
                let key = PrngKey.Create(seed.Seed, layout)

                for draw in seed.Draws do
                    let at = $"seed {seed.Seed}, shape %A{draw.Shape}"
                    Expect.equal (longs (key.Bits draw.Shape)) draw.Bits $"bits, {at}"
                    let uniform = Array.map PrngVectors.float32Of draw.Uniform
                    Expect.equal (floats (key.Uniform draw.Shape)) uniform $"uniform, {at}"
                    let normal = Array.map PrngVectors.float32Of draw.Normal
                    let furthest = Seq.map2 ulps (floats (key.Normal draw.Shape)) normal |> Seq.max
                    Expect.isLessThanOrEqual furthest 3L $"normal, {at}")

        testCase "published normals: JAX's documentation, key 0, partitionable" (fun () ->
            // normal(key(0), (2, 3)) begins with these; normal(key(42), ()) is the last.
            let published = [|
                1.6226422f
                2.0252647f
                -0.43359444f
                -0.07861735f
                0.1760909f
                -0.97208923f
            |]

            let drawn = floats ((PrngKey.Create 0L).Normal [| 2L; 3L |])
            Expect.isLessThanOrEqual (Seq.map2 ulps drawn published |> Seq.max) 3L "key 0"
            let scalar = floats ((PrngKey.Create 42L).Normal [||])
            Expect.isLessThanOrEqual (ulps scalar[0] -0.028304616f) 3L "key 42")

        perLayout "randint" (fun layout ->
            for seed in PrngVectors.seeds layout do
                let drawn = PrngKey.Create(seed.Seed, layout).RandInt([| 7L |], 0L, 100L)
                Expect.equal (longs drawn) seed.Randint $"seed {seed.Seed}")

        testCase "the shape is kept: scalars, empty ones, any rank" (fun () ->
            let key = PrngKey.Create 3L

            for shape in [ [||]; [| 0L |]; [| 2L; 0L; 3L |]; [| 1L |]; [| 2L; 1L; 2L; 1L; 3L |] ] do
                for drawn in
                    [
                        key.Bits shape
                        key.Uniform shape
                        key.Normal shape
                        key.RandInt(shape, -3L, 4L)
                    ] do
                    use drawn = drawn
                    Expect.equal drawn.shape shape "shape")

        testProperty "a partitionable stream does not depend on the shape"
        <| Prop.forAll (Gen.choose (1, 3000) |> Arb.fromGen) (fun count ->
            let key = PrngKey.Create 11L
            let long = floats (key.Normal [| 3000L |])
            floats (key.Normal [| int64 count |]) = long[.. count - 1])

        perLayout "a large draw, over all cores, is the same stream, element by element" (fun layout ->
            let key = PrngKey.Create(7L, layout)
            let total = 300_001L
            let drawn = floats (key.Uniform [| total |])
            let half = uint32 ((total + 1L) / 2L)

            let word i =
                match layout with
                | PrngLayout.Partitionable ->
                    let struct (first, second) = Threefry.Block(key.High, key.Low, 0u, i)
                    first ^^^ second
                | _ ->
                    let block = if i < half then i else i - half
                    let partner = if int64 (block + half) < total then block + half else 0u
                    let struct (first, second) = Threefry.Block(key.High, key.Low, block, partner)
                    if i < half then first else second

            for i in Seq.append [ 0; 1; 150_000; 150_001; 299_999; 300_000 ] [ 997..9973..300_000 ] do
                let expected =
                    BitConverter.UInt32BitsToSingle((word (uint32 i) >>> 9) ||| 0x3F800000u) - 1f

                Expect.equal drawn[i] expected $"element {i}")

        testCase "uniform bounds: max(low, f(high - low) + low)" (fun () ->
            let key = PrngKey.Create 5L
            let unit = floats (key.Uniform [| 1000L |])
            let wide = floats (key.Uniform([| 1000L |], -3.0, 0.5))
            Expect.equal wide (unit |> Array.map (fun f -> max -3f (f * 3.5f + -3f))) "scaled"
            Expect.allEqual (floats (key.Uniform([| 4L |], 2.0, 2.0))) 2f "an empty interval is its bound")

        testCase "moments of a million normals" (fun () ->
            use drawn = (PrngKey.Create 1L).Normal [| 1_000_000L |]

            let mean (power: int) =
                drawn.pow((float power).ToScalar()).mean().item<float32>() |> float
            // Five standard errors: 1, √2, √15, √96 over 1000.
            for power, expected, error in [ 1, 0.0, 1.0; 2, 1.0, sqrt 2.0; 3, 0.0, sqrt 15.0; 4, 3.0, sqrt 96.0 ] do
                Expect.isLessThan (abs (mean power - expected)) (5.0 * error / 1000.0) $"moment {power}")

        testCase "a range is covered evenly" (fun () ->
            let counts =
                longs ((PrngKey.Create 9L).RandInt([| 70_000L |], -3L, 4L)) |> Array.countBy id

            Expect.equal (counts |> Array.map fst |> Array.sort) [| -3L .. 3L |] "every member, no other"
            Expect.all counts (fun (_, n) -> abs (n - 10_000) < 500) "about as often each")
    ]

let private shuffles =
    testList "shuffles" [
        testCase "published: permutation(key(3), arange(5))" (fun () ->
            // JAX's documentation prints [0, 4, 2, 1, 3] for the partitionable layout.
            Expect.equal (longs ((PrngKey.Create 3L).Permutation 5L)) [| 0L; 4L; 2L; 1L; 3L |] "")

        perLayout "permutations" (fun layout ->
            let five = PrngKey.Create(3L, layout).Permutation 5L
            Expect.equal (longs five) (PrngVectors.permutation5 layout) "5 of key 3"

            for seed in PrngVectors.seeds layout do
                let key = PrngKey.Create(seed.Seed, layout)
                Expect.equal (longs (key.Permutation 10L)) seed.Permutation10 $"10, seed {seed.Seed}"
                let thousand = longs (key.Permutation 1000L)
                Expect.equal thousand[..9] seed.Permutation1000 $"1000, seed {seed.Seed}")

        perLayout "two rounds: the 70,000 images of the differentiable-memory text" (fun layout ->
            let expected = PrngVectors.permutation70000 layout
            let order = longs (PrngKey.Create(0L, layout).Permutation 70_000L)
            Expect.equal order[..9] expected.First10 "the first ten"
            Expect.equal order[69_995..] expected.Last5 "the last five"
            let sum = order |> Seq.mapi (fun i p -> int64 i * p) |> Seq.sum
            Expect.equal sum expected.Sum_i_times_p "the sum of i·p"
            Expect.equal (Array.sort order) [| 0L .. 69_999L |] "a permutation")

        perLayout "choice without replacement: its 78 pixels" (fun layout ->
            let drawn = longs (PrngKey.Create(1L, layout).Choice(784L, 78L))
            Expect.equal drawn (PrngVectors.choice784 layout) "")

        testProperty "a permutation has every member once"
        <| Prop.forAll (Gen.choose (0, 200) |> Arb.fromGen) (fun n ->
            longs ((PrngKey.Create(int64 n)).Permutation(int64 n)) |> Array.sort = [| 0L .. int64 n - 1L |])

        testCase "of a tensor: its rows" (fun () ->
            let key = PrngKey.Create 12L
            use rows = torch.arange(12L).reshape(6L, 2L)
            let order = longs (key.Permutation 6L)
            let expected = order |> Array.collect (fun row -> [| 2L * row; 2L * row + 1L |])
            Expect.equal (longs (key.Permutation rows)) expected "all"
            Expect.equal (longs (key.Choice(rows, 2L))) expected[..3] "two")
    ]

let private errors =
    let key = PrngKey.Create 0L

    let throws name wanted (draw: unit -> obj) =
        testCase name (fun () ->
            let thrown =
                try
                    draw () |> ignore
                    None
                with :? ArgumentException as e ->
                    Some e.Message

            Expect.stringContains (thrown |> Option.defaultValue "nothing was thrown") wanted "says what is wrong")

    testList "errors" [
        throws "a negative size" "[2, -1]" (fun () -> key.Normal [| 2L; -1L |])
        throws "too many words" "No size may be negative" (fun () -> key.Bits [| 100_000L; 100_000L |])
        throws "no shape" "shape" (fun () -> key.Uniform null)
        throws "bounds the wrong way round" "low ≤ high" (fun () -> key.Uniform([| 1L |], 2.0, 1.0))
        throws "bounds that are no numbers" "finite" (fun () -> key.Uniform([| 1L |], nan, 1.0))
        throws "bounds beyond float32" "finite" (fun () -> key.Uniform([| 1L |], 0.0, 1e300))
        throws "an empty range" "[4, 4)" (fun () -> key.RandInt([| 1L |], 4L, 4L))
        throws "a range beyond 32 bits" "32 signed bits" (fun () -> key.RandInt([| 1L |], 0L, 1L <<< 40))
        throws "more than there are" "4 different ones" (fun () -> key.Choice(3L, 4L))
        throws "fewer than none" "at least 0" (fun () -> key.Permutation -1L)
        throws "split in fewer than none" "at least 0" (fun () -> key.Split -1)
        throws "the rows of a scalar" "scalar" (fun () -> key.Permutation(torch.tensor 1.0))
    ]

[<Tests>]
let tests = testList "prng" [ keys; draws; shuffles; errors ]
