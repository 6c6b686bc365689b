/// The elementary functions of the fused loops, held to those of float64 and to one another.
module Engram.Tests.Fast.FloatFunctionTests

open System
open System.Runtime.Intrinsics
open Expecto
open Engram
open Engram.Tests

/// Units in the last place of the true value, or of the least normal number.
let private ulps (actual: float32) (truth: float) =
    let unit =
        max (float (MathF.BitIncrement(abs (float32 truth))) - float (abs (float32 truth))) 1.2e-38

    abs (float actual - truth) / unit

/// A function's values, eight at a time.
let private lanes (f: Vector256<float32> -> Vector256<float32>) (xs: float32[]) =
    xs
    |> Array.chunkBySize 8
    |> Array.collect (fun chunk ->
        let padded = Array.append chunk (Array.zeroCreate (8 - chunk.Length))
        let y = f (Vector256.Create(padded, 0))
        Array.init chunk.Length (fun i -> y.GetElement i))

let private sine (x: Vector256<float32>) =
    let mutable s, c = Vector256.Zero, Vector256.Zero
    FloatFunctions.SinCos(x, &s, &c)
    s

let private cosine (x: Vector256<float32>) =
    let mutable s, c = Vector256.Zero, Vector256.Zero
    FloatFunctions.SinCos(x, &s, &c)
    c

let private functions =
    testList "functions of eight lanes" [
        testCase "sine and cosine, absolute error within 1 ulp of 1" (fun () ->
            let xs = [|
                yield! Array.init 40_000 (fun i -> float32 (i - 20_000) * 0.01f)
                yield! Array.init 2_000 (fun i -> float32 i * 1234.567f)
                yield! [| 0.0f; -0.0f; 1e-30f; 5e6f; -1e9f; 3e38f |]
            |]

            let worst f (truth: float -> float) =
                Array.map2 (fun x y -> abs (float y - truth (float x))) xs (lanes f xs) |> Array.max

            Expect.isLessThan (worst sine sin) 1.2e-7 "sine"
            Expect.isLessThan (worst cosine cos) 1.2e-7 "cosine"
            // Near 0 the sine keeps its relative digits.
            let small = Array.init 1000 (fun i -> float32 (i + 1) * 1e-4f)

            let relative =
                Array.map2 (fun x y -> ulps y (sin (float x))) small (lanes sine small)

            Expect.isLessThan (Array.max relative) 2.0 "ulp near 0")

        testCase "the exponential within 2 ulp, 0 and infinity beyond its range" (fun () ->
            let xs = Array.init 17_500 (fun i -> float32 (i - 8730) * 0.01f)

            let worst =
                Array.map2 (fun x y -> ulps y (exp (float x))) xs (lanes FloatFunctions.Exp xs) |> Array.max

            Expect.isLessThan worst 2.0 "ulp"

            let beyond =
                lanes FloatFunctions.Exp [| -88.0f; -1e30f; -infinityf; 89.0f; 1e30f; infinityf |]

            Expect.equal beyond [| 0.0f; 0.0f; 0.0f; infinityf; infinityf; infinityf |] "beyond")
    ]

/// A function's values, sixteen at a time.
let private wide (f: Vector512<float32> -> Vector512<float32>) (xs: float32[]) =
    xs
    |> Array.chunkBySize 16
    |> Array.collect (fun chunk ->
        let padded = Array.append chunk (Array.zeroCreate (16 - chunk.Length))
        let y = f (Vector512.Create(padded, 0))
        Array.init chunk.Length y.GetElement)

let private wideSine (x: Vector512<float32>) =
    let mutable s, c = Vector512.Zero, Vector512.Zero
    FloatFunctions.NearSinCos(x, &s, &c)
    s

let private wideCosine (x: Vector512<float32>) =
    let mutable s, c = Vector512.Zero, Vector512.Zero
    FloatFunctions.NearSinCos(x, &s, &c)
    c

/// Numbers at whose side something changes, with their neighbours on both sides.
let private around xs = [|
    for x: float32 in xs do
        for x in [ x; -x ] do
            yield! [ MathF.BitDecrement x; x; MathF.BitIncrement x ]
|]

/// Zeros, the least and the greatest numbers, what is no number, where the exponential gives up, and where it and the
/// angle's quadrant are rounded the other way: halves of ln 2 and quarters of π.
let private special = [|
    yield!
        around [
            0.0f
            Single.Epsilon
            1.17549435e-38f
            1.0f
            87.3f
            88.8f
            FloatFunctions.LargestNear
        ]
    yield! around (Seq.init 300 (fun i -> float32 (float i * 0.5 * Math.Log 2.0)))
    yield! around (Seq.init 3000 (fun i -> float32 (float i * Math.PI / 4.0)))
    yield! [ Single.MaxValue; Single.MinValue; infinityf; -infinityf; nanf; -nanf ]
|]

/// Any bits at all, and angles and exponents of the usual size.
let private random =
    let random = Random 779

    [|
        for _ in 1..50_000 -> BitConverter.Int32BitsToSingle(int (random.NextInt64(1L <<< 32) - (1L <<< 31)))
        for _ in 1..50_000 -> float32 (200.0 * random.NextDouble() - 100.0)
        for _ in 1..50_000 -> float32 (131072.0 * random.NextDouble() - 65536.0)
    |]

let private sameBits name (xs: float32[]) (narrow: float32[] -> float32[]) (wide: float32[] -> float32[]) =
    for x, eight, sixteen in Array.zip3 xs (narrow xs) (wide xs) do
        let bits = BitConverter.SingleToInt32Bits

        if bits eight <> bits sixteen then
            failtest $"{name} of {x:R}: {eight:R} by eight lanes, {sixteen:R} by sixteen"

let private widths =
    testList "functions of sixteen lanes have the bits of those of eight" [
        testCase "the exponential, of every number" (fun () ->
            Requirements.wideVectors ()
            sameBits "exp" (Array.append special random) (lanes FloatFunctions.Exp) (wide FloatFunctions.Exp))

        testCase "sine and cosine, as far as sixteen lanes go" (fun () ->
            Requirements.wideVectors ()

            let near =
                Array.append special random |> Array.filter (fun x -> not (abs x > FloatFunctions.LargestNear))

            Expect.isGreaterThan near.Length 140_000 "angles"
            sameBits "sin" near (lanes sine) (wide wideSine)
            sameBits "cos" near (lanes cosine) (wide wideCosine))
    ]

[<Tests>]
let tests = testList "float functions" [ functions; widths ]
