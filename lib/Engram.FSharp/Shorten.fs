/// DiffSharp's short names: after `open Engram.Shorten`, `Diff.hvp` is `Diff.hessianv`.
module Engram.Shorten

type private Tensor = TorchSharp.torch.Tensor

/// The derivatives by their initials.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Diff =

    /// `grad`.
    let g (f: Tensor -> Tensor) = Engram.Diff.grad f

    /// `fgrad`.
    let fg (f: Tensor -> Tensor) = Engram.Diff.fgrad f

    /// `gradv`.
    let gvp (f: Tensor -> Tensor) = Engram.Diff.gradv f

    /// `fgradv`.
    let fgvp (f: Tensor -> Tensor) = Engram.Diff.fgradv f

    /// `hessian`.
    let h (f: Tensor -> Tensor) = Engram.Diff.hessian f

    /// `fhessian`.
    let fh (f: Tensor -> Tensor) = Engram.Diff.fhessian f

    /// `hessianv`.
    let hvp (f: Tensor -> Tensor) = Engram.Diff.hessianv f

    /// `fhessianv`.
    let fhvp (f: Tensor -> Tensor) = Engram.Diff.fhessianv f

    /// `gradhessian`.
    let gh (f: Tensor -> Tensor) = Engram.Diff.gradhessian f

    /// `fgradhessian`.
    let fgh (f: Tensor -> Tensor) = Engram.Diff.fgradhessian f

    /// `gradhessianv`.
    let ghvp (f: Tensor -> Tensor) = Engram.Diff.gradhessianv f

    /// `fgradhessianv`.
    let fghvp (f: Tensor -> Tensor) = Engram.Diff.fgradhessianv f

    /// `jacobian`.
    let j (f: Tensor -> Tensor) = Engram.Diff.jacobian f

    /// `fjacobian`.
    let fj (f: Tensor -> Tensor) = Engram.Diff.fjacobian f

    /// `jacobianv`.
    let jvp (f: Tensor -> Tensor) = Engram.Diff.jacobianv f

    /// `fjacobianv`.
    let fjvp (f: Tensor -> Tensor) = Engram.Diff.fjacobianv f

    /// `jacobianTv`.
    let vjp (f: Tensor -> Tensor) = Engram.Diff.jacobianTv f

    /// `fjacobianTv`.
    let fvjp (f: Tensor -> Tensor) = Engram.Diff.fjacobianTv f
