/// Each operator against its twin by central differences, over random shapes.
module Engram.Tests.Autodiff.NumericTwinTests

open Engram
open Engram.Tests.Autodiff.Tensors
open Expecto
open TorchSharp

/// Truncation and rounding of a central difference, first and second order.
let private first, private second = 1e-8, 1e-5

let private scalarValued =
    property "gradients and Hessians" (fun (Shape shape) (seed: int16) ->
        use _ = torch.NewDisposeScope()
        let f = smooth (int seed) []
        let x, v = numbers (int seed + 5) shape, numbers (int seed + 6) shape

        expectNear first (Diff.Grad(f).Invoke x) (Diff.NumGrad(f).Invoke x) "Grad"
        expectNear first (Diff.GradV(f).Invoke(x, v)) (Diff.NumGradV(f).Invoke(x, v)) "GradV"
        expectNear second (Diff.Hessian(f).Invoke x) (Diff.NumHessian(f).Invoke x) "Hessian"
        expectNear second (Diff.HessianV(f).Invoke(x, v)) (Diff.NumHessianV(f).Invoke(x, v)) "HessianV"
        expectNear second (Diff.Laplacian(f).Invoke x) (Diff.NumLaplacian(f).Invoke x) "Laplacian")

let private tensorValued =
    property "Jacobians" (fun (Shape inputs) (Shape outputs) (seed: int16) ->
        use _ = torch.NewDisposeScope()
        let f = smooth (int seed) outputs
        let x, v, u = numbers (int seed + 5) inputs, numbers 6 inputs, numbers 7 outputs

        expectNear first (Diff.Jacobian(f).Invoke x) (Diff.NumJacobian(f).Invoke x) "Jacobian"
        expectNear first (Diff.JacobianV(f).Invoke(x, v)) (Diff.NumJacobianV(f).Invoke(x, v)) "JacobianV"
        expectNear first (Diff.JacobianTv(f).Invoke(x, u)) (Diff.NumJacobianTv(f).Invoke(x, u)) "JacobianTv")

let private fields =
    property "divergence and curl" (fun (Shape shape) (seed: int16) ->
        use _ = torch.NewDisposeScope()
        let x = numbers (int seed + 5) shape
        let f = smooth (int seed) shape
        expectNear first (Diff.Divergence(f).Invoke x) (Diff.NumDivergence(f).Invoke x) "Divergence"

        let x = numbers (int seed + 5) [ 3 ]
        let f = smooth (int seed) [ 3 ]
        expectNear first (Diff.Curl(f).Invoke x) (Diff.NumCurl(f).Invoke x) "Curl")

let private derivatives =
    property "derivatives by a scalar, to order 4" (fun (Shape outputs) (seed: int16) ->
        use _ = torch.NewDisposeScope()
        let f = smooth (int seed) outputs
        let x = scalar (System.Math.Sin(float seed))
        expectNear first (Diff.Derivative(f).Invoke x) (Diff.NumDerivative(f).Invoke x) "Derivative"

        for n, tolerance in [ 2, 1e-6; 3, 1e-4; 4, 1e-2 ] do
            expectNear tolerance (Diff.DerivativeN(n, f).Invoke x) (Diff.NumDerivativeN(n, f).Invoke x) $"order {n}")

