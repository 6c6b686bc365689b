/// What the autodiff tests share: small float64 tensors, smooth functions, and how near is near.
module Engram.Tests.Autodiff.Tensors

open Expecto
open FsCheck
open FsCheck.FSharp
open TorchSharp

type Tensor = torch.Tensor

let private longs = List.map int64 >> Array.ofList

/// A number as TorchSharp's operators want it.
let number (value: float) : Scalar = value.ToScalar()

let scalar (value: float) = torch.tensor value

let vector (values: float list) = torch.tensor (Array.ofList values)

let reshape shape (x: Tensor) = x.reshape (longs shape)

/// Element i, as a tensor.
let at (i: int) (x: Tensor) = x[int64 i]

let sum (x: Tensor) = x.sum ()

let sin (x: Tensor) = x.sin ()

let exp (x: Tensor) = x.exp ()

let shape (x: Tensor) = List.ofArray x.shape

let values (x: Tensor) =
    if x.numel () = 0L then
        [||]
    else
        x.detach().``to``(torch.float64).contiguous().data<float>().ToArray()

/// Numbers in (-1, 1) without a pattern, the same for the same seed.
let numbers (seed: int) (shape: int list) =
    let count = List.fold (*) 1 shape |> float
    let i = torch.arange (number count, dtype = torch.float64)
    (i * number 1.7 + number (float seed)).sin() |> reshape shape

/// A smooth function from any shape to the given shape, each output of every input.
let smooth seed (outputs: int list) (x: Tensor) =
    let inputs = int (x.numel ())
    let rows = List.fold (*) 1 outputs

    let mix scale =
        numbers (seed + scale) [ rows; inputs ] / number (sqrt (float (max 1 inputs)))

    let x' = x.reshape -1L
    (mix 1).mv(x').sin() + (mix 2).mv(x' * x') |> reshape outputs

/// Same shape, and each element within the tolerance, absolute or relative.
let expectNear tolerance (actual: Tensor) (wanted: Tensor) what =
    Expect.equal (shape actual) (shape wanted) $"{what}: shape"

    for i, (a, w) in Seq.indexed (Seq.zip (values actual) (values wanted)) do
        Expect.isLessThanOrEqual (abs (a - w)) (tolerance * max 1.0 (abs w)) $"{what}: element {i}, {a} for {w}"

/// To rounding, in float64.
let expectSame actual wanted what = expectNear 1e-11 actual wanted what

/// Up to three dimensions of one to three elements.
type Shape = Shape of int list

type Arbitraries =
    static member Shape() =
        Gen.choose (0, 3)
        |> Gen.bind (fun rank -> Gen.listOfLength rank (Gen.choose (1, 3)))
        |> Gen.map Shape
        |> Arb.fromGen

/// A property over random shapes.
let property name test =
    let config = {
        FsCheckConfig.defaultConfig with
            maxTest = 20
            arbitrary = [ typeof<Arbitraries> ]
    }

    testPropertyWithConfig config name test
