module Engram.Tests.Lagrangians.LagrangiansTests

open System
open Expecto
open FsCheck.FSharp
open TorchSharp
open Engram
open Engram.Tests.Lagrangians.Cases

let private perCase name cases test =
    testList name [ for case in cases -> testCase case.Name (scoped (fun () -> test case)) ]

let private state = Gen.choose (-4000, 4000) |> Gen.map (fun x -> float x / 1000.0)

let private rowsOf count width =
    Gen.arrayOfLength count (Gen.arrayOfLength width state)

let private shape = Gen.zip (Gen.choose (1, 5)) (Gen.choose (1, 7))

/// Rows of states in [-4, 4], 1 to 5 rows of 1 to 7 neurons.
let private rows = shape |> Gen.bind (fun (count, width) -> rowsOf count width)

let private perCaseProperty name cases gen property =
    testList name [
        for case in cases ->
            testPropertyWithConfig
                {
                    FsCheckConfig.defaultConfig with
                        maxTest = 10
                }
                case.Name
            <| Prop.forAll (Arb.fromGen gen) (fun sample ->
                use _ = torch.NewDisposeScope()
                property case sample)
    ]

let private relative (expected: float) (actual: float) =
    abs (actual - expected) / (1.0 + abs expected)

let private closeTo tolerance (expected: float[]) (actual: float[]) =
    Expect.equal actual.Length expected.Length "as many numbers"

    for e, a in Array.zip expected actual do
        Expect.isLessThan (relative e a) tolerance $"{a} for {e}"

/// The Lagrangian's value of each row, whether or not it reduces its rows itself.
let private perRow case (x: Tensor) =
    let terms = case.Lagrangian x
    if case.Competing then terms else terms.sum (-1L)

let private doubles = tensor torch.ScalarType.Float64
let private singles = tensor torch.ScalarType.Float32

let private closedForms =
    testList "closed forms" [
        perCaseProperty "value" all rows (fun case sample ->
            perRow case (doubles sample) |> values |> closeTo 1e-12 (Array.map case.Value sample))

        perCaseProperty "value in float32" all rows (fun case sample ->
            perRow case (singles sample) |> values |> closeTo 1e-5 (Array.map case.Value sample))

        perCaseProperty "activation" all rows (fun case sample ->
            case.Activation(doubles sample) |> values |> closeTo 1e-12 (Array.collect case.Gradient sample))

        perCaseProperty "activation by autodiff" all rows (fun case sample ->
            Activations.Of(case.Lagrangian).Invoke(doubles sample)
            |> values
            |> closeTo 1e-12 (Array.collect case.Gradient sample))
    ]

let private published =
    let key = PrngKey.Create(1L, PrngLayout.Legacy)

    testList "published by the text" [
        testCase
            "LRepu(4) of seven normals"
            (scoped (fun () ->
                use repu = new RepuLagrangian(4.0)
                let value = repu.forward (key.Normal [| 7L |])
                Expect.floatClose Accuracy.medium (float (value.item<float32>())) 8.217218 "8.217218"))

        testCase
            "a batch of four is one call"
            (scoped (fun () ->
                use repu = new RepuLagrangian(4.0)
                let value = repu.forward (key.Normal [| 4L; 7L |])
                closeTo 1e-6 [| 0.79066116; 0.634871; 0.13261071; 3.3233747 |] (values value)))

        testCase
            "the exponential at -1"
            (scoped (fun () ->
                let x = torch.tensor -1.0f

                let at (beta: float) =
                    Lagrangians.Exp(x, beta).item<float32>() |> float

                closeTo 1e-7 [| 1.2130613; 0.36787945; 0.14875345 |] [| at 0.5; at 1.0; at 1.5 |]))
    ]

let private twins =
    let step = 1e-5

    // One neuron after the other, up and down.
    let numeric (f: float[] -> float) (row: float[]) =
        row
        |> Array.mapi (fun i x ->
            let at value =
                let moved = Array.copy row
                moved[i] <- value
                f moved

            (at (x + step) - at (x - step)) / (2.0 * step))

    // A unit is moved off the kinks of the rectified ones.
    let smooth =
        rows |> Gen.map (Array.map (Array.map (fun x -> if abs x < 0.01 then 0.5 else x)))

    testList "numeric twins" [
        perCaseProperty "activation" all smooth (fun case sample ->
            let value row =
                (perRow case (doubles [| row |])).item<float>()

            Activations.Of(case.Lagrangian).Invoke(doubles sample)
            |> values
            |> closeTo 1e-5 (Array.collect (numeric value) sample))

        perCaseProperty "Hessian-vector product" all smooth (fun case sample ->
            let row = sample[0]
            let direction = row |> Array.mapi (fun i _ -> cos (float i))

            let along (row: float[]) =
                case.Activation(doubles [| row |]) |> values |> Array.map2 (*) direction |> Array.sum

            let x = (doubles [| row |]).requires_grad_()
            let activation = Activations.Of(case.Lagrangian).Invoke x
            (activation * doubles [| direction |]).sum().backward()
            values x.grad |> closeTo 1e-4 (numeric along row))
    ]

