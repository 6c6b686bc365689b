module Engram.Tests.Autodiff.NestingTests

open System
open Engram
open Engram.Tests.Autodiff.Tensors
open Expecto
open TorchSharp

let private cube (x: Tensor) = x * x * x

let private tower =
    test "Grad(Grad(Grad f)) is f'''" {
        let fifth (x: Tensor) = x.pow (number 5.0)
        let third = Diff.Grad(Diff.Grad(Diff.Grad fifth))
        expectSame (third.Invoke(scalar 2.0)) (scalar 240.0) "x⁵"

        let mutable f = Func<Tensor, Tensor> sin
        let x = scalar 0.7

        for wanted in [ x.cos (); -x.sin(); -x.cos(); x.sin (); x.cos () ] do
            f <- Diff.Grad f
            expectSame (f.Invoke x) wanted "sin"
    }

let private samePoint =
    test "a gradient taken at the outer variable: d/dx [x · f'(x)] = f' + x f''" {
        let outer (x: Tensor) = x * Diff.Grad(cube).Invoke x
        // 3x² + x · 6x
        expectSame (Diff.Grad(outer).Invoke(scalar 2.0)) (scalar 36.0) "outer"
    }

let private perturbation =
    test "levels are not confused: d/dx [x · d/dy (x + y)] = 1 at y = x, and = 2x for d/dy (x y)" {
        let confusable (x: Tensor) = x * Diff.Grad(fun y -> x + y).Invoke x
        expectSame (Diff.Grad(confusable).Invoke(scalar 3.0)) (scalar 1.0) "Siskind and Pearlmutter's example"

        let product (x: Tensor) =
            x * Diff.Grad(fun y -> x * y).Invoke(scalar 7.0)

        expectSame (Diff.Grad(product).Invoke(scalar 3.0)) (scalar 6.0) "another variable, a constant"

        let twice (x: Tensor) =
            x * Diff.Grad(fun y -> x * y * y).Invoke(x * x)
        // x · 2 x · x² = 2x⁴
        expectSame (Diff.Grad(twice).Invoke(scalar 1.5)) (scalar (8.0 * 1.5 ** 3.0)) "another variable, a function"
    }

let private mixed =
    test "products inside gradients: ∇(vᵀHv) against its numeric twin" {
        let f, v, x = smooth 1 [], numbers 2 [ 4 ], numbers 3 [ 4 ]
        let curvature (x: Tensor) = Diff.HessianV(f).Invoke(x, v).dot v
        expectNear 1e-8 (Diff.Grad(curvature).Invoke x) (Diff.NumGrad(curvature).Invoke x) "∇(vᵀHv)"

        // By v it is 2Hv.
        let byDirection (v: Tensor) = Diff.HessianV(f).Invoke(x, v).dot v
        expectSame (Diff.Grad(byDirection).Invoke v) (Diff.HessianV(f).Invoke(x, v) * number 2.0) "by v"

        let g, u = smooth 4 [ 2; 2 ], numbers 5 [ 2; 2 ]

        let pushed (x: Tensor) =
            Diff.JacobianV(g).Invoke(x, v) * u |> sum

        let pulled (x: Tensor) = Diff.JacobianTv(g).Invoke(x, u).dot v
        let wanted = Diff.NumGrad(pushed).Invoke x
        expectNear 1e-8 (Diff.Grad(pushed).Invoke x) wanted "through JacobianV"
        expectNear 1e-8 (Diff.Grad(pulled).Invoke x) wanted "through JacobianTv"
    }

