namespace Engram

open System
open TorchSharp

/// Derivatives under DiffSharp's own names, curried: `x |> Diff.grad f`. Each is the operator of the class `Diff` of
/// nearly the same name, where shapes and errors are given. `f…` forms return a tuple that begins with the value,
/// `…v` forms also take a vector, and `num…` forms take their step first; `Diff.NumGrad f` chooses the step itself.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Diff =

    type private Tensor = torch.Tensor

    let private at result (g: Func<Tensor, _>) = fun x -> g.Invoke x |> result

    let private along result (g: Func<Tensor, Tensor, _>) = fun x v -> g.Invoke(x, v) |> result

    /// ∇f of a scalar-valued f.
    let grad (f: Tensor -> Tensor) = Diff.Grad f |> at id

    /// f(x) and ∇f(x).
    let fgrad (f: Tensor -> Tensor) =
        Diff.FGrad f |> at (fun r -> r.Value, r.Gradient)

    /// ∂²f/∂x² of a scalar-valued f, shape [input shape..., input shape...].
    let hessian (f: Tensor -> Tensor) = Diff.Hessian f |> at id

    /// f(x) and the Hessian.
    let fhessian (f: Tensor -> Tensor) =
        Diff.FHessian f |> at (fun r -> r.Value, r.Hessian)

    /// ∇f(x) and the Hessian.
    let gradhessian (f: Tensor -> Tensor) =
        Diff.GradHessian f |> at (fun r -> r.Gradient, r.Hessian)

    /// f(x), ∇f(x) and the Hessian.
    let fgradhessian (f: Tensor -> Tensor) =
        Diff.FGradHessian f |> at (fun r -> r.Value, r.Gradient, r.Hessian)

    /// ∂f/∂x, shape [output shape..., input shape...].
    let jacobian (f: Tensor -> Tensor) = Diff.Jacobian f |> at id

    /// f(x) and the Jacobian.
    let fjacobian (f: Tensor -> Tensor) =
        Diff.FJacobian f |> at (fun r -> r.Value, r.Jacobian)

    /// ∇²f of a scalar-valued f.
    let laplacian (f: Tensor -> Tensor) = Diff.Laplacian f |> at id

    /// f(x) and ∇²f(x).
    let flaplacian (f: Tensor -> Tensor) =
        Diff.FLaplacian f |> at (fun r -> r.Value, r.Laplacian)

    /// ∇·f of a field whose value has the shape of x.
    let divergence (f: Tensor -> Tensor) = Diff.Divergence f |> at id

    /// f(x) and ∇·f(x).
    let fdivergence (f: Tensor -> Tensor) =
        Diff.FDivergence f |> at (fun r -> r.Value, r.Divergence)

    /// ∇×f of a field in three dimensions.
    let curl (f: Tensor -> Tensor) = Diff.Curl f |> at id

    /// f(x) and ∇×f(x).
    let fcurl (f: Tensor -> Tensor) =
        Diff.FCurl f |> at (fun r -> r.Value, r.Curl)

    /// ∇×f(x) and ∇·f(x).
    let curldivergence (f: Tensor -> Tensor) =
        Diff.CurlDivergence f |> at (fun r -> r.Curl, r.Divergence)

    /// f(x), ∇×f(x) and ∇·f(x).
    let fcurldivergence (f: Tensor -> Tensor) =
        Diff.FCurlDivergence f |> at (fun r -> r.Value, r.Curl, r.Divergence)

    /// df/dx of a function of a scalar.
    let diff (f: Tensor -> Tensor) = Diff.Derivative f |> at id

    /// f(x) and df/dx.
    let fdiff (f: Tensor -> Tensor) =
        Diff.FDerivative f |> at (fun r -> r.Value, r.Derivative)

    /// The n-th derivative of a function of a scalar.
    let diffn n (f: Tensor -> Tensor) = Diff.DerivativeN(n, f) |> at id

    /// f(x) and its n-th derivative.
    let fdiffn n (f: Tensor -> Tensor) =
        Diff.FDerivativeN(n, f) |> at (fun r -> r.Value, r.Derivative)

    /// f(x) and its derivatives up to the n-th, by order.
    let ffdiffn n (f: Tensor -> Tensor) = Diff.Derivatives(n, f) |> at id

    /// The second derivative of a function of a scalar.
    let diff2 f = diffn 2 f

    /// f(x) and its second derivative.
    let fdiff2 f = fdiffn 2 f

    /// f(x), its first and its second derivative.
    let ffdiff2 f x =
        let orders = ffdiffn 2 f x
        orders[0], orders[1], orders[2]

    /// ∇f(x)·v.
    let gradv (f: Tensor -> Tensor) = Diff.GradV f |> along id

    /// f(x) and ∇f(x)·v.
    let fgradv (f: Tensor -> Tensor) =
        Diff.FGradV f |> along (fun r -> r.Value, r.Derivative)

    /// The Hessian times v.
    let hessianv (f: Tensor -> Tensor) = Diff.HessianV f |> along id

    /// f(x) and the Hessian times v.
    let fhessianv (f: Tensor -> Tensor) =
        Diff.FHessianV f |> along (fun r -> r.Value, r.Product)

    /// ∇f(x)·v and the Hessian times v.
    let gradhessianv (f: Tensor -> Tensor) =
        Diff.GradHessianV f |> along (fun r -> r.GradientV, r.HessianV)

    /// f(x), ∇f(x)·v and the Hessian times v.
    let fgradhessianv (f: Tensor -> Tensor) =
        Diff.FGradHessianV f |> along (fun r -> r.Value, r.GradientV, r.HessianV)

    /// Jv.
    let jacobianv (f: Tensor -> Tensor) = Diff.JacobianV f |> along id

    /// f(x) and Jv.
    let fjacobianv (f: Tensor -> Tensor) =
        Diff.FJacobianV f |> along (fun r -> r.Value, r.Derivative)

    /// Jᵀv.
    let jacobianTv (f: Tensor -> Tensor) = Diff.JacobianTv f |> along id

    /// f(x) and Jᵀv.
    let fjacobianTv (f: Tensor -> Tensor) =
        Diff.FJacobianTv f |> along (fun r -> r.Value, r.Product)

    /// `grad` by central differences.
    let numgrad (epsilon: float) (f: Tensor -> Tensor) = Diff.NumGrad(f, epsilon) |> at id

    /// `fgrad` by central differences.
    let numfgrad (epsilon: float) (f: Tensor -> Tensor) =
        Diff.NumFGrad(f, epsilon) |> at (fun r -> r.Value, r.Gradient)

    /// `hessian` by central differences.
    let numhessian (epsilon: float) (f: Tensor -> Tensor) = Diff.NumHessian(f, epsilon) |> at id

    /// `fhessian` by central differences.
    let numfhessian (epsilon: float) (f: Tensor -> Tensor) =
        Diff.NumFHessian(f, epsilon) |> at (fun r -> r.Value, r.Hessian)

    /// `gradhessian` by central differences.
    let numgradhessian (epsilon: float) (f: Tensor -> Tensor) =
        Diff.NumGradHessian(f, epsilon) |> at (fun r -> r.Gradient, r.Hessian)

    /// `fgradhessian` by central differences.
    let numfgradhessian (epsilon: float) (f: Tensor -> Tensor) =
        Diff.NumFGradHessian(f, epsilon) |> at (fun r -> r.Value, r.Gradient, r.Hessian)

    /// `jacobian` by central differences.
    let numjacobian (epsilon: float) (f: Tensor -> Tensor) = Diff.NumJacobian(f, epsilon) |> at id

    /// `fjacobian` by central differences.
    let numfjacobian (epsilon: float) (f: Tensor -> Tensor) =
        Diff.NumFJacobian(f, epsilon) |> at (fun r -> r.Value, r.Jacobian)

    /// `laplacian` by central differences.
    let numlaplacian (epsilon: float) (f: Tensor -> Tensor) = Diff.NumLaplacian(f, epsilon) |> at id

    /// `flaplacian` by central differences.
    let numflaplacian (epsilon: float) (f: Tensor -> Tensor) =
        Diff.NumFLaplacian(f, epsilon) |> at (fun r -> r.Value, r.Laplacian)

    /// `divergence` by central differences.
    let numdivergence (epsilon: float) (f: Tensor -> Tensor) = Diff.NumDivergence(f, epsilon) |> at id

    /// `fdivergence` by central differences.
    let numfdivergence (epsilon: float) (f: Tensor -> Tensor) =
        Diff.NumFDivergence(f, epsilon) |> at (fun r -> r.Value, r.Divergence)

    /// `curl` by central differences.
    let numcurl (epsilon: float) (f: Tensor -> Tensor) = Diff.NumCurl(f, epsilon) |> at id

    /// `fcurl` by central differences.
    let numfcurl (epsilon: float) (f: Tensor -> Tensor) =
        Diff.NumFCurl(f, epsilon) |> at (fun r -> r.Value, r.Curl)

    /// `curldivergence` by central differences.
    let numcurldivergence (epsilon: float) (f: Tensor -> Tensor) =
        Diff.NumCurlDivergence(f, epsilon) |> at (fun r -> r.Curl, r.Divergence)

    /// `fcurldivergence` by central differences.
    let numfcurldivergence (epsilon: float) (f: Tensor -> Tensor) =
        Diff.NumFCurlDivergence(f, epsilon) |> at (fun r -> r.Value, r.Curl, r.Divergence)

    /// `diff` by central differences.
    let numdiff (epsilon: float) (f: Tensor -> Tensor) = Diff.NumDerivative(f, epsilon) |> at id

    /// `fdiff` by central differences.
    let numfdiff (epsilon: float) (f: Tensor -> Tensor) =
        Diff.NumFDerivative(f, epsilon) |> at (fun r -> r.Value, r.Derivative)

    /// `diffn` by central differences.
    let numdiffn (epsilon: float) n (f: Tensor -> Tensor) =
        Diff.NumDerivativeN(n, f, epsilon) |> at id

    /// `fdiffn` by central differences.
    let numfdiffn (epsilon: float) n (f: Tensor -> Tensor) =
        Diff.NumFDerivativeN(n, f, epsilon) |> at (fun r -> r.Value, r.Derivative)

    /// `ffdiffn` by central differences.
    let numffdiffn (epsilon: float) n (f: Tensor -> Tensor) =
        Diff.NumDerivatives(n, f, epsilon) |> at id

    /// `diff2` by central differences.
    let numdiff2 (epsilon: float) f = numdiffn epsilon 2 f

    /// `fdiff2` by central differences.
    let numfdiff2 (epsilon: float) f = numfdiffn epsilon 2 f

    /// `ffdiff2` by central differences.
    let numffdiff2 (epsilon: float) f x =
        let orders = numffdiffn epsilon 2 f x
        orders[0], orders[1], orders[2]

    /// `gradv` by central differences.
    let numgradv (epsilon: float) (f: Tensor -> Tensor) = Diff.NumGradV(f, epsilon) |> along id

    /// `fgradv` by central differences.
    let numfgradv (epsilon: float) (f: Tensor -> Tensor) =
        Diff.NumFGradV(f, epsilon) |> along (fun r -> r.Value, r.Derivative)

    /// `hessianv` by central differences.
    let numhessianv (epsilon: float) (f: Tensor -> Tensor) =
        Diff.NumHessianV(f, epsilon) |> along id

    /// `fhessianv` by central differences.
    let numfhessianv (epsilon: float) (f: Tensor -> Tensor) =
        Diff.NumFHessianV(f, epsilon) |> along (fun r -> r.Value, r.Product)

    /// `gradhessianv` by central differences.
    let numgradhessianv (epsilon: float) (f: Tensor -> Tensor) =
        Diff.NumGradHessianV(f, epsilon) |> along (fun r -> r.GradientV, r.HessianV)

    /// `fgradhessianv` by central differences.
    let numfgradhessianv (epsilon: float) (f: Tensor -> Tensor) =
        Diff.NumFGradHessianV(f, epsilon) |> along (fun r -> r.Value, r.GradientV, r.HessianV)

    /// `jacobianv` by central differences.
    let numjacobianv (epsilon: float) (f: Tensor -> Tensor) =
        Diff.NumJacobianV(f, epsilon) |> along id

    /// `fjacobianv` by central differences.
    let numfjacobianv (epsilon: float) (f: Tensor -> Tensor) =
        Diff.NumFJacobianV(f, epsilon) |> along (fun r -> r.Value, r.Derivative)

    /// `jacobianTv` by central differences.
    let numjacobianTv (epsilon: float) (f: Tensor -> Tensor) =
        Diff.NumJacobianTv(f, epsilon) |> along id

    /// `fjacobianTv` by central differences.
    let numfjacobianTv (epsilon: float) (f: Tensor -> Tensor) =
        Diff.NumFJacobianTv(f, epsilon) |> along (fun r -> r.Value, r.Product)

/// Functions whose derivative is given instead of found.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module CustomGradient =

    type private Tensor = torch.Tensor

    /// A scalar function f, or a batched one, with its gradient.
    let ofGradient (gradient: Tensor -> Tensor) (f: Tensor -> Tensor) =
        CustomGradient.OfGradient(f, gradient).Invoke

    /// A function f with its products Jᵀv, given x and v.
    let ofProduct (jacobianTv: Tensor -> Tensor -> Tensor) (f: Tensor -> Tensor) =
        CustomGradient.OfProduct(f, jacobianTv).Invoke
