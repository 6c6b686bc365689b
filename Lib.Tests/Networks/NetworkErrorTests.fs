/// What a hierarchical memory says to wirings, states and options that do not fit.
module Engram.Tests.Networks.NetworkErrorTests

open System
open Expecto
open TorchSharp
open Engram
open Engram.Tests.Lagrangians.Cases
open Engram.Tests.Networks.Examples

let private errors =
    let fails (parts: string list) (call: unit -> unit) =
        let error = Expect.throwsC call id
        Expect.isTrue (error :? ArgumentException) $"{error.GetType().Name}: {error.Message}"

        for part in parts do
            Expect.stringContains error.Message part "who, what came, what was wanted"

    testList "errors name layer and synapse" [
        testCase
            "of the wiring"
            (scoped (fun () ->
                use memory = example ()
                let linear = new LinearSynapse(key, [| 3L |], [| 4L |])

                fails [ "'new'"; "'pictures'"; "'picture', 'features' and 'label'" ] (fun () ->
                    memory.Connect("new", linear, "pictures", "label") |> ignore)

                fails [ "'new'"; "'picture' [1, 5, 5]"; "'label' [4]"; "[3] and [4]" ] (fun () ->
                    memory.Connect("new", linear, "picture", "label") |> ignore)

                fails [ "'new'"; "'label' [4]"; "[3] and [4]" ] (fun () ->
                    memory.Connect("new", linear, "label") |> ignore)

                fails [ "'new'"; "2 activations" ] (fun () ->
                    memory.Connect("new", Hypersynapse.two (fun a _ -> a), "label") |> ignore)

                fails [ "'new'"; "no layer" ] (fun () -> memory.Connect("new", linear) |> ignore)
                fails [ "'all'"; "already" ] (fun () -> memory.Connect("all", linear, "label") |> ignore)

                fails [ "'label'"; "already" ] (fun () ->
                    memory.AddLayer("label", new NeuronLayer(Lagrangians.Relu, 2L)) |> ignore)

                fails [ "'a.b'" ] (fun () -> memory.AddLayer("a.b", new NeuronLayer(Lagrangians.Relu, 2L)) |> ignore)))

        testCase
            "of a user's synapse"
            (scoped (fun () ->
                use memory =
                    (new HierarchicalMemory())
                        .AddLayer("a", new NeuronLayer(Lagrangians.Relu, 3L))
                        .AddLayer("b", new NeuronLayer(Lagrangians.Relu, 4L))
                        .Connect("product", Hypersynapse.two (fun a b -> (a * b).sum -1L), "a", "b")

                let state = memory.InitialState 2L
                fails [ "'product'"; "'a' [3]"; "'b' [4]" ] (fun () -> memory.Energy state |> ignore)
                fails [ "'product'"; "'a' [3]"; "'b' [4]" ] (fun () -> memory.Descend state |> ignore)

                use memory =
                    (new HierarchicalMemory())
                        .AddLayer("a", new NeuronLayer(Lagrangians.Relu, 3L))
                        .Connect("total", Hypersynapse.one (fun a -> a.sum ()), "a")

                fails [ "'total'"; "'a' [3]"; "shape []"; "[2]" ] (fun () ->
                    memory.Energy(memory.InitialState 2L) |> ignore)))

        testCase
            "of states"
            (scoped (fun () ->
                use memory = example ()
                let state = memory.RandomState(key, 1.0, 2L)

                fails [ "'label'"; "[2, 5]"; "[...batch, 4]" ] (fun () ->
                    memory.Energy(state.With("label", torch.ones (2L, 5L))) |> ignore)

                fails [ "'label'"; "[3, 4]"; "'picture'"; "[2, 1, 5, 5]" ] (fun () ->
                    memory.Energy(state.With("label", torch.ones ([| 3L; 4L |], dtype = torch.ScalarType.Float64)))
                    |> ignore)

                fails [ "'label'"; "Float32"; "Float64" ] (fun () ->
                    memory.Energy(state.With("label", torch.ones (2L, 4L))) |> ignore)

                fails [ "no state"; "'features'" ] (fun () ->
                    memory.Energy(new NetworkState(dict [ "picture", state["picture"] ])) |> ignore)

                fails [ "'other'" ] (fun () ->
                    memory.Energy(new NetworkState(dict [ "other", state["picture"] ])) |> ignore)

                fails [ "'label'"; "NaN" ] (fun () ->
                    memory.Descend(state.With("label", torch.full_like (state["label"], scalar nan))) |> ignore)

                let missing = Expect.throwsC (fun () -> state["other"] |> ignore) id
                Expect.stringContains missing.Message "'picture', 'features' and 'label'" "those there are"))

        testCase
            "of options"
            (scoped (fun () ->
                use memory = example ()

                let descend options =
                    memory.Descend(memory.RandomState(key, 1.0, 2L), options) |> ignore

                fails [ "Steps" ] (fun () -> descend (NetworkDescentOptions(Steps = -1L)))
                fails [ "StepSize" ] (fun () -> descend (NetworkDescentOptions(StepSize = 0.0)))

                fails [ "ClampedLayers"; "'other'" ] (fun () ->
                    descend (NetworkDescentOptions(ClampedLayers = [ "other" ])))

                fails [ "ClampedNeurons"; "'label'"; "[3]"; "[2, 4]" ] (fun () ->
                    descend (
                        NetworkDescentOptions(
                            ClampedNeurons = dict [ "label", torch.ones ([| 3L |], dtype = torch.ScalarType.Bool) ]
                        )
                    ))

                fails [ "'label'"; "Bool" ] (fun () ->
                    descend (NetworkDescentOptions(ClampedNeurons = dict [ "label", torch.ones 4L ])))))

        testCase
            "of a step that is too large"
            (scoped (fun () ->
                use memory = example ()
                let options = NetworkDescentOptions(StepSize = 1e6, Steps = 200L)

                let error =
                    Expect.throwsC (fun () -> memory.Descend(memory.RandomState(key, 1.0), options) |> ignore) id

                Expect.isTrue (error :? ArithmeticException) error.Message
                Expect.stringContains error.Message "step size" "what to do"))
    ]

[<Tests>]
let tests = testList "hierarchical memory" [ errors ]
