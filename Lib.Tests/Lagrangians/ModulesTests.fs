module Engram.Tests.Lagrangians.ModulesTests

open System
open System.IO
open Expecto
open TorchSharp
open Engram
open Engram.Tests.Lagrangians.Cases

let private modules: (string * (unit -> Lagrangian) * (Tensor -> Tensor)) list = [
    "identity", (fun () -> new IdentityLagrangian()), Lagrangians.Identity
    "repu", (fun () -> new RepuLagrangian(3.0)), (fun x -> Lagrangians.Repu(x, 3.0))
    "relu", (fun () -> new ReluLagrangian()), Lagrangians.Relu
    "softmax", (fun () -> new SoftmaxLagrangian(2.0)), (fun x -> Lagrangians.Softmax(x, 2.0))
    "unstable softmax", (fun () -> new SoftmaxUnstableLagrangian(2.0)), (fun x -> Lagrangians.SoftmaxUnstable(x, 2.0))
    "exp", (fun () -> new ExpLagrangian(2.0)), (fun x -> Lagrangians.Exp(x, 2.0))
    "rexp", (fun () -> new RexpLagrangian(2.0)), (fun x -> Lagrangians.Rexp(x, 2.0))
    "tanh", (fun () -> new TanhLagrangian(2.0)), (fun x -> Lagrangians.Tanh(x, 2.0))
    "sigmoid", (fun () -> new SigmoidLagrangian(2.0, 3.0)), (fun x -> Lagrangians.Sigmoid(x, 2.0, 3.0))
    "layernorm", (fun () -> new LayerNormLagrangian(2.0, 0.5)), (fun x -> Lagrangians.LayerNorm(x, 2.0, 0.5))
    "spherical norm",
    (fun () -> new SphericalNormLagrangian(2.0, 0.5)),
    (fun x -> Lagrangians.SphericalNorm(x, 2.0, 0.5))
    "ghostmax", (fun () -> new GhostmaxLagrangian(2.0)), (fun x -> Lagrangians.Ghostmax(x, 2.0))
]

let private perModule name test =
    testList name [
        for label, make, f in modules ->
            testCase
                label
                (scoped (fun () ->
                    use lagrangian = make ()
                    test lagrangian f))
    ]

let private isClose (expected: Tensor) (actual: Tensor) what =
    Expect.equal actual.shape expected.shape $"{what}: shape"
    Expect.isTrue (torch.allclose (actual, expected, 1e-5, 1e-6)) $"{what}: {values actual} for {values expected}"

let private parameterNames (m: torch.nn.Module) =
    [ for struct (name, _) in m.named_parameters () -> name ] |> List.sort

let private values' =
    testList "values" [
        perModule "a batch is one call, row by row" (fun lagrangian f ->
            let batch = torch.randn (2L, 3L, 5L)
            let value = lagrangian.forward batch
            Expect.equal value.shape [| 2L; 3L |] "[...batch]"

            for i in 0L .. 1L do
                for j in 0L .. 2L do
                    isClose ((f batch[i, j]).sum()) value[i, j] $"row {i}, {j}")

        perModule "the activation in closed form is the gradient" (fun lagrangian _ ->
            let batch = torch.randn (4L, 5L)
            isClose (Activations.Of(fun x -> lagrangian.forward x).Invoke batch) (lagrangian.Activation batch) "∂L/∂x")

        testCase
            "images are two dimensions"
            (scoped (fun () ->
                use lagrangian = new TanhLagrangian(dimensions = 2)
                let images = torch.randn (3L, 4L, 5L)
                isClose (Lagrangians.Tanh(images).flatten(1L).sum -1L) (lagrangian.forward images) "[3]"
                use rows = new SoftmaxLagrangian(2.0, -2L, dimensions = 2)
                isClose (Lagrangians.Softmax(images, 2.0, 1L).sum -1L) (rows.forward images) "along the first of two"))

        testCase
            "dtype follows the states"
            (scoped (fun () ->
                use lagrangian = new SigmoidLagrangian(0.5)
                let x = torch.randn ([| 3L |], dtype = torch.ScalarType.Float64)
                Expect.equal (lagrangian.forward x).dtype torch.ScalarType.Float64 "value"
                Expect.equal (lagrangian.Activation x).dtype torch.ScalarType.Float64 "activation"))
    ]