let private properties =
    let pair =
        gen {
            let! count, width = shape
            let! first = rowsOf count width
            let! second = rowsOf count width
            let! percent = Gen.choose (0, 100)
            return first, second, float percent / 100.0
        }

    testList "properties" [
        perCaseProperty "convex on segments" all pair (fun case (a, b, t) ->
            let between = Array.map2 (Array.map2 (fun x y -> (1.0 - t) * x + t * y)) a b
            let at rows = perRow case (doubles rows) |> values

            for chord, value in Array.zip (Array.map2 (fun x y -> (1.0 - t) * x + t * y) (at a) (at b)) (at between) do
                Expect.isLessThanOrEqual value (chord + 1e-9 * (1.0 + abs chord)) "below its chord")

        perCaseProperty "monotone: moving a state moves its activation along" all pair (fun case (a, b, _) ->
            let move =
                (doubles b - doubles a) * (case.Activation(doubles b) - case.Activation(doubles a))

            for m in values (move.sum (-1L)) do
                Expect.isGreaterThanOrEqual m -1e-9 "never against")

        perCase
            "the elementwise ones are monotone in float32 over a fine line"
            (all |> List.filter (_.Competing >> not))
            (fun case ->
                let line = torch.linspace (-3.0, 3.0, 20001L)
                let activation = case.Activation line
                let rise = activation.diff ()
                Expect.isGreaterThanOrEqual (rise.min().item<float32>()) -3e-6f "does not fall"
                Expect.isGreaterThan ((activation[-1] - activation[0]).item<float32>()) 0.1f "rises")
    ]

let private stability =
    let far = [| -1e4; -3e3; -100.0; -1.0; -1e-4; 0.0; 1e-4; 1.0; 88.0; 100.0; 3e3; 1e4 |]

    let hessianVector (lagrangian: Tensor -> Tensor) (x: Tensor) =
        let x = x.detach().requires_grad_()
        (Activations.Of lagrangian).Invoke(x).sum().backward()
        values x.grad

    testList "stability in float32 up to 1e4" [
        perCase "value" stable (fun case ->
            for row in far |> Array.map (fun x -> [| x; -x; 0.5 * x |]) do
                perRow case (singles [| row |]) |> values |> closeTo 2e-6 [| case.Value row |])

        perCase "activation, by autodiff" stable (fun case ->
            for row in far |> Array.map (fun x -> [| x; -x; 0.5 * x |]) do
                Activations.Of(case.Lagrangian).Invoke(singles [| row |])
                |> values
                |> closeTo 2e-6 (case.Gradient row))

        perCase "Hessian-vector product is finite" stable (fun case ->
            for row in far |> Array.map (fun x -> [| x; -x; 0.5 * x |]) do
                let product = hessianVector case.Lagrangian (singles [| row |])
                Expect.all product Double.IsFinite $"at {row[0]}: {product}")

        testCase
            "tanh curves as β / cosh² (βx), far and near"
            (scoped (fun () ->
                for x in [ -1e4; -20.0; -0.5; 0.0; 1e-3; 0.99; 1.01; 12.0; 1e4 ] do
                    let curvature =
                        hessianVector (fun x -> Lagrangians.Tanh(x, 2.0)) (singles [| [| x |] |])

                    closeTo 1e-6 [| 2.0 / Math.Pow(cosh (min 300.0 (2.0 * abs x)), 2.0) |] curvature))

        testCase
            "log cosh keeps its digits near 0, where the naive form gives 0"
            (scoped (fun () ->
                let x = torch.tensor 1e-4f
                let ours = Lagrangians.Tanh(x).item<float32>() |> float
                Expect.floatClose Accuracy.medium (ours / 5e-9) 1.0 "x² / 2"
                Expect.equal (x.cosh().log().item<float32>()) 0.0f "the naive form"))

        testCase
            "the exponentials overflow where the mathematics does"
            (scoped (fun () ->
                let x = torch.tensor [| 1e4f; -1e4f |]

                for t in [ Lagrangians.Exp x; Lagrangians.Rexp x ] do
                    Expect.isTrue (t[0].isposinf().item<bool>()) "infinite, not undefined"
                    Expect.isTrue (t[1].isfinite().item<bool>()) "finite below"))

        testCase
            "the hand-written softmax overflows where ours does not"
            (scoped (fun () ->
                let x = torch.tensor [| 100.0f; 0.0f |]
                Expect.isTrue (Lagrangians.SoftmaxUnstable(x).isposinf().item<bool>()) "by hand"

                Expect.isTrue
                    (Activations.Of(fun x -> Lagrangians.SoftmaxUnstable x).Invoke(x).isnan().any().item<bool>())
                    "its gradient"

                closeTo 1e-7 [| 100.0 |] (values (Lagrangians.Softmax x))
                let small = torch.randn 5L

                Expect.isTrue
                    (torch.allclose (Lagrangians.Softmax small, Lagrangians.SoftmaxUnstable small))
                    "and agrees elsewhere"))

        testCase
            "norms without ε have gradient and curvature 0 at 0, not NaN"
            (scoped (fun () ->
                let zero = torch.zeros 3L

                for lagrangian in
                    [
                        (fun (x: Tensor) -> Lagrangians.LayerNorm(x, epsilon = 0.0))
                        (fun x -> Lagrangians.SphericalNorm(x, epsilon = 0.0))
                    ] do
                    Expect.equal (values ((Activations.Of lagrangian).Invoke zero)) [| 0.0; 0.0; 0.0 |] "gradient"
                    Expect.equal (hessianVector lagrangian zero) [| 0.0; 0.0; 0.0 |] "curvature"))
    ]

