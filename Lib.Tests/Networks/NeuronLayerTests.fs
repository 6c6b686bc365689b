module Engram.Tests.Networks.NeuronLayerTests

open System
open Expecto
open TorchSharp
open Engram
open Engram.Tests.Lagrangians.Cases

let private close (expected: Tensor) (actual: Tensor) what =
    Expect.equal actual.shape expected.shape $"{what}: shape"
    Expect.isTrue (torch.allclose (actual, expected, 1e-5, 1e-6)) $"{what}: {values actual} for {values expected}"

let private message (call: unit -> unit) = (Expect.throwsC call id: exn).Message

[<Tests>]
let tests =
    testList "neuron layers" [
        testCase
            "any shape, with any batch or none"
            (scoped (fun () ->
                use layer = new NeuronLayer(new TanhLagrangian(2.0), 3L, 4L)
                Expect.sequenceEqual layer.Shape [ 3L; 4L ] "shape"

                for batch in [ [||]; [| 5L |]; [| 2L; 5L |] ] do
                    let x = torch.randn (Array.append batch [| 3L; 4L |])
                    Expect.equal (layer.InitialState batch).shape x.shape "initial state"
                    Expect.equal (layer.Value x).shape batch "value"
                    Expect.equal (layer.Activation x).shape x.shape "activation"
                    Expect.equal (layer.Energy x).shape batch "energy"
                    close (Lagrangians.Tanh(x, 2.0).flatten(int64 batch.Length).sum -1L) (layer.Value x) "value"))

        testCase
            "functions, reducing or not, and modules are one"
            (scoped (fun () ->
                let x = torch.randn (2L, 3L, 4L)

                let same (layer: NeuronLayer) (other: NeuronLayer) =
                    close (other.Value x) (layer.Value x) "value"
                    close (other.Activation x) (layer.Activation x) "activation"
                    close (other.Energy x) (layer.Energy x) "energy"

                same (new NeuronLayer(Lagrangians.Relu, 3L, 4L)) (new NeuronLayer(new ReluLagrangian(), 3L, 4L))

                same
                    (new NeuronLayer((fun (x: Tensor) -> x.square().sum -1L * (0.5).ToScalar()), 3L, 4L))
                    (new NeuronLayer(new IdentityLagrangian(dimensions = 2), 3L, 4L))

                same
                    (new NeuronLayer((fun x -> Lagrangians.Softmax(x, 3.0)), 3L, 4L))
                    (new NeuronLayer(new SoftmaxLagrangian(3.0), 3L, 4L))

                same
                    (NeuronLayer.ofFunction [ 3L; 4L ] Lagrangians.relu)
                    (NeuronLayer.ofModule [ 3L; 4L ] (new ReluLagrangian()))))

        testCase
            "the energy is the Legendre transform: ½ x² for the identity"
            (scoped (fun () ->
                use layer = new NeuronLayer(new IdentityLagrangian(), 2L)
                let x = torch.tensor([| 3.0f; 4.0f; 0.0f; 2.0f |]).reshape(2L, 2L)
                Expect.equal (values (layer.Energy x)) [| 12.5; 2.0 |] "½ (9 + 16), ½ 4"))

        testCase
            "the energy's gradient in the activation is the state"
            (scoped (fun () ->
                use layer = new NeuronLayer(new SoftmaxLagrangian(2.0), 5L)
                let x = torch.randn (3L, 5L)
                let activation = (layer.Activation x).detach().requires_grad_()
                layer.Energy(activation, x).sum().backward()
                Expect.equal (values activation.grad) (values x) "∂E/∂x̂ = x"))

        testCase
            "parameters are the Lagrangian's"
            (scoped (fun () ->
                use layer = new NeuronLayer(new SigmoidLagrangian(), 5L)
                let names = [ for struct (name, _) in layer.named_parameters () -> name ]
                Expect.sequenceEqual (List.sort names) [ "lagrangian.beta"; "lagrangian.scale" ] "both"))

        testCase
            "the time constant is 1 unless said"
            (scoped (fun () ->
                Expect.equal (new NeuronLayer(Lagrangians.Relu, 2L)).TimeConstant 1.0 "1"
                Expect.equal (new NeuronLayer(Lagrangians.Relu, [| 2L |], TimeConstant = 0.5)).TimeConstant 0.5 "0.5"

                let fails () =
                    new NeuronLayer(Lagrangians.Relu, [| 2L |], TimeConstant = 0.0) |> ignore

                Expect.stringContains (message fails) "TimeConstant" "positive"))

        testCase
            "errors say what came and what was wanted"
            (scoped (fun () ->
                use layer = new NeuronLayer(Lagrangians.Relu, 3L, 4L)
                let wrong = message (fun () -> layer.Value(torch.ones (2L, 3L)) |> ignore)
                Expect.stringContains wrong "[2, 3]" "came"
                Expect.stringContains wrong "[...batch, 3, 4]" "wanted"
                use total = new NeuronLayer((fun (x: Tensor) -> x.square().sum()), 4L)
                let wrong = message (fun () -> total.Value(torch.ones (2L, 4L)) |> ignore)
                Expect.stringContains wrong "returned shape []" "came"
                Expect.stringContains wrong "[2]" "wanted"

                Expect.throwsT<ArgumentException>
                    (fun () -> new NeuronLayer(Lagrangians.Relu, 0L) |> ignore)
                    "no neurons"))

        testCase
            "calls leave their results and nothing else"
            (scoped (fun () ->
                use layer = new NeuronLayer(new SoftmaxLagrangian(2.0), 5L)
                let x = torch.randn (3L, 5L)
                use scope = torch.NewDisposeScope()
                layer.Value x |> ignore
                layer.Activation x |> ignore
                layer.Energy x |> ignore
                Expect.equal scope.DisposablesCount 3 "three tensors"))
    ]
