/// The descent of a hierarchical memory: what it reaches, what it holds still, what it records.
module Engram.Tests.Networks.NetworkDescentTests

open System
open System.Threading
open Expecto
open TorchSharp
open Engram
open Engram.Tests.Lagrangians.Cases
open Engram.Tests.Networks.Examples

let private descent =
    testList "descent" [
        testCase
            "of one layer with a bias, in closed form and with time constants"
            (scoped (fun () ->
                for tau in [ 0.5; 1.0; 4.0 ] do
                    let bias = torch.randn 3L

                    use memory =
                        (new HierarchicalMemory())
                            .AddLayer("x", new NeuronLayer(new IdentityLagrangian(), [| 3L |], TimeConstant = tau))
                            .Connect("b", new BiasSynapse(bias), "x")

                    let state = memory.RandomState(key, 1.0, 2L)
                    use run = memory.Descend(state, NetworkDescentOptions(Steps = 20L, StepSize = 0.1))
                    let left = Math.Pow(1.0 - 0.1 / tau, 20.0)

                    close
                        (bias + scalar left * (state["x"] - bias))
                        run.State["x"]
                        $"b + (1 − Δt/τ)ᵀ (x − b), τ = {tau}"))

        testCase
            "a batch gives what its rows give one by one"
            (scoped (fun () ->
                use memory = example ()
                let state = memory.RandomState(key, 1.0, 3L)
                let options = NetworkDescentOptions(Steps = 25L, StepSize = 0.05)
                use together = memory.Descend(state, options)

                for i in 0L .. 2L do
                    use alone = memory.Descend(state.Map(fun _ x -> x[i]), options)

                    for name in memory.Layers.Keys do
                        closeWithin 1e-10 alone.State[name] together.State[name].[i] $"{name}, row {i}"

                    closeWithin 1e-10 (alone.Energies) (together.Energies.select (1L, i)) $"energies, row {i}"))

        testCase
            "clamped layers and neurons stay, and the energy still falls"
            (scoped (fun () ->
                use memory = example ()
                let state = memory.RandomState(key, 1.0, 3L)
                let top = (torch.arange 5L).reshape(5L, 1L).lt(scalar 2.0)

                use run =
                    memory.Descend(
                        state,
                        NetworkDescentOptions(
                            Steps = 60L,
                            StepSize = 0.02,
                            ClampedLayers = [ "label" ],
                            ClampedNeurons = dict [ "picture", top ]
                        )
                    )

                let moved = (run.State["picture"] - state["picture"]).abs()
                Expect.equal (values run.State["label"]) (values state["label"]) "a whole layer"

                Expect.equal
                    (values (
                        moved[torch.TensorIndex.Ellipsis, torch.TensorIndex.Slice(stop = 2L), torch.TensorIndex.Colon]
                    ))
                    (Array.zeroCreate 30)
                    "the top of the picture"

                Expect.isGreaterThan (moved.max().item<float>()) 0.01 "the rest moves"
                Expect.all (values (run.Energies.diff (dim = 0L))) (fun rise -> rise <= 1e-12) "falls"))

        testCase
            "records what is asked"
            (scoped (fun () ->
                use memory = example ()
                let state = memory.RandomState(key, 1.0, 2L)

                use run =
                    memory.Descend(state, NetworkDescentOptions(Steps = 10L, RecordStates = 4L))

                Expect.equal run.Energies.shape [| 10L; 2L |] "[T, ...batch]"
                Expect.equal run.States["picture"].shape [| 3L; 2L; 1L; 5L; 5L |] "[1 + ⌊T/n⌋, ...batch, ...layer]"
                closeWithin 1e-12 state["label"] run.States["label"].[0L] "the first state"
                closeWithin 1e-12 (memory.Energy state) run.Energies[0L] "the first energy"
                closeWithin 1e-12 (memory.Energy run.States).[1L] run.Energies[4L] "recorded states are one more batch"
                use longer = memory.Descend(state, NetworkDescentOptions(Steps = 8L))
                closeWithin 1e-12 longer.State["picture"] run.States["picture"].[2L] "after 8 steps"
                close (memory.Activations run.State).["label"] run.Activations["label"] "final activations"

                use nothing =
                    memory.Descend(state, NetworkDescentOptions(Steps = 0L, RecordEnergies = false))

                closeWithin 0.0 state["label"] nothing.State["label"] "no step"
                Expect.isNull nothing.Energies "no energies"
                Expect.isNull nothing.States "no states"))

        testCase
            "reports progress and can be cancelled"
            (scoped (fun () ->
                use memory = example ()
                use source = new CancellationTokenSource()
                let reports = ResizeArray<DescentProgress>()

                let progress = {
                    new IProgress<DescentProgress> with
                        member _.Report p =
                            reports.Add p

                            if p.Step = 6L then
                                source.Cancel()
                }

                let run () =
                    memory.Descend(
                        memory.RandomState(key, 1.0),
                        NetworkDescentOptions(Steps = 200L, Progress = progress),
                        source.Token
                    )
                    |> ignore

                Expect.throwsT<OperationCanceledException> run "cancelled"

                Expect.sequenceEqual
                    [ for p in reports -> p.Step, p.Steps ]
                    [ 2L, 200L; 4L, 200L; 6L, 200L ]
                    "every hundredth part"))

        testCase
            "leaves its result and nothing else"
            (scoped (fun () ->
                use memory = example ()
                let state = memory.RandomState(key, 1.0, 2L)
                use scope = torch.NewDisposeScope()

                let run =
                    memory.Descend(state, NetworkDescentOptions(Steps = 5L, RecordStates = 2L))

                Expect.equal scope.DisposablesCount (3 + 3 + 1 + 3) "states, activations, energies, recorded states"
                run.Dispose()
                Expect.equal scope.DisposablesCount 0 "and none when disposed"
                memory.Energy state |> ignore
                Expect.equal scope.DisposablesCount 1 "energy"
                memory.EnergyGradient state |> ignore
                Expect.equal scope.DisposablesCount 4 "gradient"))

        testCase
            "the F# face does the same"
            (scoped (fun () ->
                use memory =
                    Network.create ()
                    |> Network.layer "a" (NeuronLayer.ofFunction [ 3L ] (Lagrangians.tanh 2.0))
                    |> Network.layer "b" (NeuronLayer.ofModule [ 2L ] (new SoftmaxLagrangian()))
                    |> Network.connect "ab" (new LinearSynapse(key, [| 3L |], [| 2L |])) [ "a"; "b" ]

                let state =
                    memory.InitialState() |> Network.set "a" (torch.tensor [| 1.0f; -1.0f; 0.5f |])

                use run = memory |> Network.descend state { Network.defaults with Steps = 30 }
                use direct = memory.Descend(state, NetworkDescentOptions(Steps = 30L))
                close direct.State["a"] run.State["a"] "descent"
                close (memory.Energy state) (memory |> Network.energy state) "energy"
                close (memory.EnergyGradient state).["b"] (memory |> Network.gradient state).["b"] "gradient"
                close (memory.Activations state).["b"] (memory |> Network.activations state).["b"] "activations"

                use still =
                    memory
                    |> Network.descend state {
                        Network.defaults with
                            ClampedLayers = [ "a"; "b" ]
                    }

                close state["a"] still.State["a"] "clamped"))
    ]

[<Tests>]
let tests = testList "hierarchical memory" [ descent ]