let private everyOperator =
    test "every operator can be differentiated again" {
        let f, g = smooth 1 [], smooth 2 [ 3 ]
        let tall = smooth 3 [ 9 ]
        let x = numbers 3 [ 3 ]
        let norm (y: Tensor) = y.square().sum()

        let functions: (string * (Tensor -> Tensor)) list = [
            "Grad", (fun x -> Diff.Grad(f).Invoke x |> norm)
            "FGrad", (fun x -> let r = Diff.FGrad(f).Invoke x in r.Value * norm r.Gradient)
            "Hessian", (fun x -> Diff.Hessian(f).Invoke x |> norm)
            "Laplacian", (fun x -> Diff.Laplacian(f).Invoke x)
            "Jacobian by rows", (fun x -> Diff.Jacobian(g).Invoke x |> norm)
            "Jacobian by columns", (fun x -> Diff.Jacobian(tall).Invoke x |> norm)
            "Divergence", (fun x -> Diff.Divergence(g).Invoke x)
            "Curl", (fun x -> Diff.Curl(g).Invoke x |> norm)
            "Derivative", (fun x -> Diff.Derivative(g).Invoke(sum x) |> norm)
            "DerivativeN", (fun x -> Diff.DerivativeN(3, f).Invoke(sum x))
            "NumGrad", (fun x -> Diff.NumGrad(f, 1e-3).Invoke x |> norm)
        ]

        for name, function' in functions do
            expectNear 1e-6 (Diff.Grad(function').Invoke x) (Diff.NumGrad(function').Invoke x) name
    }

let private independent =
    test "what does not depend on the input has derivative zero, to any order" {
        let x = numbers 1 [ 3 ]

        let zero, zeros =
            vector [ 0.0; 0.0; 0.0 ], torch.zeros ([| 3L; 3L |], dtype = torch.float64)

        let constant = scalar 4.0
        let parameter = (scalar 4.0).requires_grad_()

        let functions: (string * (Tensor -> Tensor)) list = [
            "a constant", (fun _ -> constant)
            "a function of a parameter", (fun _ -> parameter * parameter)
            "a detached value", (fun x -> (sum x).detach())
            "a value without gradients",
            (fun x ->
                use _ = torch.no_grad ()
                sum (x * x))
        ]

        for name, f in functions do
            expectSame (Diff.Grad(f).Invoke x) zero $"gradient of {name}"
            expectSame (Diff.Hessian(f).Invoke x) zeros $"Hessian of {name}"
            expectSame (Diff.HessianV(f).Invoke(x, x)) zero $"Hessian product of {name}"
            expectSame (Diff.JacobianV(f).Invoke(x, x)) (scalar 0.0) $"Jacobian product of {name}"
            expectSame (Diff.Laplacian(f).Invoke x) (scalar 0.0) $"Laplacian of {name}"

        expectSame (Diff.Hessian(sum).Invoke x) zeros "Hessian of a linear function"
        expectSame (Diff.Laplacian(sum).Invoke x) (scalar 0.0) "Laplacian of a linear function"

        let partly (x: Tensor) =
            torch.stack [| at 0 x * at 0 x; constant; at 1 x |]

        let wanted = vector [ 2.0 * (values x)[0]; 0.0; 0.0; 0.0; 0.0; 0.0; 0.0; 1.0; 0.0 ]
        expectSame (Diff.Jacobian(partly).Invoke x) (reshape [ 3; 3 ] wanted) "a constant row, a missing column"
    }

let private identity =
    test "identity, and results in memory of their own" {
        let x, v = numbers 1 [ 2 ], numbers 2 [ 2 ]
        let r = Diff.FJacobian(id).Invoke x
        expectSame r.Jacobian (torch.eye (2L, dtype = torch.float64)) "Jacobian"
        let product = Diff.JacobianTv(id).Invoke(x, v)
        let before = values x, values v
        r.Value.zero_ () |> ignore
        product.zero_ () |> ignore
        Expect.equal (values x, values v) before "x and v are untouched"
    }

let private parameters =
    test "results are detached outside, kept by KeepGraph or an input that requires a gradient" {
        let weight = (scalar 3.0).requires_grad_()
        let f (x: Tensor) = weight * x * x
        let gradient = Diff.Grad f
        Expect.isFalse (gradient.Invoke(scalar 2.0).requires_grad) "outermost"

        let kept =
            use _ = Diff.KeepGraph()
            gradient.Invoke(scalar 2.0)

        // ∂/∂w 2wx
        kept.backward ()
        expectSame weight.grad (scalar 4.0) "by the parameter"
        Expect.isFalse (gradient.Invoke(scalar 2.0).requires_grad) "after KeepGraph"

        let x = (scalar 2.0).requires_grad_()
        gradient.Invoke(x).backward()
        expectSame x.grad (scalar 6.0) "by the input"

        use _ = torch.no_grad ()
        Expect.isFalse (gradient.Invoke(x).requires_grad) "gradients switched off"
        expectSame (gradient.Invoke x) (scalar 12.0) "and still computed"
    }

