/// A memory in a file, and files that are none.
module Engram.Tests.Memories.KeyValueFileTests

open System.IO
open Expecto
open TorchSharp
open Engram
open Engram.Tests.Memories.KeyValueFormulas

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

[<Tests>]
let tests = testList "key-value memory" [ files ]
