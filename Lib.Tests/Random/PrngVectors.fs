/// The vectors of prng-vectors.json: an independent implementation of JAX's random numbers.
module Engram.Tests.Random.PrngVectors

open System
open System.Globalization
open System.Reflection
open System.Text.Json
open Engram

type Draw = {
    Shape: int64[]
    Bits: int64[]
    Uniform: string[]
    Normal: string[]
}

type Seed = {
    Seed: int64
    Split2: uint32[][]
    Split10: uint32[][]
    Draws: Draw[]
    Randint: int64[]
    Permutation10: int64[]
    Permutation1000: int64[]
}

type Shuffled = {
    First10: int64[]
    Last5: int64[]
    Sum_i_times_p: int64
}

type Points = { X: string[]; Value: string[] }

let private root =
    let assembly = Assembly.GetExecutingAssembly()

    let name =
        assembly.GetManifestResourceNames() |> Array.find (fun name -> name.EndsWith "prng-vectors.json")

    use stream = assembly.GetManifestResourceStream name
    JsonDocument.Parse(stream).RootElement

let private options = JsonSerializerOptions(PropertyNameCaseInsensitive = true)
let private read<'T> (element: JsonElement) = element.Deserialize<'T> options
let private property (name: string) = root.GetProperty name

let private ofLayout<'T> (name: string) (layout: PrngLayout) =
    (property name).GetProperty(string layout) |> read<'T>

/// A seed and its key's two words.
let keys = read<int64[][]>(property "keys")

/// A seed, the data folded in, and the two words of the key that comes out; the same in both layouts.
let foldIn = read<int64[][]>(property "foldIn")

let seeds (layout: PrngLayout) = read<Seed[]>(property (string layout))
let choice784 = ofLayout<int64[]> "choice784"
let permutation5 = ofLayout<int64[]> "permutation5"
let permutation70000 = ofLayout<Shuffled> "permutation70000"
let erfinv = read<Points>(property "erfinv")

/// The float32 of eight hexadecimal digits.
let float32Of (hex: string) =
    BitConverter.UInt32BitsToSingle(UInt32.Parse(hex, NumberStyles.HexNumber))
