/// What must end in an exception and not in the end of the process, each tried in a process of its own
/// (`Lib.Tests --autodiff-bad-cases`), which prints a line for each and lives.
module Engram.Tests.Autodiff.BadCases

open System
open System.Runtime.InteropServices
open Engram
open Engram.Tests.Autodiff.Tensors
open TorchSharp

type private Case = {
    Name: string
    Wanted: Type
    Try: unit -> unit
}

let private throws<'error, 'result when 'error :> exn> name (attempt: unit -> 'result) = {
    Name = name
    Wanted = typeof<'error>
    Try = attempt >> ignore
}

let private square (x: Tensor) = x * x

let private squareSum = square >> sum

/// The tensor that exp's derivative needs, overwritten.
let private overwriting (x: Tensor) =
    let y = x.exp ()
    let z = y * y
    y.zero_ () |> ignore
    sum z

/// Runs its own graph backward, which frees it.
let private consuming (x: Tensor) =
    let y = squareSum x
    y.backward ()
    y

/// libtorch has no second derivative of it.
let private distances (x: Tensor) =
    torch.cdist(x, x * number 2.0, 1.0).sum()

let private disposed () =
    let x = numbers 1 [ 3 ]
    x.Dispose()
    x

let private disposing (x: Tensor) =
    let y = x + number 1.0
    y.Dispose()
    y

let private disposingArgument (x: Tensor) =
    let y = squareSum x
    x.Dispose()
    y

let private inference () =
    use _ = torch.inference_mode ()
    numbers 1 [ 3 ]

let private given (gradient: Tensor -> Tensor) =
    Diff.Grad(CustomGradient.OfGradient(squareSum, gradient))

let private nothing: Tensor = Unchecked.defaultof<Tensor>

let private inputs (x: unit -> Tensor) =
    let grad, hessian = Diff.Grad squareSum, Diff.Hessian squareSum

    [
        throws<ArgumentNullException, _> "no input" (fun () -> grad.Invoke nothing)
        throws<ArgumentException, _> "a disposed input" (fun () -> grad.Invoke(disposed ()))
        throws<ArgumentException, _> "an integer input" (fun () -> grad.Invoke(torch.ones (3L, dtype = torch.int64)))
        throws<ArgumentException, _> "a boolean input" (fun () -> hessian.Invoke(torch.ones (3L, dtype = torch.bool)))
        throws<ArgumentException, _> "a complex input" (fun () -> grad.Invoke(torch.ones (3L, dtype = torch.complex64)))
        throws<ArgumentException, _> "a half-precision input" (fun () ->
            grad.Invoke(torch.ones (3L, dtype = torch.half)))
        throws<ArgumentException, _> "a sparse input" (fun () -> Diff.Jacobian(square).Invoke(x().to_sparse()))
        throws<ArgumentException, _> "a vector for Derivative" (fun () -> Diff.Derivative(square).Invoke(x ()))
        throws<ArgumentException, _> "a plane for Curl" (fun () -> Diff.Curl(square).Invoke(numbers 1 [ 2 ]))
        throws<ArgumentException, _> "a sparse input of a twin" (fun () ->
            Diff.NumJacobian(square).Invoke(x().to_sparse()))
        throws<ExternalException, _> "an inference tensor captured by f" (fun () ->
            let captured = inference ()
            Diff.Grad(fun y -> sum (y * captured)).Invoke(x ()))
    ]

