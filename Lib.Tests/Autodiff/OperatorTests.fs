module Engram.Tests.Autodiff.OperatorTests

open Engram
open Engram.Tests.Autodiff.Tensors
open Expecto
open TorchSharp

/// (1 − x)² + 100 (y − x²)², its minimum at (1, 1).
let rosenbrock (p: Tensor) =
    let x, y = at 0 p, at 1 p
    (1.0.ToScalar() - x).square() + (y - x.square ()).square() * 100.0.ToScalar()

let rosenbrockGradient x y =
    vector [ -2.0 * (1.0 - x) - 400.0 * x * (y - x * x); 200.0 * (y - x * x) ]

let rosenbrockHessian x y =
    vector [ 2.0 - 400.0 * y + 1200.0 * x * x; -400.0 * x; -400.0 * x; 200.0 ] |> reshape [ 2; 2 ]

[<Tests>]
let tests =
    testList "autodiff operators" [
        testCase "gradient of a quadratic form is (A + Aᵀ) x" (fun () ->
            let a, x =
                torch.randn ([| 4L; 4L |], dtype = torch.float64), torch.randn (4L, dtype = torch.float64)

            let quadratic (x: Tensor) = x.dot (a.mv x)
            let wanted = (a + a.t ()).mv x
            expectSame (Diff.Grad(quadratic).Invoke x) wanted "Grad"
            let r = Diff.FGrad(quadratic).Invoke x
            expectSame r.Value (quadratic x) "value"
            expectSame r.Gradient wanted "FGrad"
            let v = torch.randn (4L, dtype = torch.float64)
            expectSame (Diff.GradV(quadratic).Invoke(x, v)) (wanted.dot v) "GradV"
            expectSame (Diff.Hessian(quadratic).Invoke x) (a + a.t ()) "Hessian"
            expectSame (Diff.HessianV(quadratic).Invoke(x, v)) ((a + a.t ()).mv v) "HessianV"
            expectSame (Diff.Laplacian(quadratic).Invoke x) (a.trace () * 2.0.ToScalar()) "Laplacian")

        testCase "Rosenbrock's gradient and Hessian" (fun () ->
            for x, y in [ 1.0, 1.0; -1.2, 1.0; 0.5, -2.0 ] do
                let p = vector [ x; y ]
                let r = Diff.FGradHessian(rosenbrock).Invoke p
                expectSame r.Value (scalar ((1.0 - x) ** 2.0 + 100.0 * (y - x * x) ** 2.0)) "value"
                expectSame r.Gradient (rosenbrockGradient x y) "gradient"
                expectSame r.Hessian (rosenbrockHessian x y) "Hessian")

        testCase "third derivative of x⁵, by nesting and by order" (fun () ->
            let power (x: Tensor) = x.pow (5.0.ToScalar())
            let third = Diff.Grad(Diff.Grad(Diff.Grad power))
            expectSame (third.Invoke(scalar 2.0)) (scalar (60.0 * 4.0)) "Grad³"
            expectSame (Diff.DerivativeN(3, power).Invoke(scalar 2.0)) (scalar 240.0) "DerivativeN 3")
    ]