let private parameters =
    testList "parameters" [
        testCase
            "are registered by the text's names"
            (scoped (fun () ->
                for label, make, _ in modules do
                    use lagrangian = make ()

                    let expected =
                        match label with
                        | "identity"
                        | "relu"
                        | "repu" -> []
                        | "sigmoid" -> [ "beta"; "scale" ]
                        | "layernorm"
                        | "spherical norm" -> [ "delta"; "gamma" ]
                        | _ -> [ "beta" ]

                    Expect.equal (parameterNames lagrangian) expected label))

        testCase
            "β is clamped from below"
            (scoped (fun () ->
                use lagrangian = new SoftmaxLagrangian(2.0, minBeta = 0.5)
                use _ = torch.no_grad ()
                lagrangian.InverseTemperature.fill_ (-3.0f.ToScalar()) |> ignore
                let x = torch.randn 6L
                Expect.equal (lagrangian.ClampedBeta.item<float32>()) 0.5f "at the minimum"
                isClose (Lagrangians.Softmax(x, 0.5)) (lagrangian.forward x) "value"
                isClose (Activations.Softmax(x, 0.5)) (lagrangian.Activation x) "activation"))

        perModule "have the gradient of a numeric twin" (fun lagrangian _ ->
            let x = torch.randn ([| 4L; 5L |], dtype = torch.ScalarType.Float64)
            lagrangian.``to`` (torch.ScalarType.Float64) |> ignore

            for struct (name, parameter) in lagrangian.named_parameters () do
                let value () = lagrangian.forward(x).sum()
                lagrangian.zero_grad ()
                (value ()).backward()

                let at (change: float) =
                    use _ = torch.no_grad ()
                    parameter.add_ (change.ToScalar()) |> ignore
                    let result = (value ()).item<float>()
                    parameter.sub_ (change.ToScalar()) |> ignore
                    result

                let numeric = (at 1e-6 - at -1e-6) / 2e-6
                Expect.floatClose Accuracy.medium (parameter.grad.item<float>()) numeric name)

        testCase
            "move with the module"
            (scoped (fun () ->
                use lagrangian = new LayerNormLagrangian()
                lagrangian.``to`` (torch.ScalarType.Float64) |> ignore
                Expect.equal lagrangian.Gamma.dtype torch.ScalarType.Float64 "γ"
                Expect.equal lagrangian.Delta.dtype torch.ScalarType.Float64 "δ"))

        testCase "outlive the scope in which the module was made" (fun () ->
            let lagrangian =
                use _ = torch.NewDisposeScope()
                new SigmoidLagrangian(2.0)

            use made = lagrangian
            use x = torch.zeros 1L
            use value = made.forward x
            Expect.floatClose Accuracy.medium (float (value.item<float32>())) (log 2.0 / 2.0) "log 2 / β")
    ]

let private saving =
    testList "saving" [
        perModule "a loaded module gives the saved one's values" (fun lagrangian _ ->
            use stream = new MemoryStream()
            use _ = torch.no_grad ()

            for parameter in lagrangian.parameters () do
                parameter.add_ (0.25f.ToScalar()) |> ignore

            lagrangian.save (stream :> Stream) |> ignore
            use saved = new MemoryStream(stream.ToArray())
            let x = torch.randn (3L, 5L)
            let expected = lagrangian.forward x

            for parameter in lagrangian.parameters () do
                parameter.fill_ (9.0f.ToScalar()) |> ignore

            lagrangian.load (saved :> Stream) |> ignore
            isClose expected (lagrangian.forward x) "the same")
    ]

