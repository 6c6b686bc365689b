module Engram.Tests.Notebooks.FormatTensorTests

open Expecto
open TorchSharp
open Engram
open Engram.Notebooks

let private plain (value: obj) =
    (MimeBundles.Of value).Text "text/plain"

let private html (value: obj) = (MimeBundles.Of value).Text "text/html"

[<Tests>]
let tests =
    testList "formats: tensors" [
        testCase "shape, dtype, device, summary and first values" (fun () ->
            use tensor = torch.arange(12, dtype = torch.float32).reshape(3L, 4L)

            Expect.equal
                (plain tensor)
                "Tensor [3, 4] float32 on cpu\nmin 0  mean 5.5  max 11\n[0, 1, 2, 3, 4, 5, …]"
                "text"

            Expect.stringContains (html tensor) "<td>5.5</td>" "html")

        testCase "a large tensor's buffer is not shown" (fun () ->
            use tensor = torch.zeros (1000L, 1000L)
            Expect.isLessThan (html tensor).Length 500 "html"
            Expect.isLessThan (plain tensor).Length 200 "text")

        testCase "a scalar, no elements, integers, booleans, NaN, gradients" (fun () ->
            use scalar = torch.tensor 2.5f
            Expect.equal (plain scalar) "Tensor [] float32 on cpu\n[2.5]" "scalar"
            use none = torch.zeros (0L, 3L)
            Expect.equal (plain none) "Tensor [0, 3] float32 on cpu" "none"
            use whole = torch.tensor [| 1L; 2L; 4L |]
            Expect.stringContains (plain whole) "int64 on cpu\nmin 1  mean 2.3333  max 4" "integers"
            use truth = torch.tensor [| true; false; true |]
            Expect.stringContains (plain truth) "true 2 of 3\n[true, false, true]" "booleans"
            use gaps = torch.tensor [| nanf; 1.0f; 3.0f |]
            Expect.stringContains (plain gaps) "NaN 1  min 1  mean 2  max 3" "NaN"
            use learned = torch.ones (2L, requires_grad = true)
            Expect.stringContains (plain learned) "requires gradient" "gradient")

        testCase "a disposed tensor and a sparse one are shown, not dereferenced" (fun () ->
            let tensor = torch.ones 3L
            tensor.Dispose()
            Expect.equal (plain tensor) "Tensor (disposed)" "disposed"
            use dense = torch.eye 3L
            use sparse = dense.to_sparse ()
            Expect.stringStarts (plain sparse) "Tensor [3, 3] float32 on cpu" "sparse")

        testCase "tensors within lists, records and dictionaries" (fun () ->
            use tensor = torch.ones 2L
            Expect.equal (plain [ tensor ]) "[Tensor [2] float32 on cpu min 1  mean 1  max 1 [1, 1]]" "list"
            Expect.stringContains (html {| State = tensor |}) "Tensor [2] float32 on cpu" "record"
            Expect.stringContains (html (Map [ "q", tensor ])) "Tensor [2] float32 on cpu" "map")

        // Alone, since other tests make tensors too.
        testSequenced
        <| testCase "showing a tensor leaves no tensor behind" (fun () ->
            use tensor = torch.ones 100L
            let before = torch.Tensor.TotalCount

            for _ in 1..10 do
                MimeBundles.Of tensor |> ignore

            Expect.equal torch.Tensor.TotalCount before "tensors alive")
    ]
