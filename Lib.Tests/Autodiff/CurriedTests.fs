/// The F# face: the module Diff beside the class Diff, both after `open Engram`.
module Engram.Tests.Autodiff.CurriedTests

open Engram
open Engram.Tests.Autodiff.Tensors
open Expecto
open TorchSharp

let private x = numbers 1 [ 3 ]
let private v = numbers 2 [ 3 ]
let private f: Tensor -> Tensor = smooth 3 []
let private g: Tensor -> Tensor = smooth 4 [ 3 ]

let private pipes =
    test "curried and piped, beside the class" {
        let square (x: Tensor) = x.square().sum()
        expectSame (x |> Diff.grad square) (x * number 2.0) "grad"
        expectSame (Diff.Grad(square).Invoke x) (Diff.grad square x) "the class"
        expectSame (x |> Diff.grad (Diff.grad square >> sum)) (vector [ 2.0; 2.0; 2.0 ]) "nested"
        expectSame (scalar 2.0 |> Diff.diffn 3 (fun x -> x.pow (number 5.0))) (scalar 240.0) "diffn"
        let given = square |> CustomGradient.ofGradient (fun x -> x * number 3.0)
        expectSame (x |> Diff.grad given) (x * number 3.0) "ofGradient"
        let given = sin |> CustomGradient.ofProduct (fun x v -> x.cos () * v)
        expectSame (x |> Diff.jacobian given) (Diff.jacobian sin x) "ofProduct"
    }

let private names =
    test "each name is the operator of that name" {
        let t = scalar 0.3

        let pairs: (string * (Tensor * Tensor)) list = [
            "fgrad", (Diff.fgrad f x |> snd, Diff.grad f x)
            "gradv", (Diff.gradv f x v, (Diff.grad f x).dot v)
            "fgradv", (Diff.fgradv f x v |> snd, Diff.gradv f x v)
            "hessian", (Diff.hessian f x, Diff.jacobian (Diff.grad f) x)
            "fhessian", (Diff.fhessian f x |> snd, Diff.hessian f x)
            "gradhessian", (Diff.gradhessian f x |> fst, Diff.grad f x)
            "fgradhessian", ((let _, _, h = Diff.fgradhessian f x in h), Diff.hessian f x)
            "hessianv", (Diff.hessianv f x v, (Diff.hessian f x).mv v)
            "fhessianv", (Diff.fhessianv f x v |> snd, Diff.hessianv f x v)
            "gradhessianv", (Diff.gradhessianv f x v |> fst, Diff.gradv f x v)
            "fgradhessianv", ((let _, _, h = Diff.fgradhessianv f x v in h), Diff.hessianv f x v)
            "fjacobian", (Diff.fjacobian g x |> snd, Diff.jacobian g x)
            "jacobianv", (Diff.jacobianv g x v, (Diff.jacobian g x).mv v)
            "fjacobianv", (Diff.fjacobianv g x v |> fst, g x)
            "jacobianTv", (Diff.jacobianTv g x v, (Diff.jacobian g x).t().mv v)
            "fjacobianTv", (Diff.fjacobianTv g x v |> snd, Diff.jacobianTv g x v)
            "laplacian", (Diff.laplacian f x, (Diff.hessian f x).trace())
            "flaplacian", (Diff.flaplacian f x |> snd, Diff.laplacian f x)
            "divergence", (Diff.divergence g x, (Diff.jacobian g x).trace())
            "fdivergence", (Diff.fdivergence g x |> fst, g x)
            "curl", (Diff.curl (Diff.grad f) x, vector [ 0.0; 0.0; 0.0 ])
            "fcurl", (Diff.fcurl g x |> snd, Diff.curl g x)
            "curldivergence", (Diff.curldivergence g x |> snd, Diff.divergence g x)
            "fcurldivergence", ((let _, c, _ = Diff.fcurldivergence g x in c), Diff.curl g x)
            "diff", (Diff.diff sin t, t.cos ())
            "fdiff", (Diff.fdiff sin t |> fst, t.sin ())
            "fdiffn", (Diff.fdiffn 2 sin t |> snd, -t.sin())
            "ffdiffn", ((Diff.ffdiffn 3 sin t)[3], -t.cos())
            "diff2", (Diff.diff2 sin t, -t.sin())
            "fdiff2", (Diff.fdiff2 sin t |> snd, -t.sin())
            "ffdiff2", ((let _, slope, _ = Diff.ffdiff2 sin t in slope), t.cos ())
        ]

        for name, (actual, wanted) in pairs do
            expectSame actual wanted name
    }

