/// Random tensors and comparisons that the tests of similarity, energies, descent and memories share.
module Engram.Tests.Similarity.Samples

open Expecto
open FsCheck
open FsCheck.FSharp
open TorchSharp
open Engram

/// All numbers of a tensor, as float64.
let floats (tensor: torch.Tensor) =
    tensor.detach().to_type(torch.float64).cpu().contiguous().data<float>().ToArray()

/// Standard normal float64 numbers, a function of the seed.
let normal (seed: int) (shape: int64 list) =
    PrngKey.Create(int64 seed).Normal(Array.ofList shape).to_type(torch.float64)

/// As `normal`, float32.
let normal32 (seed: int) (shape: int64 list) =
    PrngKey.Create(int64 seed).Normal(Array.ofList shape)

/// The largest difference, relative to the largest number (or to 1).
let distance (a: torch.Tensor) (b: torch.Tensor) =
    if a.shape <> b.shape then
        failtest $"shapes differ: %A{a.shape} and %A{b.shape}"

    let x, y = floats a, floats b
    let size = Array.fold (fun m v -> max m (abs v)) 1.0 y

    Array.fold2 (fun m u v -> max m (if abs (u - v) >= 0.0 then abs (u - v) else infinity)) 0.0 x y
    / size

let close tolerance (actual: torch.Tensor) (expected: torch.Tensor) what =
    Expect.isLessThan (distance actual expected) tolerance what

/// Gradient of an energy by central differences, float64.
let numeric (energy: IEnergy) (state: torch.Tensor) =
    let h = 1e-5
    let d = state.shape[state.shape.Length - 1]

    [
        for i in 0L .. d - 1L do
            let shift = torch.zeros (d, dtype = torch.float64)
            shift[i] <- torch.tensor h
            (energy.Value(state + shift) - energy.Value(state - shift)) / torch.tensor (2.0 * h)
    ]
    |> fun columns -> torch.stack (List.toArray columns, -1L)

/// A closed form held to autodiff and to differences.
let holdsGradient (energy: IEnergy) (state: torch.Tensor) what =
    let at = energy.ValueAndGradient state
    let auto = RowGradient.Of((fun v -> energy.Value v), state)
    close 1e-12 at.Value (energy.Value state) $"{what}: value"
    close 1e-10 at.Gradient auto.Gradient $"{what}: gradient by autodiff"
    close 1e-6 at.Gradient (numeric energy state) $"{what}: gradient by differences"

/// Sizes and a seed.
type Case = {
    Seed: int
    D: int64
    K: int64
    N: int64
    Beta: float
}

let private cases =
    gen {
        let! seed = Gen.choose (0, 1_000_000)
        let! d = Gen.choose (1, 7)
        let! k = Gen.choose (1, 6)
        let! n = Gen.choose (1, 5)
        let! beta = Gen.elements [ 0.1; 1.0; 4.0 ]

        return {
            Seed = seed
            D = int64 d
            K = int64 k
            N = int64 n
            Beta = beta
        }
    }

/// A property over random sizes, with the number of cases that a test is worth.
let property count name (check: Case -> unit) =
    testPropertyWithConfig
        {
            FsCheckConfig.defaultConfig with
                maxTest = count
        }
        name
        (Prop.forAll (Arb.fromGen cases) check)

/// The four maps on given frequencies and biases.
let mapsOn (omega: torch.Tensor) (biases: torch.Tensor) beta : (string * RandomFeatures) list = [
    "sin-cos", SinCosFeatures(omega, beta)
    "cos", CosFeatures(omega, biases, beta)
    "positive exp", PositiveExpFeatures(omega, beta)
    "symmetric exp", SymmetricExpFeatures(omega, beta)
]

/// The four maps on float64 frequencies, a function of the seed.
let maps seed features dimension beta =
    let biases = Frequencies.Biases(PrngKey.Create(int64 seed + 1L), features)
    mapsOn (normal seed [ features; dimension ]) (biases.to_type torch.float64) beta

/// That something throws, and that the message holds these parts.
let throws<'e when 'e :> exn> (parts: string list) (act: unit -> obj) =
    let thrown =
        try
            act () |> ignore
            None
        with e ->
            Some e

    match thrown with
    | Some(:? 'e as e) ->
        for part in parts do
            Expect.stringContains e.Message part "the message"
    | Some e -> failtest $"{typeof<'e>.Name} was expected; {e.GetType().Name} came: {e.Message}"
    | None -> failtest $"{typeof<'e>.Name} was expected; nothing was thrown"
