module Engram.Tests.Datasets.IdxFileTests

open System
open System.IO
open System.IO.Compression
open Expecto
open FsCheck
open FsCheck.FSharp
open TorchSharp
open Engram

let private bigEndian (bytes: byte[]) =
    if BitConverter.IsLittleEndian then
        Array.rev bytes
    else
        bytes

/// An IDX file: type, sizes, elements.
let private idx (kind: byte) (sizes: int list) (elements: byte[]) = [|
    yield! [| 0uy; 0uy; kind; byte sizes.Length |]
    for size in sizes do
        yield! bigEndian (BitConverter.GetBytes size)
    yield! elements
|]

let private gzip (bytes: byte[]) =
    use into = new MemoryStream()

    do
        use zip = new GZipStream(into, CompressionLevel.Fastest, leaveOpen = true)
        zip.Write(bytes, 0, bytes.Length)

    into.ToArray()

let private noise count =
    let bytes = Array.zeroCreate<byte> count
    Random(1).NextBytes bytes
    bytes

/// An accessor cannot be had of an empty tensor.
let private elementsOf (tensor: torch.Tensor) =
    if tensor.numel () = 0L then
        [||]
    else
        tensor.data<byte>().ToArray()

let private withFile (bytes: byte[]) (act: string -> 'T) =
    let path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())
    File.WriteAllBytes(path, bytes)

    try
        act path
    finally
        File.Delete path

let private read bytes = withFile bytes IdxFile.Read

[<Tests>]
let tests =
    testList "IDX files" [
        testProperty "what was written is read, plain and gzipped"
        <| Prop.forAll
            (Gen.zip (Gen.listOfLength 3 (Gen.choose (0, 5))) (Gen.choose (0, 1000)) |> Arb.fromGen)
            (fun (sizes, seed) ->
                let elements = Array.zeroCreate<byte>(List.fold (*) 1 sizes)
                Random(seed).NextBytes elements
                let file = idx 8uy sizes elements

                for bytes in [ file; gzip file ] do
                    use tensor = read bytes
                    Expect.equal tensor.shape [| for size in sizes -> int64 size |] "shape"
                    Expect.equal tensor.dtype torch.ScalarType.Byte "dtype"
                    Expect.equal (elementsOf tensor) elements "elements")

        testCase "every element type, big-endian" (fun () ->
            let file kind toBytes values =
                idx kind [ List.length values ] [|
                    for v in values do
                        yield! bigEndian (toBytes v)
                |]

            use int8s = read (idx 9uy [ 2 ] [| 255uy; 1uy |])
            Expect.equal (int8s.data<sbyte>().ToArray()) [| -1y; 1y |] "int8"

            use int16s =
                read (file 0x0buy (fun (v: int16) -> BitConverter.GetBytes v) [ -2s; 300s ])

            Expect.equal (int16s.data<int16>().ToArray()) [| -2s; 300s |] "int16"

            use int32s =
                read (file 0x0cuy (fun (v: int) -> BitConverter.GetBytes v) [ -3; 70000 ])

            Expect.equal (int32s.data<int>().ToArray()) [| -3; 70000 |] "int32"

            use singles =
                read (file 0x0duy (fun (v: float32) -> BitConverter.GetBytes v) [ 1.5f; -2.25f ])

            Expect.equal (singles.data<float32>().ToArray()) [| 1.5f; -2.25f |] "float32"

            use doubles =
                read (file 0x0euy (fun (v: float) -> BitConverter.GetBytes v) [ 0.1; -1e300 ])

            Expect.equal (doubles.data<float>().ToArray()) [| 0.1; -1e300 |] "float64")

        testCase "streamed: more than one piece" (fun () ->
            let elements = Array.init 5_000_000 (fun i -> byte (i * 7))
            use tensor = read (gzip (idx 8uy [ 5_000; 1_000 ] elements))
            Expect.equal (tensor.data<byte>().ToArray()) elements "elements")

        testList "errors" [
            let good = idx 8uy [ 10; 10 ] (Array.zeroCreate 100)

            for name, bytes, wanted in
                [
                    "empty", [||], "truncated"
                    "a truncated header", good[..6], "truncated"
                    "truncated elements", gzip good[..80], "truncated"
                    "a truncated gzip stream", (gzip (idx 8uy [ 40; 40 ] (noise 1600)))[..200], "truncated"
                    "a damaged gzip stream",
                    Array.mapi (fun i b -> if i = 900 then b + 1uy else b) (gzip (idx 8uy [ 40; 40 ] (noise 1600))),
                    "damaged"
                    "plain and too short", good[..80], "promises 100 bytes"
                    "another magic number", "PNG and so on"B, "first bytes"
                    "an unknown type", idx 7uy [ 1 ] [| 0uy |], "00000701"
                    "more than it says", Array.append good [| 0uy |], "goes on"
                    "a header that promises the moon", gzip (idx 8uy [ -1; -1; -1; -1 ] [||]), "promises"
                ] do
                testCase name (fun () ->
                    withFile bytes (fun path ->
                        let message =
                            try
                                (IdxFile.Read path).Dispose()
                                "nothing was thrown"
                            with :? InvalidDataException as e ->
                                e.Message

                        Expect.stringContains message wanted "says what is wrong"
                        Expect.stringContains message path "names the file"
                        Expect.stringContains message "again" "says what to do"))

            testCase "no file" (fun () ->
                Expect.throwsT<FileNotFoundException> (fun () -> IdxFile.Read "no-such-file.idx" |> ignore) "")
        ]
    ]