let private twins =
    test "each numeric name is the twin of that name" {
        let h, t = 1e-4, scalar 0.3

        let pairs: (string * (Tensor * Tensor)) list = [
            "numgrad", (Diff.numgrad h f x, Diff.grad f x)
            "numfgrad", (Diff.numfgrad h f x |> snd, Diff.grad f x)
            "numgradv", (Diff.numgradv h f x v, Diff.gradv f x v)
            "numfgradv", (Diff.numfgradv h f x v |> snd, Diff.gradv f x v)
            "numhessian", (Diff.numhessian h f x, Diff.hessian f x)
            "numfhessian", (Diff.numfhessian h f x |> snd, Diff.hessian f x)
            "numgradhessian", (Diff.numgradhessian h f x |> snd, Diff.hessian f x)
            "numfgradhessian", ((let _, g, _ = Diff.numfgradhessian h f x in g), Diff.grad f x)
            "numhessianv", (Diff.numhessianv h f x v, Diff.hessianv f x v)
            "numfhessianv", (Diff.numfhessianv h f x v |> snd, Diff.hessianv f x v)
            "numgradhessianv", (Diff.numgradhessianv h f x v |> snd, Diff.hessianv f x v)
            "numfgradhessianv", ((let y, _, _ = Diff.numfgradhessianv h f x v in y), f x)
            "numjacobian", (Diff.numjacobian h g x, Diff.jacobian g x)
            "numfjacobian", (Diff.numfjacobian h g x |> snd, Diff.jacobian g x)
            "numjacobianv", (Diff.numjacobianv h g x v, Diff.jacobianv g x v)
            "numfjacobianv", (Diff.numfjacobianv h g x v |> snd, Diff.jacobianv g x v)
            "numjacobianTv", (Diff.numjacobianTv h g x v, Diff.jacobianTv g x v)
            "numfjacobianTv", (Diff.numfjacobianTv h g x v |> snd, Diff.jacobianTv g x v)
            "numlaplacian", (Diff.numlaplacian h f x, Diff.laplacian f x)
            "numflaplacian", (Diff.numflaplacian h f x |> snd, Diff.laplacian f x)
            "numdivergence", (Diff.numdivergence h g x, Diff.divergence g x)
            "numfdivergence", (Diff.numfdivergence h g x |> snd, Diff.divergence g x)
            "numcurl", (Diff.numcurl h g x, Diff.curl g x)
            "numfcurl", (Diff.numfcurl h g x |> snd, Diff.curl g x)
            "numcurldivergence", (Diff.numcurldivergence h g x |> fst, Diff.curl g x)
            "numfcurldivergence", ((let _, _, d = Diff.numfcurldivergence h g x in d), Diff.divergence g x)
            "numdiff", (Diff.numdiff h sin t, t.cos ())
            "numfdiff", (Diff.numfdiff h sin t |> snd, t.cos ())
            "numdiffn", (Diff.numdiffn h 2 sin t, -t.sin())
            "numfdiffn", (Diff.numfdiffn h 2 sin t |> fst, t.sin ())
            "numffdiffn", ((Diff.numffdiffn h 2 sin t)[1], t.cos ())
            "numdiff2", (Diff.numdiff2 h sin t, -t.sin())
            "numfdiff2", (Diff.numfdiff2 h sin t |> snd, -t.sin())
            "numffdiff2", ((let _, _, bend = Diff.numffdiff2 h sin t in bend), -t.sin())
        ]

        for name, (actual, wanted) in pairs do
            expectNear 1e-5 actual wanted name
    }

/// After `open Engram.Shorten` the module has both kinds of names.
module private Short =
    open Engram.Shorten

    let pairs: (string * (Tensor * Tensor)) list = [
        "g", (Diff.g f x, Diff.grad f x)
        "fg", (Diff.fg f x |> snd, Diff.grad f x)
        "gvp", (Diff.gvp f x v, Diff.gradv f x v)
        "fgvp", (Diff.fgvp f x v |> snd, Diff.gradv f x v)
        "h", (Diff.h f x, Diff.hessian f x)
        "fh", (Diff.fh f x |> fst, f x)
        "hvp", (Diff.hvp f x v, Diff.hessianv f x v)
        "fhvp", (Diff.fhvp f x v |> snd, Diff.hessianv f x v)
        "gh", (Diff.gh f x |> snd, Diff.hessian f x)
        "fgh", ((let _, g, _ = Diff.fgh f x in g), Diff.grad f x)
        "ghvp", (Diff.ghvp f x v |> snd, Diff.hessianv f x v)
        "fghvp", ((let y, _, _ = Diff.fghvp f x v in y), f x)
        "j", (Diff.j g x, Diff.jacobian g x)
        "fj", (Diff.fj g x |> fst, g x)
        "jvp", (Diff.jvp g x v, Diff.jacobianv g x v)
        "fjvp", (Diff.fjvp g x v |> snd, Diff.jacobianv g x v)
        "vjp", (Diff.vjp g x v, Diff.jacobianTv g x v)
        "fvjp", (Diff.fvjp g x v |> snd, Diff.jacobianTv g x v)
    ]

let private initials =
    test "DiffSharp's short names are those of the long ones" {
        for name, (actual, wanted) in Short.pairs do
            expectSame actual wanted name
    }

[<Tests>]
let tests = testList "autodiff curried" [ pipes; names; twins; initials ]
