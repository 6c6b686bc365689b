/// Derivatives across threads and tasks: what is nested stays nested, what is over is over, and an exception arrives
/// where it is waited for.
module Engram.Tests.Autodiff.ThreadTests

open System
open System.Threading
open System.Threading.Tasks
open Engram
open Engram.Tests.Autodiff.Tensors
open Expecto
open TorchSharp

/// The result of work on a thread of its own.
let private elsewhere (work: unit -> 'T) =
    let mutable result = Unchecked.defaultof<'T>
    let thread = Thread((fun () -> result <- work ()), IsBackground = true)
    thread.Start()
    thread.Join()
    result

/// The same in a task.
let private inTask (work: unit -> 'T) = (Task.Run<'T> work).Result

let private parameter () = (scalar 3.0).requires_grad_()

let private nested =
    test "a derivative taken in a thread or task of the function is nested in it" {
        // d/dx [x · d/dy (x y²) at y = 7] = d/dx 14x² = 28x; y itself needs no gradient.
        let f run (x: Tensor) =
            x * run (fun () -> Diff.Grad(fun y -> x * y * y).Invoke(scalar 7.0))

        for name, gradient in [ "thread", Diff.Grad(f elsewhere); "task", Diff.Grad(f inTask) ] do
            expectSame (gradient.Invoke(scalar 3.0)) (scalar 84.0) name

        let parallel' (x: Tensor) =
            let terms = Array.create 8 Unchecked.defaultof<Tensor>

            Parallel.For(0, 8, (fun i -> terms[i] <- Diff.Grad(fun y -> x * y * y).Invoke(scalar (float i))))
            |> ignore

            (torch.stack terms).sum()
        // Σ 2i x, so that the gradient is 2 · 28.
        expectSame (Diff.Grad(parallel').Invoke(scalar 3.0)) (scalar 56.0) "Parallel.For"
    }

let private outliving =
    test "a task that outlives the function is no longer nested" {
        let weight = parameter ()
        let inner = Diff.Grad(fun x -> weight * x * x)
        use over = new ManualResetEventSlim()
        let mutable within, after = None, null

        let f (x: Tensor) =
            within <- Some(inTask (fun () -> inner.Invoke(scalar 2.0).requires_grad))

            after <-
                Task.Run(fun () ->
                    over.Wait()
                    inner.Invoke(scalar 2.0).requires_grad)

            sum x

        Diff.Grad(f).Invoke(vector [ 1.0 ]) |> ignore
        over.Set()
        Expect.equal within (Some true) "while it runs"
        Expect.isFalse after.Result "after it"
    }

let private keeping =
    test "KeepGraph ends wherever and in whatever order it is disposed" {
        let weight = parameter ()
        let gradient = Diff.Grad(fun x -> weight * x * x)

        let kept () =
            gradient.Invoke(scalar 2.0).requires_grad

        let first = Diff.KeepGraph()
        let second = Diff.KeepGraph()
        Expect.isTrue (elsewhere kept) "in a thread started within"
        first.Dispose()
        first.Dispose()
        Expect.isTrue (kept ()) "the second still holds"
        elsewhere second.Dispose
        Expect.isFalse (kept ()) "ended from another thread"
        Expect.isFalse (inTask kept) "and for those started from here"

        let kept, later =
            (task {
                use _ = Diff.KeepGraph()
                do! Task.Yield()
                let kept = kept ()
                return kept, inTask (fun () -> ())
            })
                .Result

        Expect.isTrue kept "after an await"
        Expect.equal later () "done"
        Expect.isFalse (gradient.Invoke(scalar 2.0).requires_grad) "a task's is its own"
    }

let private throwing =
    CustomGradient.OfGradient(sum, (fun _ -> raise (TimeoutException())))

let private fine =
    CustomGradient.OfGradient(sum, (fun x -> torch.full_like (x, number 5.0)))

let private expectNoNumber (gradient: Tensor) =
    Expect.isTrue (Array.forall Double.IsNaN (values gradient)) "NaN"

let private failures =
    test "an exception of a given gradient reaches the thread that differentiates, and no other" {
        let x = numbers 1 [ 3 ]

        // Recorded in a task, differentiated here.
        Expect.throwsT<TimeoutException>
            (fun () -> Diff.Grad(fun x -> inTask (fun () -> throwing.Invoke x)).Invoke x |> ignore)
            "here"

        // Recorded here, run by libtorch's own backward elsewhere, which answers NaN.
        let y = x.clone().requires_grad_()
        elsewhere (throwing.Invoke y).backward
        expectNoNumber y.grad
        expectSame (elsewhere (fun () -> Diff.Grad(fine).Invoke x)) (vector [ 5.0; 5.0; 5.0 ]) "there"
        expectSame (Diff.Grad(fine).Invoke x) (vector [ 5.0; 5.0; 5.0 ]) "here"
    }

let private leftovers =
    test "a failure that libtorch's own backward swallowed is not thrown by the next derivative" {
        let y = (numbers 1 [ 3 ]).requires_grad_()
        (throwing.Invoke y).backward()
        expectNoNumber y.grad
        expectSame (Diff.Grad(fine).Invoke(numbers 1 [ 3 ])) (vector [ 5.0; 5.0; 5.0 ]) "the next"
    }

let private nestedFailure =
    test "an inner failure that the given gradient handles is over" {
        let handled (x: Tensor) =
            try
                Diff.Grad(throwing).Invoke x
            with :? TimeoutException ->
                torch.full_like (x, number 2.0)

        let given = CustomGradient.OfGradient(sum, handled)
        expectSame (Diff.Grad(given).Invoke(numbers 1 [ 3 ])) (vector [ 2.0; 2.0; 2.0 ]) "handled"
    }

[<Tests>]
let tests =
    testList "autodiff threads" [ nested; outliving; keeping; failures; leftovers; nestedFailure ]