let private inPlace =
    test "a nested function may change its argument in place, and reaches nobody else's tensor" {
        let doubling (x: Tensor) = x.mul_(number 2.0).square().sum()
        let outer (x: Tensor) = Diff.Grad(doubling).Invoke x * x |> sum
        let x = vector [ 1.0; 2.0 ]
        // The inner gradient is 8x, so that the outer function is 8x².
        expectSame (Diff.Grad(outer).Invoke x) (x * number 16.0) "gradient"
        expectSame x (vector [ 1.0; 2.0 ]) "x"
    }

let private cubed =
    CustomGradient.OfGradient((fun x -> sum (cube x)), (fun x -> x * x * number 3.0))

let private custom =
    test "a given gradient is used, at higher order too" {
        let x, v = numbers 1 [ 3 ], numbers 2 [ 3 ]
        expectSame (cubed.Invoke x) (sum (cube x)) "value"
        expectSame (Diff.Grad(cubed).Invoke x) (x * x * number 3.0) "gradient"
        expectSame (Diff.Hessian(cubed).Invoke x) (torch.diag (x * number 6.0)) "Hessian"
        expectSame (Diff.JacobianV(cubed).Invoke(x, v)) (x * x * v * number 3.0 |> sum) "Jv"
        let third = Diff.Jacobian(Diff.Hessian cubed).Invoke x
        expectSame (sum third) (scalar 18.0) "third derivative"

        let composed (x: Tensor) = (cubed.Invoke(x.sin ())).exp()
        expectNear 1e-8 (Diff.Grad(composed).Invoke x) (Diff.NumGrad(composed).Invoke x) "in a composition"

        let lie =
            CustomGradient.OfGradient(sum, (fun x -> torch.full_like (x, number 42.0)))

        expectSame (Diff.Grad(lie).Invoke x) (vector [ 42.0; 42.0; 42.0 ]) "the given one, not the found one"
    }

let private customBatch =
    test "a given gradient of a batched energy, and a given product" {
        let energy =
            CustomGradient.OfGradient((fun x -> x.square().sum(-1L)), (fun (x: Tensor) -> x * number 2.0))

        let x = numbers 1 [ 2; 3 ]
        expectSame (Diff.Grad(energy.Invoke >> sum).Invoke x) (x * number 2.0) "batched"

        let w = numbers 2 [ 4; 3 ]
        let f (x: Tensor) = w.mv(x).tanh()

        let product (x: Tensor) (v: Tensor) =
            w.t().mv((number 1.0 - f(x).square()) * v)

        let given = CustomGradient.OfProduct(f, product)
        let x = numbers 3 [ 3 ]
        expectSame (Diff.Jacobian(given).Invoke x) (Diff.Jacobian(f).Invoke x) "Jacobian"
        expectSame (Diff.JacobianV(given).Invoke(x, x)) (Diff.JacobianV(f).Invoke(x, x)) "Jv"
        let norm (x: Tensor) = (given.Invoke x).square().sum()
        expectSame (Diff.Hessian(norm).Invoke x) (Diff.Hessian(fun x -> f(x).square().sum()).Invoke x) "Hessian"

        let nested =
            CustomGradient.OfGradient((fun x -> sum (cube x)), Diff.Grad(fun x -> sum (cube x)))

        expectSame (Diff.Hessian(nested).Invoke x) (torch.diag (x * number 6.0)) "a gradient that calls Diff"
    }

[<Tests>]
let tests =
    testList "autodiff nesting" [
        tower
        samePoint
        perturbation
        mixed
        everyOperator
        independent
        identity
        parameters
        inPlace
        custom
        customBatch
    ]
