/// The formulas of the differentiable memory as its text has them, and what tests of it share.
module Engram.Tests.Memories.KeyValueFormulas

open Expecto
open TorchSharp
open Engram

let f64 = torch.ScalarType.Float64

let normal key (shape: int64[]) =
    (PrngKey.Create(key: int64)).Normal(shape).``to`` f64

let scalar (t: torch.Tensor) = t.``to``(f64).item<float>()

let times (factor: float) (t: torch.Tensor) = t.mul (factor.ToScalar())

let apart (a: torch.Tensor) (b: torch.Tensor) = using ((a - b).abs().max()) scalar

let close (a: torch.Tensor) (b: torch.Tensor) tolerance what =
    Expect.equal a.shape b.shape $"{what}: shape"
    Expect.isLessThan (apart a b) tolerance what

/// The text's functions, word for word.
let similarities (similarity: KeySimilarity) beta (q: torch.Tensor) (k: torch.Tensor) =
    match similarity with
    | KeySimilarity.DotProduct -> q.mm k.T |> times beta
    | _ -> torch.cdist(q, k).square() |> times (-0.5 * beta)

let attention similarity beta q k =
    torch.softmax (similarities similarity beta q k, 1)

let loss similarity beta q (x: torch.Tensor) (v: torch.Tensor) (k: torch.Tensor) =
    (x - (attention similarity beta q k).mm v).square().sum() |> times 0.5

let ridgeSolution (a: torch.Tensor) (x: torch.Tensor) ridge =
    let n = a.shape[1]
    let gram = a.T.mm a + (torch.eye (n, dtype = a.dtype) |> times ridge)
    torch.linalg.inv(gram).mm(a.T.mm x)
