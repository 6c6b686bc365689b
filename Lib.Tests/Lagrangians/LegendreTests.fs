module Engram.Tests.Lagrangians.LegendreTests

open System
open Expecto
open TorchSharp
open Engram
open Engram.Tests.Lagrangians.Cases

let private perCase name test =
    testList name [ for case in all -> testCase case.Name (scoped (fun () -> test case)) ]

let private reduced case (x: Tensor) =
    let terms = case.Lagrangian x
    if case.Competing then terms else terms.sum -1L

let private states () =
    torch.randn ([| 3L; 5L |], dtype = torch.ScalarType.Float64)

let private gradient (f: Tensor -> Tensor) (x: Tensor) =
    let x = x.detach().requires_grad_()
    (f x).sum().backward()
    x.grad

let private isClose (tolerance: float) (expected: Tensor) (actual: Tensor) what =
    Expect.isTrue
        (torch.allclose (actual, expected, tolerance, tolerance))
        $"{what}: {values actual} for {values expected}"

[<Tests>]
let tests =
    testList "legendre" [
        perCase "the energy's gradient in the activation is the state, exactly" (fun case ->
            let x = states ()
            let dual = Legendre.Transform(fun x -> reduced case x)
            isClose 0.0 x (gradient (fun activation -> dual.Invoke(activation, x)) (case.Activation x)) "∂E/∂x̂ = x")

        perCase "and in the state 0, at the activation" (fun case ->
            let x = states ()
            let dual = Legendre.Transform(fun x -> reduced case x)
            let activation = case.Activation x
            isClose 1e-10 (torch.zeros_like x) (gradient (fun x -> dual.Invoke(activation, x)) x) "∂E/∂x = 0")

        perCase "it is the largest of Σ x̂x - L(x) over all x (Fenchel)" (fun case ->
            let x = states ()
            let dual = Legendre.Transform(fun x -> reduced case x)
            let activation = case.Activation x
            let here = dual.Invoke(activation, x)

            for _ in 1..10 do
                let elsewhere = dual.Invoke(activation, x + torch.randn_like x)
                Expect.all (values (elsewhere - here)) (fun gain -> gain <= 1e-9) "no gain elsewhere")

        testCase
            "closed forms"
            (scoped (fun () ->
                let x = states ()
                let energy (f: Tensor -> Tensor) = (Legendre.Energy f).Invoke x

                isClose
                    1e-10
                    ((x * x).sum -1L / (2.0).ToScalar())
                    (energy (fun x -> Lagrangians.Identity(x).sum -1L))
                    "½ x²"
                // The conjugate of log-sum-exp at β is the negative entropy of the softmax over β.
                let p = Activations.Softmax(x, 2.0)

                isClose
                    1e-10
                    ((p * p.log ()).sum -1L / (2.0).ToScalar())
                    (energy (fun x -> Lagrangians.Softmax(x, 2.0)))
                    "- entropy / β"

                let p = Activations.Sigmoid x
                let q = Activations.Sigmoid(x.neg ())
                let entropy = (p * p.log () + q * q.log ()).sum -1L
                isClose 1e-10 entropy (energy (fun x -> Lagrangians.Sigmoid(x).sum -1L)) "binary entropy"))

        testCase
            "one state without a batch"
            (scoped (fun () ->
                let x = torch.tensor [| 3.0; 4.0 |]
                let energy = Legendre.Energy(fun x -> Lagrangians.Identity(x).sum())
                Expect.equal (energy.Invoke(x).item<float>()) 12.5 "½ (9 + 16)"))

        testCase
            "shapes that do not fit are named"
            (scoped (fun () ->
                let dual = Legendre.Transform(fun x -> Lagrangians.Identity(x).sum -1L)

                let error =
                    Expect.throwsC (fun () -> dual.Invoke(torch.ones 3L, torch.ones 4L) |> ignore) id

                Expect.stringContains error.Message "[3]" "what came"
                Expect.stringContains error.Message "[4]" "what was wanted"
                let transposed = Legendre.Transform(fun x -> x.square().sum 0L)

                Expect.throwsT<ArgumentException>
                    (fun () -> transposed.Invoke(torch.ones (2L, 3L), torch.ones (2L, 3L)) |> ignore)
                    "not the batch"))

        testCase
            "leaves its result and nothing else"
            (scoped (fun () ->
                let x = states ()
                use scope = torch.NewDisposeScope()
                (Legendre.Energy(fun x -> Lagrangians.Softmax x)).Invoke x |> ignore
                Expect.equal scope.DisposablesCount 1 "one tensor"))
    ]
