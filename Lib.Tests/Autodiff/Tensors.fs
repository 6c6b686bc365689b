/// What the autodiff tests share: small float64 tensors and how near is near.
module Engram.Tests.Autodiff.Tensors

open Expecto
open TorchSharp

type Tensor = torch.Tensor

let scalar (value: float) = torch.tensor value

let vector (values: float list) = torch.tensor (Array.ofList values)

let reshape (shape: int list) (x: Tensor) =
    x.reshape (List.map int64 shape |> Array.ofList)

/// Element i, as a tensor.
let at (i: int) (x: Tensor) = x[int64 i]

let sum (x: Tensor) = x.sum ()

let values (x: Tensor) =
    x.detach().``to``(torch.float64).cpu().contiguous().data<float>().ToArray()

let shape (x: Tensor) = List.ofArray x.shape

/// Same shape, and each element within `tolerance`, absolute or relative.
let expectNear tolerance (actual: Tensor) (wanted: Tensor) what =
    Expect.equal (shape actual) (shape wanted) $"{what}: shape"

    for i, (a, w) in Seq.indexed (Seq.zip (values actual) (values wanted)) do
        let far = abs (a - w) / max 1.0 (abs w)
        Expect.isTrue (far <= tolerance) $"{what}: element {i} is {a}, wanted {w}"

/// To rounding, in float64.
let expectSame actual wanted what = expectNear 1e-11 actual wanted what
