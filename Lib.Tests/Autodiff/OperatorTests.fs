module Engram.Tests.Autodiff.OperatorTests

open Engram
open Engram.Tests.Autodiff.Tensors
open Expecto
open TorchSharp

/// (1 − x)² + 100 (y − x²)², its minimum at (1, 1).
let private rosenbrock (p: Tensor) =
    let x, y = at 0 p, at 1 p
    (number 1.0 - x).square() + (y - x.square ()).square() * number 100.0

let private rosenbrockGradient x y =
    vector [ -2.0 * (1.0 - x) - 400.0 * x * (y - x * x); 200.0 * (y - x * x) ]

let private rosenbrockHessian x y =
    vector [ 2.0 - 400.0 * y + 1200.0 * x * x; -400.0 * x; -400.0 * x; 200.0 ] |> reshape [ 2; 2 ]

/// (yz, x²z, xy³): curl (3xy² − x², y − y³, 2xz − z), divergence 0.
let private field (p: Tensor) =
    let x, y, z = at 0 p, at 1 p, at 2 p
    torch.stack [| y * z; x * x * z; x * y * y * y |]

let private fieldCurl x y z =
    vector [ 3.0 * x * y * y - x * x; y - y ** 3.0; 2.0 * x * z - z ]

let private quadraticForm =
    test "a quadratic form xᵀAx: gradient (A + Aᵀ)x, Hessian A + Aᵀ, Laplacian 2 tr A" {
        let a, x, v = numbers 1 [ 4; 4 ], numbers 2 [ 4 ], numbers 3 [ 4 ]
        let f (x: Tensor) = x.dot (a.mv x)
        let hessian = a + a.t ()
        let gradient = hessian.mv x

        expectSame (Diff.Grad(f).Invoke x) gradient "Grad"
        expectSame (Diff.GradV(f).Invoke(x, v)) (gradient.dot v) "GradV"
        expectSame (Diff.Hessian(f).Invoke x) hessian "Hessian"
        expectSame (Diff.HessianV(f).Invoke(x, v)) (hessian.mv v) "HessianV"
        expectSame (Diff.Laplacian(f).Invoke x) (a.trace () * number 2.0) "Laplacian"

        let valueAndGradient = Diff.FGrad(f).Invoke x
        expectSame valueAndGradient.Value (f x) "FGrad value"
        expectSame valueAndGradient.Gradient gradient "FGrad gradient"

        let all = Diff.FGradHessianV(f).Invoke(x, v)
        expectSame all.Value (f x) "FGradHessianV value"
        expectSame all.GradientV (gradient.dot v) "FGradHessianV gradient"
        expectSame all.HessianV (hessian.mv v) "FGradHessianV Hessian"
    }

let private rosenbrockTest =
    test "Rosenbrock's function: value, gradient and Hessian" {
        for x, y in [ 1.0, 1.0; -1.2, 1.0; 0.5, -2.0 ] do
            let p = vector [ x; y ]
            let r = Diff.FGradHessian(rosenbrock).Invoke p
            expectSame r.Value (scalar ((1.0 - x) ** 2.0 + 100.0 * (y - x * x) ** 2.0)) "value"
            expectSame r.Gradient (rosenbrockGradient x y) "gradient"
            expectSame r.Hessian (rosenbrockHessian x y) "Hessian"
    }

let private jacobians =
    test "the Jacobian of sin(Wx) is diag(cos(Wx)) W, tall or wide" {
        for rows, columns in [ 2, 5; 3, 3; 7, 2 ] do
            let w, x = numbers 4 [ rows; columns ], numbers 5 [ columns ]
            let f (x: Tensor) = w.mv(x).sin()
            let jacobian = torch.diag(w.mv(x).cos()).mm w
            let v, u = numbers 6 [ columns ], numbers 7 [ rows ]

            expectSame (Diff.Jacobian(f).Invoke x) jacobian "Jacobian"
            expectSame (Diff.JacobianV(f).Invoke(x, v)) (jacobian.mv v) "JacobianV"
            expectSame (Diff.JacobianTv(f).Invoke(x, u)) (jacobian.t().mv u) "JacobianTv"
    }

