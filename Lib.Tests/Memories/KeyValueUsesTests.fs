/// What else the text does with such a memory.
module Engram.Tests.Memories.KeyValueUsesTests

open Expecto
open TorchSharp
open Engram
open Engram.Tests.Memories.KeyValueFormulas

let private uses =
    testList "the text's other uses" [
        testCase "a surrogate of a function" (fun () ->
            let f (q: torch.Tensor) =
                ((q.narrow (1, 0L, 1L)).mul(3.0.ToScalar())).sin() * q.narrow (1, 1L, 1L)

            let draw seed rows =
                (PrngKey.Create(seed: int64)).Uniform([| rows; 2L |], -1.0, 1.0)

            let q, fresh = draw 1L 2000L, draw 2L 500L

            use memory =
                (KeyValueMemory.Fit(
                    q,
                    f q,
                    KeyValueMemoryOptions(Prototypes = 30, Iterations = 150, LearningRate = 0.05)
                ))
                    .Memory

            let spread = scalar ((f fresh).std())
            Expect.isLessThan (memory.Rmse(fresh, f fresh)) (0.05 * spread) "on fresh points")

        testCase "densities of categories that overlap" (fun () ->
            // Two normal classes at ±1: P(+ | q) = 1/(1 + exp(-2q)).
            let n = 4000L
            let parts = (PrngKey.Create 3L).Split 2
            use category = parts[0].RandInt([| n |], 0L, 2L)

            use centres =
                category.``to``(torch.ScalarType.Float32).mul(2.0.ToScalar()).sub(1.0.ToScalar())

            use q = (parts[1].Normal [| n |] + centres).unsqueeze 1
            use x = torch.nn.functional.one_hot(category, 2L).``to`` torch.ScalarType.Float32

            use memory =
                (KeyValueMemory.Fit(q, x, KeyValueMemoryOptions(Prototypes = 4, Iterations = 100, LearningRate = 0.05)))
                    .Memory

            for at in [ -1.5f; -0.5f; 0f; 0.5f; 1.5f ] do
                use density = memory.Predict(torch.tensor [| at |])
                let posterior = 1.0 / (1.0 + exp (-2.0 * float at))
                Expect.floatClose { absolute = 0.05; relative = 0.0 } (scalar density[1L]) posterior $"P(+ | {at})"
                Expect.floatClose { absolute = 0.01; relative = 0.0 } (scalar (density.sum ())) 1.0 "they sum to 1")
    ]

[<Tests>]
let tests = testList "key-value memory" [ uses ]
