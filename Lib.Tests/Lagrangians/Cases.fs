/// Every Lagrangian beside its formula in double arithmetic, one row of states at a time.
module Engram.Tests.Lagrangians.Cases

open System
open TorchSharp
open Engram

type Tensor = torch.Tensor

type Case = {
    Name: string
    /// States [..., D] to their terms, or to [...] where neurons compete.
    Lagrangian: Tensor -> Tensor
    Activation: Tensor -> Tensor
    /// The value for one row, by System.Math.
    Value: float[] -> float
    /// The activation of one row, by System.Math.
    Gradient: float[] -> float[]
    Competing: bool
}

let private elementwise name (lagrangian: Tensor -> Tensor) (activation: Tensor -> Tensor) value gradient = {
    Name = name
    Lagrangian = lagrangian
    Activation = activation
    Value = Array.sumBy value
    Gradient = Array.map gradient
    Competing = false
}

let private competing name (lagrangian: Tensor -> Tensor) (activation: Tensor -> Tensor) value gradient = {
    Name = name
    Lagrangian = lagrangian
    Activation = activation
    Value = value
    Gradient = gradient
    Competing = true
}

let private logSumExp (beta: float) (extra: float) (row: float[]) =
    let top = max 0.0 (beta * Array.max row)
    top + log (extra * exp -top + Array.sumBy (fun x -> exp (beta * x - top)) row)

let private softmax beta extra (row: float[]) =
    let total = logSumExp beta extra row
    row |> Array.map (fun x -> exp (beta * x - total))

let private root epsilon (row: float[]) =
    sqrt (Array.sumBy (fun x -> x * x) row + epsilon)

let private centred (row: float[]) =
    let mean = Array.average row
    row |> Array.map (fun x -> x - mean)

let private deviation epsilon (row: float[]) =
    sqrt (Array.averageBy (fun x -> x * x) (centred row) + epsilon)

let private logCosh (z: float) =
    abs z + Math.Log(0.5 + 0.5 * exp (-2.0 * abs z))

let private softplus (z: float) =
    max z 0.0 + Math.Log(1.0 + exp -(abs z))

let all = [
    elementwise "identity" Lagrangians.Identity Activations.Identity (fun x -> x * x / 2.0) id

    elementwise "relu" Lagrangians.Relu Activations.Relu (fun x -> (max x 0.0) ** 2.0 / 2.0) (max 0.0)

    for n in [ 1.5; 2.0; 3.0; 4.0 ] do
        elementwise
            $"repu {n}"
            (fun x -> Lagrangians.Repu(x, n))
            (fun x -> Activations.Repu(x, n))
            (fun x -> (max x 0.0) ** n / n)
            (fun x -> if x > 0.0 then x ** (n - 1.0) else 0.0)

    for beta in [ 0.5; 1.0; 2.5 ] do
        elementwise
            $"exp {beta}"
            (fun x -> Lagrangians.Exp(x, beta))
            (fun x -> Activations.Exp(x, beta))
            (fun x -> exp (beta * x) / beta)
            (fun x -> exp (beta * x))

        elementwise
            $"rexp {beta}"
            (fun x -> Lagrangians.Rexp(x, beta))
            (fun x -> Activations.Rexp(x, beta))
            (fun x -> exp (beta * max x 0.0) / beta - max x 0.0)
            (fun x -> exp (beta * max x 0.0) - 1.0)

        elementwise
            $"tanh {beta}"
            (fun x -> Lagrangians.Tanh(x, beta))
            (fun x -> Activations.Tanh(x, beta))
            (fun x -> logCosh (beta * x) / beta)
            (fun x -> tanh (beta * x))

        elementwise
            $"sigmoid {beta}, scale 3"
            (fun x -> Lagrangians.Sigmoid(x, beta, 3.0))
            (fun x -> Activations.Sigmoid(x, beta, 3.0))
            (fun x -> 3.0 / beta * softplus (beta * x))
            (fun x -> 3.0 / (1.0 + exp (-beta * x)))

        competing
            $"softmax {beta}"
            (fun x -> Lagrangians.Softmax(x, beta))
            (fun x -> Activations.Softmax(x, beta))
            (fun row -> logSumExp beta 0.0 row / beta)
            (softmax beta 0.0)

        competing
            $"ghostmax {beta}"
            (fun x -> Lagrangians.Ghostmax(x, beta))
            (fun x -> Activations.Ghostmax(x, beta))
            (fun row -> logSumExp beta 1.0 row / beta)
            (softmax beta 1.0)

    for gamma, delta in [ 1.0, 0.0; 2.0, -0.5 ] do
        let shifted = Array.sumBy (fun x -> delta * x)

        competing
            $"layernorm {gamma} {delta}"
            (fun x -> Lagrangians.LayerNorm(x, gamma, delta))
            (fun x -> Activations.LayerNorm(x, gamma, delta))
            (fun row -> float row.Length * gamma * deviation 1e-5 row + shifted row)
            (fun row -> centred row |> Array.map (fun x -> gamma * x / deviation 1e-5 row + delta))

        competing
            $"spherical norm {gamma} {delta}"
            (fun x -> Lagrangians.SphericalNorm(x, gamma, delta))
            (fun x -> Activations.SphericalNorm(x, gamma, delta))
            (fun row -> gamma * root 1e-5 row + shifted row)
            (fun row -> row |> Array.map (fun x -> gamma * x / root 1e-5 row + delta))
]

/// Those whose value stays finite in float32 at ±1e4.
let stable =
    all |> List.filter (fun case -> not (case.Name.StartsWith "exp" || case.Name.StartsWith "rexp"))

let tensor (dtype: torch.ScalarType) (rows: float[][]) : Tensor =
    torch.tensor(Array.concat rows, dtype = torch.ScalarType.Float64).reshape(int64 rows.Length, -1L).``to``(dtype)

let values (t: Tensor) : float[] =
    t.detach().cpu().contiguous().``to``(torch.ScalarType.Float64).data<float>().ToArray()

/// Runs a test in its own scope, which holds what the test makes.
let scoped test () =
    use _ = torch.NewDisposeScope()
    test ()