let private valueForms =
    test "the forms with a value give the value and the same derivative" {
        let x, v = numbers 1 [ 3 ], numbers 2 [ 3 ]
        let f, g = smooth 3 [], smooth 4 [ 3 ]
        let numeric = expectNear first
        let numeric2 = expectNear second

        let a, b = Diff.FGradV(f).Invoke(x, v), Diff.NumFGradV(f).Invoke(x, v)
        expectSame a.Value (f x) "FGradV"
        expectSame b.Value (f x) "NumFGradV"
        numeric a.Derivative b.Derivative "FGradV"

        let a, b = Diff.FGrad(f).Invoke x, Diff.NumFGrad(f).Invoke x
        expectSame b.Value (f x) "NumFGrad"
        numeric a.Gradient b.Gradient "FGrad"

        let a, b = Diff.FHessian(f).Invoke x, Diff.NumFHessian(f).Invoke x
        expectSame a.Value (f x) "FHessian"
        expectSame b.Value (f x) "NumFHessian"
        numeric2 a.Hessian b.Hessian "FHessian"

        let a, b = Diff.GradHessian(f).Invoke x, Diff.NumGradHessian(f).Invoke x
        numeric a.Gradient b.Gradient "GradHessian"
        numeric2 a.Hessian b.Hessian "GradHessian"

        let a, b = Diff.FGradHessian(f).Invoke x, Diff.NumFGradHessian(f).Invoke x
        expectSame a.Value b.Value "FGradHessian"
        numeric a.Gradient b.Gradient "FGradHessian"
        numeric2 a.Hessian b.Hessian "FGradHessian"

        let a, b = Diff.FHessianV(f).Invoke(x, v), Diff.NumFHessianV(f).Invoke(x, v)
        expectSame a.Value b.Value "FHessianV"
        numeric2 a.Product b.Product "FHessianV"

        let a, b = Diff.GradHessianV(f).Invoke(x, v), Diff.NumGradHessianV(f).Invoke(x, v)
        numeric a.GradientV b.GradientV "GradHessianV"
        numeric2 a.HessianV b.HessianV "GradHessianV"

        let b = Diff.NumFGradHessianV(f).Invoke(x, v)
        expectSame b.Value (f x) "NumFGradHessianV"
        numeric b.GradientV a.GradientV "NumFGradHessianV"
        numeric2 b.HessianV a.HessianV "NumFGradHessianV"

        let a, b = Diff.FLaplacian(f).Invoke x, Diff.NumFLaplacian(f).Invoke x
        expectSame a.Value b.Value "FLaplacian"
        numeric2 a.Laplacian b.Laplacian "FLaplacian"

        let a, b = Diff.FJacobian(g).Invoke x, Diff.NumFJacobian(g).Invoke x
        expectSame a.Value (g x) "FJacobian"
        expectSame b.Value (g x) "NumFJacobian"
        numeric a.Jacobian b.Jacobian "FJacobian"

        let a, b = Diff.FJacobianV(g).Invoke(x, v), Diff.NumFJacobianV(g).Invoke(x, v)
        expectSame a.Value b.Value "FJacobianV"
        numeric a.Derivative b.Derivative "FJacobianV"

        let a, b = Diff.FJacobianTv(g).Invoke(x, v), Diff.NumFJacobianTv(g).Invoke(x, v)
        expectSame a.Value b.Value "FJacobianTv"
        numeric a.Product b.Product "FJacobianTv"

        let a, b = Diff.FDivergence(g).Invoke x, Diff.NumFDivergence(g).Invoke x
        expectSame a.Value b.Value "FDivergence"
        numeric a.Divergence b.Divergence "FDivergence"

        let a, b = Diff.FCurl(g).Invoke x, Diff.NumFCurl(g).Invoke x
        expectSame a.Value b.Value "FCurl"
        numeric a.Curl b.Curl "FCurl"

        let a, b = Diff.CurlDivergence(g).Invoke x, Diff.NumCurlDivergence(g).Invoke x
        numeric a.Curl b.Curl "CurlDivergence"
        numeric a.Divergence b.Divergence "CurlDivergence"

        let b = Diff.NumFCurlDivergence(g).Invoke x
        expectSame b.Value (g x) "NumFCurlDivergence"
        numeric b.Curl a.Curl "NumFCurlDivergence"
        numeric b.Divergence a.Divergence "NumFCurlDivergence"

        let t = scalar 0.3
        let a, b = Diff.FDerivative(g).Invoke t, Diff.NumFDerivative(g).Invoke t
        expectSame a.Value b.Value "FDerivative"
        numeric a.Derivative b.Derivative "FDerivative"

        let a, b = Diff.FDerivativeN(2, g).Invoke t, Diff.NumFDerivativeN(2, g).Invoke t
        expectSame a.Value b.Value "FDerivativeN"
        numeric2 a.Derivative b.Derivative "FDerivativeN"

        for a, b in Seq.zip (Diff.Derivatives(2, g).Invoke t) (Diff.NumDerivatives(2, g).Invoke t) do
            numeric2 a b "Derivatives"
    }

let private steps =
    test "the step can be chosen, and scales with x by itself" {
        let f = exp >> sum
        let x = vector [ 0.5 ]

        let error (step: float) =
            (Diff.NumGrad(f, step).Invoke x - x.exp ()).abs().item<float>()
        // The error of a central difference is h²/6 f'''.
        Expect.floatClose { absolute = 0.0; relative = 1e-2 } (error 1e-2 / error 1e-3) 100.0 "second order"

        let large = vector [ 1e6 ]
        expectNear 1e-6 (Diff.NumGrad(fun x -> sum (x * x)).Invoke large) (large * number 2.0) "at 10⁶"
    }

[<Tests>]
let tests =
    testList "autodiff against finite differences" [
        scalarValued
        tensorValued
        fields
        derivatives
        valueForms
        steps
    ]
