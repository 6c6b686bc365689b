module Engram.Tests.Autodiff.LifetimeTests

open System
open System.Diagnostics
open System.Threading
open Engram
open Engram.Tests.Autodiff.Tensors
open Expecto
open TorchSharp

let private badCases =
    test "no bad case ends the process" {
        let program = typeof<Tensors.Shape>.Assembly.Location

        let start =
            ProcessStartInfo("dotnet", RedirectStandardOutput = true, RedirectStandardError = true)

        start.ArgumentList.Add program
        start.ArgumentList.Add "--autodiff-bad-cases"
        use child = Process.Start start
        let errors = child.StandardError.ReadToEndAsync()
        let lines = child.StandardOutput.ReadToEnd().Trim().Split '\n'
        child.WaitForExit()

        let bad = lines |> Array.filter (fun line -> not (line.StartsWith "ok: "))
        Expect.equal bad [| $"alive after {BadCases.count} cases" |] $"all other lines are ok; {errors.Result}"
        Expect.equal lines.Length (BadCases.count + 1) "a line for each"
        Expect.equal child.ExitCode 0 "exit code"
    }

/// How many more tensors of this thread are alive after a computation.
let private survivors (compute: unit -> unit) =
    let live () =
        DisposeScopeManager.Statistics.ThreadTotalLiveCount

    let before = live ()
    compute ()
    live () - before

let private everyOperator: (string * (Tensor -> unit)) list =
    let f, g = smooth 1 [], smooth 2 [ 3 ]

    let custom =
        CustomGradient.OfGradient((fun x -> (x * x).sum()), (fun x -> x * number 2.0))

    let one (operator: Func<Tensor, Tensor>) x = operator.Invoke(x).Dispose()
    let two (operator: Func<Tensor, Tensor, Tensor>) x = operator.Invoke(x, x).Dispose()

    [
        "Grad", one (Diff.Grad f)
        "GradV", two (Diff.GradV f)
        "Grad of Grad", one (Diff.Grad(fun x -> Diff.Grad(f).Invoke(x).sum()))
        "Hessian", one (Diff.Hessian f)
        "HessianV", two (Diff.HessianV f)
        "Jacobian", one (Diff.Jacobian g)
        "JacobianV", two (Diff.JacobianV g)
        "JacobianTv", two (Diff.JacobianTv g)
        "Laplacian", one (Diff.Laplacian f)
        "Curl", one (Diff.Curl g)
        "Derivative", (fun x -> use s = x.sum () in one (Diff.DerivativeN(2, g)) s)
        "CustomGradient", one (Diff.Grad custom)
        "NumHessian", one (Diff.NumHessian f)
        "FGradHessian",
        (fun x ->
            let r = Diff.FGradHessian(f).Invoke x
            r.Value.Dispose()
            r.Gradient.Dispose()
            r.Hessian.Dispose())
        "an error", (fun x -> Expect.throws (fun () -> Diff.Grad(g).Invoke x |> ignore) "not a scalar")
    ]

let private leaks =
    test "no tensor outlives a call but its results" {
        for name, operator in everyOperator do
            use x = numbers 1 [ 3 ]
            operator x

            Expect.equal
                (survivors (fun () ->
                    for _ in 1..20 do
                        operator x))
                0L
                name
    }

let private thousand =
    test "a thousand gradients, and gradients of gradients, leave nothing" {
        use x = numbers 1 [ 3 ]
        let f = Diff.Grad(fun x -> Diff.Grad(fun y -> (y * y * x).sum()).Invoke(x).sum())

        Expect.equal
            (survivors (fun () ->
                for _ in 1..1000 do
                    (f.Invoke x).Dispose()))
            0L
            "tensors"
    }

let private scopes =
    test "in the caller's scope the results belong to it, and nothing else does" {
        use x = numbers 1 [ 3 ]
        use scope = torch.NewDisposeScope()
        let gradient = Diff.Grad(smooth 1 []).Invoke x
        Expect.equal scope.DisposablesCount 1 "one result"
        let r = Diff.FGradHessian(smooth 1 []).Invoke x
        Expect.equal scope.DisposablesCount 4 "three more"
        scope.Dispose()
        Expect.isTrue (List.forall (fun (t: Tensor) -> t.IsInvalid) [ gradient; r.Value; r.Gradient; r.Hessian ]) "gone"
        Expect.isFalse x.IsInvalid "the input is the caller's"
    }

let private captured =
    test "a captured tensor that f returns stays the caller's" {
        use c = scalar 4.0
        let r = Diff.FGrad(fun _ -> c).Invoke(numbers 1 [ 3 ])
        r.Value.Dispose()
        Expect.isFalse c.IsInvalid "alive"
        expectSame c (scalar 4.0) "and the same"
    }

let private within (mode: unit -> #IDisposable) compute =
    use _ = mode ()
    compute ()

let private modes =
    test "grad mode, inference mode and scopes are the caller's again" {
        let f = smooth 1 []
        let x = numbers 1 [ 3 ]
        let gradient = Diff.NumGrad(f).Invoke x

        let check name =
            let before = torch.is_grad_enabled (), torch.is_inference_mode_enabled ()
            expectNear 1e-8 (Diff.Grad(f).Invoke x) gradient name
            expectSame (Diff.HessianV(f).Invoke(x, x)) (Diff.Hessian(f).Invoke(x).mv x) name
            Expect.throws (fun () -> Diff.Grad(id).Invoke x |> ignore) "not a scalar"
            Expect.equal (torch.is_grad_enabled (), torch.is_inference_mode_enabled ()) before name

        check "as usual"
        within torch.no_grad (fun () -> check "no_grad")
        within torch.inference_mode (fun () -> check "inference mode")

        let switchingOff (x: Tensor) =
            let y = f x
            torch.set_grad_enabled false |> ignore
            y

        expectNear 1e-8 (Diff.Grad(switchingOff).Invoke x) gradient "f leaves gradients off"

        expectNear
            1e-8
            (Diff.JacobianV(switchingOff).Invoke(x, x))
            (gradient.dot x)
            "f leaves gradients off, and they are needed again"

        Expect.isTrue (torch.is_grad_enabled ()) "on again"

        let made = within torch.inference_mode (fun () -> numbers 1 [ 3 ])
        expectNear 1e-8 (Diff.Grad(f).Invoke made) gradient "an input made in inference mode"
    }

let private threads =
    test "threads do not disturb each other" {
        let f (x: Tensor) =
            Diff.Grad(fun y -> (y * y * x).sum()).Invoke(x).sum()
        // d/dx 2x² = 4x
        let gradient = Diff.Grad f
        let mutable wrong = 0

        let work (thread: int) =
            use off = if thread % 2 = 0 then torch.no_grad () else null

            for i in 1..50 do
                use _ = torch.NewDisposeScope()
                let x = float (thread * 100 + i)

                if values (gradient.Invoke(vector [ x ])) <> [| 4.0 * x |] then
                    Interlocked.Increment &wrong |> ignore

        let all = [ for thread in 1..4 -> Thread((fun () -> work thread), IsBackground = true) ]
        all |> List.iter (fun thread -> thread.Start())
        all |> List.iter (fun thread -> thread.Join())
        Expect.equal wrong 0 "wrong gradients"
    }

[<Tests>]
let tests =
    testList "autodiff lifetimes" [
        badCases
        testSequenced (testList "tensors" [ leaks; thousand; scopes; captured ])
        modes
        threads
    ]
