/// The energy of a hierarchical memory: its parts, its gradient, and networks that are known by other names.
module Engram.Tests.Networks.NetworkEnergyTests

open Expecto
open TorchSharp
open Engram
open Engram.Tests.Lagrangians.Cases
open Engram.Tests.Networks.Examples

let private energies =
    testList "energy" [
        testCase
            "is the sum of its parts"
            (scoped (fun () ->
                use memory = example ()

                for batch in [ [||]; [| 3L |]; [| 2L; 3L |] ] do
                    let state = memory.RandomState(key, 1.0, batch)
                    let parts = memory.EnergyByPart state
                    Expect.sequenceEqual parts.Layers.Keys [ "picture"; "features"; "label" ] "layers"
                    Expect.sequenceEqual parts.Synapses.Keys [ "filters"; "classes"; "offset"; "all" ] "synapses"
                    Expect.equal parts.Total.shape batch "[...batch]"

                    let sum =
                        Seq.append parts.Layers.Values parts.Synapses.Values |> Seq.reduce (fun a b -> a + b)

                    close sum parts.Total "total"
                    close parts.Total (memory.Energy state) "Energy"
                    close parts.Total (memory.Energy(memory.Activations state, state)) "at the activations"

                    for name in memory.Layers.Keys do
                        close (memory.Layers[name].Energy state[name]) parts.Layers[name] name
                        close (memory.Layers[name].Activation state[name]) (memory.Activations state).[name] name))

        testCase
            "of a batch is that of its rows"
            (scoped (fun () ->
                use memory = example ()
                let state = memory.RandomState(key, 1.0, 4L)
                let all = memory.Energy state

                for i in 0L .. 3L do
                    close all[i] (memory.Energy(state.Map(fun _ x -> x[i]))) $"row {i}"))

        testCase
            "∂E/∂x̂ by the Legendre transform is what autodiff finds"
            (scoped (fun () ->
                use memory = example ()
                let state = memory.RandomState(key, 1.0, 3L)

                let activations =
                    (memory.Activations state).Map(fun _ x -> x.detach().requires_grad_())

                memory.Energy(activations, state).sum().backward()
                let gradient = memory.EnergyGradient state

                for name in memory.Layers.Keys do
                    closeWithin 1e-12 activations[name].grad gradient[name] name))

        testCase
            "∂E/∂x = (∂²L/∂x²) ∂E/∂x̂"
            (scoped (fun () ->
                use memory = example ()

                let state =
                    (memory.RandomState(key, 1.0, 3L)).Map(fun _ x -> x.detach().requires_grad_())

                memory.Energy(state).sum().backward()
                let gradient = memory.EnergyGradient(state.Map(fun _ x -> x.detach ()))

                for name in memory.Layers.Keys do
                    let x = state[name].detach().requires_grad_()
                    (memory.Layers[name].Activation x * gradient[name].detach()).sum().backward()
                    closeWithin 1e-10 x.grad state[name].grad name))

        testCase
            "with its hidden layer at rest it is the dense associative memory's log-sum-exp"
            (scoped (fun () ->
                // Krotov and Hopfield: integrating the hidden neurons out of E leaves ½ v² − log Σ exp(β Ξv) / β.
                let beta, patterns =
                    3.0, torch.randn ([| 5L; 8L |], dtype = torch.ScalarType.Float64)

                use memory =
                    (new HierarchicalMemory())
                        .AddLayer("visible", new NeuronLayer(new IdentityLagrangian(), 8L))
                        .AddLayer("hidden", new NeuronLayer(new SoftmaxLagrangian(beta), 5L))
                        .Connect("patterns", new LinearSynapse(patterns), "hidden", "visible")
                    |> double

                let v = torch.randn ([| 4L; 8L |], dtype = torch.ScalarType.Float64)
                let hidden = v.matmul (patterns.transpose (0L, 1L))
                let state = memory.InitialState(4L).With("visible", v).With("hidden", hidden)
                let expected = (v * v).sum -1L * scalar 0.5 - Lagrangians.Softmax(hidden, beta)
                closeWithin 1e-12 expected (memory.Energy state) "energy"
                let gradient = memory.EnergyGradient state
                closeWithin 1e-12 (torch.zeros_like hidden) gradient["hidden"] "the hidden layer rests"

                closeWithin
                    1e-12
                    (v - Activations.Softmax(hidden, beta).matmul patterns)
                    gradient["visible"]
                    "v − Ξᵀ softmax(β Ξv)"))

        testCase
            "a synapse on the same layer twice counts both"
            (scoped (fun () ->
                let weight = torch.randn ([| 4L; 4L |], dtype = torch.ScalarType.Float64)

                use memory =
                    (new HierarchicalMemory())
                        .AddLayer("neurons", new NeuronLayer(new TanhLagrangian(), 4L))
                        .Connect("hopfield", new LinearSynapse(weight), "neurons", "neurons")
                    |> double

                let state = memory.RandomState(key, 1.0)
                let x = state["neurons"]
                let expected = x - (weight + weight.transpose (0L, 1L)).matmul(x.tanh ())
                closeWithin 1e-12 expected (memory.EnergyGradient state).["neurons"] "x − (W + Wᵀ) x̂"))

        testCase
            "a synapse that sees nothing adds nothing to the gradient"
            (scoped (fun () ->
                use memory =
                    (new HierarchicalMemory())
                        .AddLayer("a", new NeuronLayer(new IdentityLagrangian(), 3L))
                        .Connect(
                            "constant",
                            Hypersynapse.Of(fun (x: Tensor) -> torch.ones x.shape[.. x.shape.Length - 2]),
                            "a"
                        )

                let state = memory.RandomState(key, 1.0, 2L)
                close state["a"] (memory.EnergyGradient state).["a"] "x alone"))
    ]

[<Tests>]
let tests = testList "hierarchical memory" [ energies ]
