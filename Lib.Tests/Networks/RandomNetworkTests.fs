/// Networks of random layers, shapes and connections, whose energy must fall.
module Engram.Tests.Networks.RandomNetworkTests

open Expecto
open FsCheck.FSharp
open TorchSharp
open Engram
open Engram.Tests.Lagrangians.Cases
open Engram.Tests.Networks.Examples

/// A random network of convex Lagrangians, and states for it.
type private Sample = {
    Description: string
    Memory: unit -> HierarchicalMemory
    Seed: int
    Batch: int64[]
}

let private lagrangians: (string * (unit -> Lagrangian)) list = [
    "identity", (fun () -> new IdentityLagrangian())
    "relu", (fun () -> new ReluLagrangian())
    "repu 3", (fun () -> new RepuLagrangian(3.0))
    "softmax", (fun () -> new SoftmaxLagrangian(2.0))
    "ghostmax", (fun () -> new GhostmaxLagrangian(2.0))
    "exp", (fun () -> new ExpLagrangian(0.3))
    "rexp", (fun () -> new RexpLagrangian(0.3))
    "tanh", (fun () -> new TanhLagrangian(1.5))
    "sigmoid", (fun () -> new SigmoidLagrangian(1.5, 2.0))
    "layernorm", (fun () -> new LayerNormLagrangian(0.7, 0.1, 0.1))
    "spherical norm", (fun () -> new SphericalNormLagrangian(2.0, 0.1, 0.1))
]

let private networks =
    let layer =
        gen {
            let! name, make = Gen.elements lagrangians
            let! shape = Gen.listOf (Gen.choose (1, 3)) |> Gen.resize 1
            let! tau = Gen.elements [ 0.5; 1.0; 3.0 ]
            // Neurons need a dimension along which to compete.
            return name, make, [| for n in 4 :: shape -> int64 n |], tau
        }

    gen {
        let! count = Gen.choose (1, 4)
        let! layers = Gen.listOfLength count layer
        let! degrees = Gen.nonEmptyListOf (Gen.choose (1, 3)) |> Gen.resize 4

        let! connections =
            degrees
            |> List.map (fun degree -> Gen.listOfLength degree (Gen.choose (0, count - 1)))
            |> Gen.collectToList id

        let! seed = Gen.choose (0, 100000)
        let! batch = Gen.elements [ [||]; [| 3L |]; [| 2L; 2L |] ]

        let build () =
            let memory = new HierarchicalMemory()

            for i, (_, make, shape, tau) in List.indexed layers do
                memory.AddLayer($"layer{i}", new NeuronLayer(make (), shape, TimeConstant = tau)) |> ignore

            for i, ends in List.indexed connections do
                let shapes = [| for j in ends -> let (_, _, shape, _) = layers[j] in shape |]
                let synapse = new LinearSynapse(PrngKey.Create(int64 (seed + i)), shapes)
                memory.Connect($"synapse{i}", synapse, [| for j in ends -> $"layer{j}" |]) |> ignore

            // Strong enough to pull, too weak to let three linear layers run away within the steps.
            memory |> enlarge 2.0 |> double

        return {
            Description = $"%A{[ for name, _, shape, tau in layers -> name, shape, tau ]} %A{connections}"
            Memory = build
            Seed = seed
            Batch = batch
        }
    }

let private falls =
    testList "guaranteed" [
        testPropertyWithConfig
            {
                FsCheckConfig.defaultConfig with
                    maxTest = 25
            }
            "the energy of random networks falls"
        <| Prop.forAll (Arb.fromGen networks) (fun sample ->
            use _ = torch.NewDisposeScope()
            use memory = sample.Memory()
            let state = memory.RandomState(PrngKey.Create(int64 sample.Seed), 0.3, sample.Batch)

            use run =
                memory.Descend(state, NetworkDescentOptions(Steps = 20L, StepSize = 0.002))

            let energies = run.Energies.reshape (20L, -1L)
            let scale = 1.0 + energies.abs().max().item<float>()

            for rise in values (energies.diff (dim = 0L)) do
                Expect.isLessThanOrEqual rise (1e-10 * scale) $"{sample.Description}"

            let gradient = memory.EnergyGradient state
            // Where something pulls, the fall is real: dE/dt = −Σ (∂E/∂x̂)ᵀ H (∂E/∂x̂) / τ.
            let pull =
                memory.Layers
                |> Seq.sumBy (fun pair ->
                    let x = state[pair.Key].detach().requires_grad_()
                    (pair.Value.Activation x * gradient[pair.Key].detach()).sum().backward()
                    (x.grad * gradient[pair.Key]).sum().item<float>() / pair.Value.TimeConstant)

            let fall = (energies[0L] - energies[1L]).sum().item<float>()

            Expect.isLessThan
                (abs (fall - 0.002 * pull))
                (0.1 * abs (0.002 * pull) + 1e-6)
                $"by Δt times the pull: {sample.Description}")
    ]

[<Tests>]
let tests = testList "hierarchical memory" [ falls ]