let private training =
    let recovers name (student: Lagrangian) (teacher: Tensor -> Tensor) (read: unit -> (string * float * float) list) =
        testCase
            name
            (scoped (fun () ->
                torch.manual_seed 3L |> ignore
                use optimiser = torch.optim.Adam(student.parameters (), lr = 0.05)
                let x = torch.randn (64L, 6L) * (2.0).ToScalar()
                let target = teacher x

                for _ in 1..300 do
                    use _ = torch.NewDisposeScope()
                    optimiser.zero_grad ()
                    let loss = (student.Activation x - target).square().mean()
                    loss.backward ()
                    optimiser.step () |> ignore

                for parameter, found, wanted in read () do
                    Expect.isLessThan (abs (found - wanted)) 0.02 $"{parameter}: {found} for {wanted}"

                student.Dispose()))

    let softmax = new SoftmaxLagrangian(1.0)
    let tanh = new TanhLagrangian(3.0)
    let norm = new LayerNormLagrangian()
    let number (t: Tensor) = float (t.item<float32>())

    testList "training by any optimiser recovers" [
        recovers "the softmax's β" softmax (fun x -> Activations.Softmax(x, 2.5)) (fun () -> [
            "β", number softmax.InverseTemperature, 2.5
        ])
        recovers
            "the tanh's β, which the text's custom gradient forgets"
            tanh
            (fun x -> Activations.Tanh(x, 0.7))
            (fun () -> [ "β", number tanh.InverseTemperature, 0.7 ])
        recovers "the norm's γ and δ" norm (fun x -> Activations.LayerNorm(x, 1.8, -0.4)) (fun () -> [
            "γ", number norm.Gamma, 1.8
            "δ", number norm.Delta, -0.4
        ])
    ]

let private errors =
    testList "errors" [
        testCase "of the constructor" (fun () ->
            Expect.throwsT<ArgumentOutOfRangeException> (fun () -> new TanhLagrangian(0.0) |> ignore) "β"
            Expect.throwsT<ArgumentOutOfRangeException> (fun () -> new TanhLagrangian(1.0, -1.0) |> ignore) "minBeta"
            Expect.throwsT<ArgumentOutOfRangeException> (fun () -> new RepuLagrangian(0.5) |> ignore) "degree"
            Expect.throwsT<ArgumentOutOfRangeException> (fun () -> new SoftmaxLagrangian(1.0, 0L) |> ignore) "axis"
            Expect.throwsT<ArgumentOutOfRangeException> (fun () -> new LayerNormLagrangian(1.0, nan) |> ignore) "δ"
            Expect.throwsT<ArgumentOutOfRangeException> (fun () -> new IdentityLagrangian(-1) |> ignore) "dimensions")

        testCase
            "states without the neurons' dimensions"
            (scoped (fun () ->
                use images = new ReluLagrangian(2)
                let error = Expect.throwsC (fun () -> images.forward (torch.randn 3L) |> ignore) id
                Expect.stringContains error.Message "[3]" "what came"
                Expect.stringContains error.Message "2 dimensions" "what was wanted"))
    ]

let private ownLagrangian = {
    new Lagrangian("cosh", 1) with
        override _.Terms x = x.cosh ()
}

let private own =
    testList "a Lagrangian of one's own" [
        testCase
            "needs only its terms"
            (scoped (fun () ->
                let x = torch.randn (2L, 3L)
                isClose (x.cosh().sum -1L) (ownLagrangian.forward x) "value"
                isClose (x.sinh ()) (ownLagrangian.Activation x) "activation"))
    ]

let private memory =
    perModule "a call leaves its result and nothing else" (fun lagrangian _ ->
        let x = torch.randn (3L, 4L)
        use scope = torch.NewDisposeScope()
        lagrangian.forward x |> ignore
        lagrangian.Activation x |> ignore
        Expect.equal scope.DisposablesCount 2 "two tensors")

[<Tests>]
let tests =
    testList "lagrangian modules" [ values'; parameters; saving; training; errors; own; memory ]
