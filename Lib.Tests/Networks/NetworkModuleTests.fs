/// A hierarchical memory as a module: its parameters, its file, its derivatives.
module Engram.Tests.Networks.NetworkModuleTests

open System.IO
open Expecto
open TorchSharp
open Engram
open Engram.Tests.Lagrangians.Cases
open Engram.Tests.Networks.Examples

let private modules =
    testList "module" [
        testCase
            "parameters are those of layers and synapses, once each"
            (scoped (fun () ->
                use shared = new LinearSynapse(key, [| 3L |], [| 3L |])

                use memory =
                    (new HierarchicalMemory())
                        .AddLayer("a", new NeuronLayer(new TanhLagrangian(), 3L))
                        .AddLayer("b", new NeuronLayer(new ReluLagrangian(), 3L))
                        .AddLayer("c", new NeuronLayer(new ReluLagrangian(), 3L))
                        .Connect("ab", shared, "a", "b")
                        .Connect("bc", shared, "b", "c")

                let names = [ for struct (name, _) in memory.named_parameters () -> name ]
                Expect.equal (List.sort names) [ "layer_a.lagrangian.beta"; "synapse_ab.weight" ] "shared once"
                let state = memory.RandomState(key, 1.0)
                let parts = memory.EnergyByPart state
                let hat = memory.Activations state
                close (shared.forward [| hat["b"]; hat["c"] |]) parts.Synapses["bc"] "its second connection"))

        testCase
            "a loaded memory has the saved one's energy and descent"
            (scoped (fun () ->
                use memory = example ()
                use stream = new MemoryStream()
                memory.save (stream :> Stream) |> ignore
                use other = example ()

                (use _ = torch.no_grad ()

                 for parameter in other.parameters () do
                     parameter.mul_ (scalar 0.5) |> ignore)

                let state = memory.RandomState(key, 1.0, 2L)
                Expect.isFalse (torch.allclose (memory.Energy state, other.Energy state)) "another one"
                use saved = new MemoryStream(stream.ToArray())
                other.load (saved :> Stream) |> ignore
                closeWithin 1e-12 (memory.Energy state) (other.Energy state) "the same energy"))

        testCase
            "the descent can be differentiated in parameters and states, as numeric twins say"
            (scoped (fun () ->
                use memory = example ()

                let options =
                    NetworkDescentOptions(Steps = 6L, StepSize = 0.1, Differentiable = true, RecordEnergies = false)

                let first = memory.RandomState(key, 1.0, 2L)

                let loss (state: NetworkState) =
                    (memory.Descend(state, options)).Activations["picture"].square().sum()

                let state = first.Map(fun _ x -> x.detach().requires_grad_())
                (loss state).backward()

                let numeric (tensor: Tensor) =
                    use _ = torch.no_grad ()

                    let at (change: float) =
                        tensor.view(-1L).[0L].add_(scalar change) |> ignore
                        let value = (loss first).item<float>()
                        tensor.view(-1L).[0L].sub_(scalar change) |> ignore
                        value

                    (at 1e-5 - at -1e-5) / 2e-5

                for struct (name, parameter) in memory.named_parameters () do
                    Expect.floatClose
                        Accuracy.low
                        ((parameter.grad.view -1L).[0L].item<float>())
                        (numeric parameter)
                        name

                for name in memory.Layers.Keys do
                    Expect.floatClose
                        Accuracy.low
                        ((state[name].grad.view -1L).[0L].item<float>())
                        (numeric first[name])
                        name))

        testCase
            "a descent that is not to be differentiated keeps no graph"
            (scoped (fun () ->
                use memory = example ()

                use run =
                    memory.Descend(memory.RandomState(key, 1.0), NetworkDescentOptions(Steps = 3L, RecordStates = 1L))

                for tensor in
                    [
                        run.State["picture"]
                        run.Activations["picture"]
                        run.Energies
                        run.States["picture"]
                    ] do
                    Expect.isFalse tensor.requires_grad "no graph"))
    ]

[<Tests>]
let tests = testList "hierarchical memory" [ modules ]