let private fields =
    test "curl and divergence of a polynomial field, and div curl = 0, curl grad = 0" {
        let p = vector [ 0.7; -1.3; 2.1 ]
        let r = Diff.FCurlDivergence(field).Invoke p
        expectSame r.Value (field p) "value"
        expectSame r.Curl (fieldCurl 0.7 -1.3 2.1) "curl"
        expectSame r.Divergence (scalar 0.0) "divergence"

        let potential = smooth 8 []
        expectSame (Diff.Divergence(Diff.Curl field).Invoke p) (scalar 0.0) "div curl"
        expectSame (Diff.Curl(Diff.Grad potential).Invoke p) (vector [ 0.0; 0.0; 0.0 ]) "curl grad"

        expectSame
            (Diff.Divergence(Diff.Grad potential).Invoke p)
            (Diff.Laplacian(potential).Invoke p)
            "div grad is the Laplacian"
    }

let private derivatives =
    test "derivatives by a scalar: x⁵, exp, sin, and a curve" {
        let x = scalar 0.4
        let fifth (x: Tensor) = x.pow (number 5.0)

        for n, wanted in [ 0, 0.4 ** 5.0; 1, 5.0 * 0.4 ** 4.0; 3, 60.0 * 0.16; 5, 120.0; 6, 0.0 ] do
            expectSame (Diff.DerivativeN(n, fifth).Invoke x) (scalar wanted) $"order {n} of x⁵"

        for order in Diff.Derivatives(4, exp).Invoke x do
            expectSame order (x.exp ()) "each derivative of exp"

        let curve (x: Tensor) =
            torch.stack [| x.sin (); x.cos (); x * x |]

        let r = Diff.FDerivative(curve).Invoke x
        expectSame r.Value (curve x) "the curve"
        expectSame r.Derivative (torch.stack [| x.cos (); -x.sin(); x * number 2.0 |]) "its velocity"

        expectSame
            (Diff.DerivativeN(2, curve).Invoke x)
            (torch.stack [| -x.sin(); -x.cos(); scalar 2.0 |])
            "its acceleration"
    }

let private otherDtypes =
    test "dtype and shape follow the input, also where the output has another dtype" {
        let single = torch.ones ([| 2L; 3L |], dtype = torch.float32)
        let widened (x: Tensor) = x.``to``(torch.float64).square()
        let gradient = Diff.Grad(widened >> sum).Invoke single
        Expect.equal gradient.dtype torch.float32 "gradient"
        Expect.equal (shape gradient) [ 2L; 3L ] "shape"
        let jacobian = Diff.Jacobian(widened).Invoke single
        Expect.equal jacobian.dtype torch.float32 "Jacobian"
        Expect.equal (shape jacobian) [ 2L; 3L; 2L; 3L ] "shape of the Jacobian"
        Expect.equal (Diff.JacobianV(widened).Invoke(single, single).dtype) torch.float64 "Jv is as f(x)"

        let tall =
            Diff.Jacobian(fun x -> torch.cat [| widened x; widened x; widened x |]).Invoke single

        Expect.equal tall.dtype torch.float32 "by columns"
    }

let private empty =
    test "without elements there is nothing to sum" {
        let none = torch.zeros ([| 0L; 2L |], dtype = torch.float64)
        Expect.equal (shape (Diff.Grad(sum).Invoke none)) [ 0L; 2L ] "Grad"
        Expect.equal (shape (Diff.Jacobian(sin).Invoke none)) [ 0L; 2L; 0L; 2L ] "Jacobian"
        Expect.equal (shape (Diff.NumJacobian(sin).Invoke none)) [ 0L; 2L; 0L; 2L ] "NumJacobian"
        expectSame (Diff.Laplacian(sin >> sum).Invoke none) (scalar 0.0) "Laplacian"
        expectSame (Diff.JacobianV(sin).Invoke(none, none)) none "JacobianV"
    }

[<Tests>]
let tests =
    testList "autodiff operators" [
        quadraticForm
        rosenbrockTest
        jacobians
        fields
        derivatives
        otherDtypes
        empty
    ]