let private outputs (x: unit -> Tensor) =
    let grad (f: Tensor -> Tensor) = Diff.Grad(f).Invoke(x ())
    let jacobian (f: Tensor -> Tensor) = Diff.Jacobian(f).Invoke(x ())

    [
        throws<ArgumentException, _> "Grad of a vector" (fun () -> grad square)
        throws<ArgumentException, _> "Grad of shape [1]" (fun () -> grad (fun x -> x.sum().reshape 1L))
        throws<ArgumentException, _> "GradV of a vector" (fun () -> Diff.GradV(square).Invoke(x (), x ()))
        throws<ArgumentException, _> "Hessian of a vector" (fun () -> Diff.Hessian(square).Invoke(x ()))
        throws<ArgumentException, _> "HessianV of a vector" (fun () -> Diff.HessianV(square).Invoke(x (), x ()))
        throws<ArgumentException, _> "Laplacian of a vector" (fun () -> Diff.Laplacian(square).Invoke(x ()))
        throws<ArgumentException, _> "NumGrad of a vector" (fun () -> Diff.NumGrad(square).Invoke(x ()))
        throws<ArgumentException, _> "NumHessian of a vector" (fun () -> Diff.NumHessian(square).Invoke(x ()))
        throws<ArgumentException, _> "Divergence of a scalar" (fun () -> Diff.Divergence(squareSum).Invoke(x ()))
        throws<ArgumentException, _> "Curl to a plane" (fun () ->
            Diff.Curl(fun x -> x.narrow (0L, 0L, 2L)).Invoke(x ()))
        throws<ArgumentException, _> "null from f" (fun () -> grad (fun _ -> nothing))
        throws<ArgumentException, _> "a disposed tensor from f" (fun () -> jacobian disposing)
        throws<ArgumentException, _> "an integer tensor from f" (fun () -> jacobian (fun x -> x.``to`` torch.int64))
        throws<ArgumentException, _> "a boolean tensor from f" (fun () -> jacobian (fun x -> x.gt (number 0.0)))
        throws<ArgumentException, _> "a complex tensor from f" (fun () -> jacobian (fun x -> x.``to`` torch.complex128))
        throws<ArgumentException, _> "a sparse tensor from f" (fun () -> jacobian (fun x -> x.to_sparse ()))
        throws<ArgumentException, _> "f disposes its argument" (fun () -> grad disposingArgument)
    ]

let private vectors (x: unit -> Tensor) =
    let gradV v = Diff.GradV(squareSum).Invoke(x (), v)
    let jacobianV v = Diff.JacobianV(square).Invoke(x (), v)
    let jacobianTv v = Diff.JacobianTv(square).Invoke(x (), v)

    let hessianV v =
        Diff.HessianV(squareSum).Invoke(x (), v)

    [
        for name, product in
            [
                "GradV", gradV
                "JacobianV", jacobianV
                "JacobianTv", jacobianTv
                "HessianV", hessianV
            ] do
            throws<ArgumentNullException, _> $"no v for {name}" (fun () -> product nothing)
            throws<ArgumentException, _> $"v of another shape for {name}" (fun () -> product (numbers 1 [ 2 ]))
            throws<ArgumentException, _> $"v that would broadcast for {name}" (fun () -> product (numbers 1 [ 1; 3 ]))
            throws<ArgumentException, _> $"v of another dtype for {name}" (fun () -> product (x().``to`` torch.float32))
            throws<ArgumentException, _> $"v of integers for {name}" (fun () -> product (x().``to`` torch.int64))
            throws<ArgumentException, _> $"v on another device for {name}" (fun () -> product (x().``to`` torch.META))
            throws<ArgumentException, _> $"a disposed v for {name}" (fun () -> product (disposed ()))
    ]

let private graphs (x: unit -> Tensor) = [
    throws<InvalidOperationException, _> "f overwrites what its derivative needs" (fun () ->
        Diff.Grad(overwriting).Invoke(x ()))
    throws<InvalidOperationException, _> "the same inside another gradient" (fun () ->
        Diff.Grad(Diff.Grad overwriting).Invoke(scalar 1.0))
    throws<InvalidOperationException, _> "the same for each other way back" (fun () ->
        Diff.JacobianV(overwriting).Invoke(x (), x ()))
    throws<InvalidOperationException, _> "f runs its own graph backward" (fun () -> Diff.Grad(consuming).Invoke(x ()))
    throws<InvalidOperationException, _> "no second derivative in libtorch" (fun () ->
        Diff.Hessian(distances).Invoke(numbers 1 [ 2; 2 ]))
    throws<ExternalException, _> "f changes its argument in place" (fun () ->
        Diff.Grad(fun x -> x.mul_ (number 2.0) |> sum).Invoke(x ()))
    throws<ExternalException, _> "f changes a view of its argument" (fun () ->
        Diff
            .Grad(fun x ->
                (at 0 x).zero_() |> ignore
                sum x)
            .Invoke(x ()))
    throws<ExternalException, _> "f multiplies what does not fit" (fun () ->
        Diff.Grad(fun x -> x.mm x |> sum).Invoke(x ()))
    throws<TimeoutException, _> "f throws" (fun () -> Diff.Grad(fun _ -> raise (TimeoutException())).Invoke(x ()))
    throws<TimeoutException, _> "f throws inside another gradient" (fun () ->
        let f = Diff.Grad(fun _ -> raise (TimeoutException()))
        Diff.Grad(f.Invoke >> sum).Invoke(x ()))
]