let private axes =
    testList "axes" [
        testCase
            "a Lagrangian along an axis is that of the transposed"
            (scoped (fun () ->
                let x = torch.randn (3L, 4L, 5L)

                let along (f: Tensor -> int64 -> Tensor) =
                    for axis in [ 0L; 1L; 2L; -1L; -2L; -3L ] do
                        let moved = x.transpose (axis, -1L)
                        let expected = f moved -1L
                        let actual = f x axis

                        let actual =
                            if actual.dim () = 3L then
                                actual.transpose (axis, -1L)
                            else
                                actual

                        let back =
                            if actual.dim () = 2L && (axis = 0L || axis = -3L) then
                                expected.transpose (0L, 1L)
                            else
                                expected

                        Expect.isTrue (torch.allclose (actual, back, 1e-5)) $"axis {axis}"

                along (fun x axis -> Lagrangians.Softmax(x, 2.0, axis))
                along (fun x axis -> Lagrangians.Ghostmax(x, 2.0, axis))
                along (fun x axis -> Lagrangians.LayerNorm(x, 2.0, 0.5, axis))
                along (fun x axis -> Lagrangians.SphericalNorm(x, 2.0, 0.5, axis))
                along (fun x axis -> Activations.Softmax(x, 2.0, axis))
                along (fun x axis -> Activations.LayerNorm(x, 2.0, 0.5, axis))))

        testCase
            "the softmax's rivals share 1, the ghostmax's less"
            (scoped (fun () ->
                let x = torch.randn (6L, 4L)
                closeTo 1e-6 (Array.create 6 1.0) (values (Activations.Softmax(x, 3.0).sum -1L))
                Expect.all (values (Activations.Ghostmax(x, 3.0).sum -1L)) (fun s -> s > 0.0 && s < 1.0) "below 1"))

        testCase
            "a shift for each neuron"
            (scoped (fun () ->
                let delta = torch.tensor [| 1.0; -2.0; 3.0 |]
                let x = torch.randn ([| 2L; 3L |], dtype = torch.ScalarType.Float64)
                let one = torch.tensor 1.0
                let shift = Lagrangians.SphericalNorm(x, one, delta) - Lagrangians.SphericalNorm x
                closeTo 1e-12 (values ((x * delta).sum -1L)) (values shift)))
    ]

