module Engram.Tests.Datasets.IconsTests

open Expecto
open TorchSharp
open Engram

[<Tests>]
let tests =
    testList "icons" [
        testCase "are ten pictures in black and white, each named, no two alike" (fun () ->
            use _ = torch.NewDisposeScope()
            let pictures = Icons.Pictures()
            Expect.equal pictures.shape [| 10L; 16L; 16L |] "[10, 16, 16]"
            Expect.isTrue ((pictures.abs().eq(torch.ones_like pictures)).all().item<bool>()) "±1"
            Expect.equal (Set.ofSeq Icons.Names).Count 10 "names"
            let flat = pictures.flatten 1L

            let overlap =
                flat.matmul (flat.transpose (0L, 1L)) - torch.eye 10L * (256.0).ToScalar()

            Expect.isLessThan (overlap.max().item<float32>()) 200.0f "overlap of two"
            // A house: chimney right of the middle on top, nothing below the door.
            let house = pictures[int64 (Seq.findIndex ((=) "house") Icons.Names)]
            Expect.equal (house[1L, 11L].item<float32>()) 1.0f "chimney"
            Expect.equal (house[15L].sum().item<float32>()) -16.0f "an empty last row")
    ]