let private givens (x: unit -> Tensor) = [
    throws<TimeoutException, _> "a given gradient throws" (fun () ->
        (given (fun _ -> raise (TimeoutException()))).Invoke(x ()))
    throws<TimeoutException, _> "the same inside another gradient" (fun () ->
        let inner = given (fun _ -> raise (TimeoutException()))
        Diff.Grad(inner.Invoke >> sum).Invoke(x ()))
    throws<ArgumentException, _> "a given gradient of another shape" (fun () ->
        (given (fun _ -> numbers 1 [ 2 ])).Invoke(x ()))
    throws<ArgumentException, _> "a given gradient of another dtype" (fun () ->
        (given (fun x -> x.``to`` torch.float32)).Invoke(x ()))
    throws<ArgumentNullException, _> "a given gradient that is null" (fun () -> (given (fun _ -> nothing)).Invoke(x ()))
    throws<ArgumentException, _> "a given gradient that is disposed" (fun () -> (given disposing).Invoke(x ()))
    throws<ArgumentException, _> "a function with a given gradient that returns integers" (fun () ->
        CustomGradient.OfGradient((fun x -> x.``to`` torch.int64), square).Invoke(x ()))
    throws<TimeoutException, _> "a function with a given gradient that throws" (fun () ->
        CustomGradient.OfGradient((fun _ -> raise (TimeoutException())), square).Invoke(x ()))
    throws<ArgumentException, _> "a gradient given for a matrix function" (fun () ->
        let f = CustomGradient.OfGradient(smooth 1 [ 2; 2 ], square)
        Diff.Jacobian(f).Invoke(x ()))
    throws<InvalidOperationException, _> "a given gradient that overwrites what the next one needs" (fun () ->
        let f =
            CustomGradient.OfGradient(squareSum, overwriting >> fun s -> s * torch.ones_like (x ()))

        Diff.Hessian(f).Invoke(x ()))
]

let private arguments = [
    throws<ArgumentNullException, _> "no function" (fun () -> Diff.Grad(Unchecked.defaultof<Func<Tensor, Tensor>>))
    throws<ArgumentNullException, _> "no gradient" (fun () ->
        CustomGradient.OfGradient(square, Unchecked.defaultof<Func<Tensor, Tensor>>))
    throws<ArgumentOutOfRangeException, _> "a negative order" (fun () -> Diff.DerivativeN(-1, square))
    throws<ArgumentOutOfRangeException, _> "a negative step" (fun () -> Diff.NumGrad(square, -1.0))
    throws<ArgumentOutOfRangeException, _> "a step that is no number" (fun () -> Diff.NumGrad(square, nan))
]

let private cases =
    let x () = numbers 2 [ 3 ]
    List.concat [ inputs x; outputs x; vectors x; graphs x; givens x; arguments ]

/// Whether this thread still differentiates as before.
let private sound () =
    torch.is_grad_enabled ()
    && not (torch.is_inference_mode_enabled ())
    && values (Diff.Grad(squareSum).Invoke(vector [ 3.0 ])) = [| 6.0 |]
    && not (Diff.Grad(squareSum).Invoke(vector [ 3.0 ])).requires_grad

let private verdict case =
    try
        case.Try()
        "BAD", "no exception"
    with error ->
        let right = error.GetType() = case.Wanted && sound ()
        (if right then "ok" else "BAD"), $"{error.GetType().Name}: {error.Message.Split('\n')[0]}"

let run () =
    Engram.TorchNatives.Load()

    for case in cases do
        use _ = torch.NewDisposeScope()
        let good, what = verdict case
        printfn $"{good}: {case.Name}: {what}"

    printfn $"alive after {cases.Length} cases"
    0

let count = cases.Length