let private errors =
    let fails (argument: string) (parts: string list) (call: unit -> Tensor) =
        let error =
            try
                call () |> ignore
                None
            with :? ArgumentException as e ->
                Some e

        match error with
        | None -> failtest "no error"
        | Some e ->
            Expect.equal e.ParamName argument "the argument"

            for part in parts do
                Expect.stringContains e.Message part "what came and what was wanted"

    let x () = torch.randn (2L, 3L)

    testList "errors" [
        testCase
            "name the argument"
            (scoped (fun () ->
                fails "x" [ "Int64"; "float32" ] (fun () -> Lagrangians.Identity(torch.arange 3L))
                fails "beta" [ "0" ] (fun () -> Lagrangians.Softmax(x (), 0.0))
                fails "beta" [ "NaN" ] (fun () -> Lagrangians.Tanh(x (), nan))
                fails "beta" [ "[3]" ] (fun () -> Lagrangians.Exp(x (), torch.ones 3L))
                fails "degree" [ "1" ] (fun () -> Lagrangians.Repu(x (), 1.0))
                fails "scale" [ "-1" ] (fun () -> Activations.Sigmoid(x (), 1.0, -1.0))
                fails "axis" [ "[2, 3]" ] (fun () -> Lagrangians.Softmax(x (), 1.0, 2L))
                fails "x" [ "[]" ] (fun () -> Lagrangians.Ghostmax(torch.tensor 1.0f))
                fails "gamma" [ "-1" ] (fun () -> Lagrangians.LayerNorm(x (), -1.0))
                fails "epsilon" [ "-1" ] (fun () -> Lagrangians.SphericalNorm(x (), epsilon = -1.0))

                fails "delta" [ "[2]"; "[2, 3]" ] (fun () ->
                    Lagrangians.LayerNorm(x (), torch.tensor 1.0f, torch.ones 2L))))

        testCase
            "a Lagrangian that does not see its states has activation 0"
            (scoped (fun () ->
                let constant = Activations.Of(fun _ -> torch.ones 3L)
                Expect.equal (values (constant.Invoke(torch.randn 3L))) [| 0.0; 0.0; 0.0 |] "0"))
    ]

let private memory =
    testList "memory and dtype" [
        perCase "a call leaves its result and nothing else" all (fun case ->
            let x = torch.randn (3L, 4L)

            for f in [ case.Lagrangian; case.Activation; (Activations.Of case.Lagrangian).Invoke ] do
                use scope = torch.NewDisposeScope()
                let result = f x
                Expect.equal scope.DisposablesCount 1 "one tensor"
                Expect.isFalse result.requires_grad "without a graph")

        perCase "dtype follows the states, of one neuron too" all (fun case ->
            for dtype in [ torch.ScalarType.Float32; torch.ScalarType.Float64 ] do
                for x in [ torch.ones ([| 3L |], dtype = dtype); torch.ones([| 1L |], dtype = dtype)[0] ] do
                    if x.dim () > 0L || not case.Competing then
                        for f in [ case.Lagrangian; case.Activation; (Activations.Of case.Lagrangian).Invoke ] do
                            Expect.equal (f x).dtype dtype "as the states")
    ]

let private curried =
    testList "the F# face" [
        testCase
            "is the C# one, parameters first"
            (scoped (fun () ->
                let x = torch.randn (2L, 5L)

                let same (curried: Tensor -> Tensor) (direct: Tensor) =
                    Expect.equal (values (x |> curried)) (values direct) "the same"

                same Lagrangians.identity (Lagrangians.Identity x)
                same (Lagrangians.repu 3.0) (Lagrangians.Repu(x, 3.0))
                same Lagrangians.relu (Lagrangians.Relu x)
                same (Lagrangians.exp 0.5) (Lagrangians.Exp(x, 0.5))
                same (Lagrangians.rexp 0.5) (Lagrangians.Rexp(x, 0.5))
                same (Lagrangians.tanh 0.5) (Lagrangians.Tanh(x, 0.5))
                same (Lagrangians.sigmoid 0.5 2.0) (Lagrangians.Sigmoid(x, 0.5, 2.0))
                same (Lagrangians.softmax 0.5) (Lagrangians.Softmax(x, 0.5))
                same (Lagrangians.softmaxUnstable 0.5) (Lagrangians.SoftmaxUnstable(x, 0.5))
                same (Lagrangians.ghostmax 0.5) (Lagrangians.Ghostmax(x, 0.5))
                same (Lagrangians.layerNorm 0.5 2.0) (Lagrangians.LayerNorm(x, 0.5, 2.0))
                same (Lagrangians.sphericalNorm 0.5 2.0) (Lagrangians.SphericalNorm(x, 0.5, 2.0))
                same (Lagrangians.activation (Lagrangians.tanh 0.5)) (Activations.Of(Lagrangians.tanh 0.5).Invoke x)
                same (Lagrangians.energy (Lagrangians.softmax 0.5)) (Legendre.Energy(Lagrangians.softmax 0.5).Invoke x)))
    ]

[<Tests>]
let tests =
    testList "lagrangians" [
        closedForms
        published
        twins
        properties
        stability
        axes
        errors
        memory
        curried
    ]
