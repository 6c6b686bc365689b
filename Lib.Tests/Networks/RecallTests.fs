/// A small associative memory, trained through its descent to complete pictures of which half is missing.
module Engram.Tests.Networks.RecallTests

open Expecto
open TorchSharp
open Engram
open Engram.Tests.Lagrangians.Cases

let private side, private count = 8L, 10L

/// Ten smooth black-and-white pictures in ±1: the signs of random waves.
let private pictures (key: PrngKey) =
    let keys = key.Split 2
    let line = torch.linspace (0.0, 1.0, side)

    let angle (k: PrngKey) =
        k.Uniform([| count; 1L; 1L |], -9.0, 9.0)

    let waves =
        angle keys[0] * line.reshape (1L, side, 1L) + angle keys[1] * line.reshape (1L, 1L, side)

    (waves + (key.FoldIn 3).Uniform([| count; 1L; 1L |], 0.0, 6.0)).sin().sign()

let private memory () =
    (new HierarchicalMemory())
        .AddLayer("picture", new NeuronLayer(new TanhLagrangian(), side, side))
        .AddLayer("hidden", new NeuronLayer(new SoftmaxLagrangian(4.0), 16L))
        .Connect("memories", new LinearSynapse(PrngKey.Create 11L, [| side; side |], [| 16L |]), "picture", "hidden")

let private options differentiable =
    NetworkDescentOptions(Steps = 8L, StepSize = 0.4, RecordEnergies = false, Differentiable = differentiable)

/// What the memory makes of damaged pictures: activations in [-1, 1].
let private recall (memory: HierarchicalMemory) differentiable (damaged: Tensor) =
    let state = memory.InitialState(damaged.shape[0]).With("picture", damaged)
    (memory.Descend(state, options differentiable)).Activations["picture"]

let private lowerHalf (pictures: Tensor) =
    let keep = torch.arange(side).lt((4.0).ToScalar()).reshape(side, 1L)
    torch.where (keep, pictures, torch.zeros_like pictures)

let private error (recalled: Tensor) (pictures: Tensor) = (recalled - pictures).square().mean()

/// The share of pictures whose recall is nearest to the right one.
let private recalled (recalled: Tensor) (pictures: Tensor) =
    let nearest =
        recalled.flatten(1L).matmul(pictures.flatten(1L).transpose(0L, 1L)).argmax -1L

    nearest.eq(torch.arange count).to_type(torch.ScalarType.Float32).mean().item<float32>()

[<Tests>]
let tests =
    testList "recall" [
        testCase
            "a memory learns to complete half-masked pictures, and holds out against noise"
            (scoped (fun () ->
                let pictures = pictures (PrngKey.Create 3L)
                use memory = memory ()
                use optimiser = torch.optim.Adam(memory.parameters (), lr = 0.1)
                let number (t: Tensor) = t.item<float32>()

                let losses = [
                    for step in 1..60 do
                        use _ = torch.NewDisposeScope()
                        // New noise for each step: what is recalled below was never seen.
                        let noise =
                            (PrngKey.Create 21L).FoldIn(step: int).Normal pictures.shape * (0.3).ToScalar()

                        optimiser.zero_grad ()
                        let loss = error (recall memory true (lowerHalf (pictures + noise))) pictures
                        loss.backward ()
                        optimiser.step () |> ignore
                        number loss
                ]

                Expect.isGreaterThan losses.Head 0.8f "an empty memory knows nothing"
                Expect.isLessThan (List.last losses) 0.1f "the loss goes down"

                let heldOut = (PrngKey.Create 22L).Normal pictures.shape * (0.5).ToScalar()
                let fromHalf = recall memory false (lowerHalf (pictures + heldOut))
                Expect.equal (recalled fromHalf pictures) 1.0f "each is recalled from a noisy half"
                Expect.isLessThan (number (error fromHalf pictures)) 0.15f "closely"

                let whole =
                    recall memory false (pictures + (PrngKey.Create 23L).Normal pictures.shape)

                Expect.equal (recalled whole pictures) 1.0f "and from much noise"))
    ]
