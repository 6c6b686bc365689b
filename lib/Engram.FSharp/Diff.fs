namespace Engram

open System
open TorchSharp

/// Derivatives under DiffSharp's own names, curried: `x |> Diff.grad f`. Each is the operator of the same name of
/// the class `Diff`, where shapes and errors are given; `f…` forms return tuples that begin with the value.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Diff =

    type private Tensor = torch.Tensor

    /// ∇f of a scalar-valued f.
    let grad (f: Tensor -> Tensor) =
        let g = Diff.Grad f in fun x -> g.Invoke x

    /// f(x) and ∇f.
    let fgrad (f: Tensor -> Tensor) =
        let g = Diff.FGrad f
        fun x -> let r = g.Invoke x in r.Value, r.Gradient
