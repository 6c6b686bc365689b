module Engram.Tests.Torch.NativesTests

open Expecto
open TorchSharp

[<Tests>]
let tests =
    testList "natives" [
        testCase "libtorch loads and draws PyTorch's numbers" (fun () ->
            // PyTorch: torch.manual_seed(42); torch.randn(3) -> 0.3367, 0.1288, 0.2345
            use generator = new torch.Generator(42UL)
            use drawn = torch.randn ([| 3L |], generator = generator)

            for i, published in List.indexed [ 0.3367f; 0.1288f; 0.2345f ] do
                Expect.floatClose Accuracy.low (float (drawn[int64 i].item<float32>())) (float published) $"draw {i}")
    ]
