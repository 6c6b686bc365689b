module Engram.Tests.Random.ThreefryTests

open System
open System.Runtime.Intrinsics
open Expecto
open Engram
open Engram.Tests.Random

[<Tests>]
let tests =
    testList "threefry" [
        testCase "Random123's known answers, Threefry-2x32, 20 rounds" (fun () ->
            // kat_vectors of Random123 1.14; JAX's own tests hold the same three.
            let answers = [
                (0u, 0u), (0u, 0u), (0x6b200159u, 0x99ba4efeu)
                (0xffffffffu, 0xffffffffu), (0xffffffffu, 0xffffffffu), (0x1cb996fcu, 0xbb002be7u)
                (0x13198a2eu, 0x03707344u), (0x243f6a88u, 0x85a308d3u), (0xc4923a9cu, 0x483df7a0u)
            ]

            for (key0, key1), (counter0, counter1), expected in answers do
                let struct (first, second) = Threefry.Block(key0, key1, counter0, counter1)
                Expect.equal (first, second) expected $"key {key0:x} {key1:x}")

        testCase "a partitionable stream goes on past 2^32 elements" (fun () ->
            let key = PrngKey.Create 779L
            // Two vectors of sixteen and one of eight.
            let words = Array.zeroCreate<uint32> 40
            let start = (1L <<< 32) - 16L
            Threefry.Fill(key, 1L <<< 33, start, words.AsSpan())

            for i in 0..39 do
                let counter = start + int64 i

                let struct (first, second) =
                    Threefry.Block(key.High, key.Low, uint32 (counter >>> 32), uint32 counter)

                Expect.equal words[i] (first ^^^ second) $"element {counter}")

        testCase "erfinv: XLA's float32 values" (fun () ->
            let value = Array.map PrngVectors.float32Of PrngVectors.erfinv.Value

            for i, x in Seq.indexed (Array.map PrngVectors.float32Of PrngVectors.erfinv.X) do
                let found = InverseErf.Of(Vector256.Create x).ToScalar()

                let apart =
                    BitConverter.SingleToInt32Bits found - BitConverter.SingleToInt32Bits value[i]

                Expect.isLessThanOrEqual (abs apart) 3 $"at {x}: {found}, not {value[i]}")

        testCase "erfinv: sixteen lanes have the bits of eight, for each number that a normal is made of" (fun () ->
            let ones = Vector256<uint32>.AllBitsSet

            for i in 0..16 .. (1 <<< 23) - 1 do
                let x =
                    Vector512.Create(2.0f) * (Vector512.Create(float32 i) + Vector512<float32>.Indices)

                let x = x * Vector512.Create(MathF.ScaleB(1.0f, -23)) - Vector512.Create 0.99999994f
                let sixteen = InverseErf.Of(x).AsUInt32()

                let low, high =
                    InverseErf.Of(x.GetLower()).AsUInt32(), InverseErf.Of(x.GetUpper()).AsUInt32()

                if
                    Vector256.Equals(sixteen.GetLower(), low) <> ones
                    || Vector256.Equals(sixteen.GetUpper(), high) <> ones
                then
                    failtest $"at {x}: {sixteen}, not {low} and {high}")
    ]
