namespace Engram

open TorchSharp

/// JAX's random numbers, curried: `Prng.key 779L |> Prng.normal [ 8L; 2L ]`.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Prng =

    /// The key of a seed, as JAX draws since 0.5.
    let key (seed: int64) : PrngKey = PrngKey.Create seed

    /// The key of a seed, as JAX drew before 0.5.
    let legacyKey (seed: int64) : PrngKey = PrngKey.Create(seed, PrngLayout.Legacy)

    /// Independent keys.
    let split (count: int) (key: PrngKey) : PrngKey[] = key.Split count

    /// The key for a number, such as a step's.
    let foldIn (data: int) (key: PrngKey) : PrngKey = key.FoldIn data

    /// Uniform float32 in [0, 1); the empty shape is a scalar.
    let uniform (shape: int64 list) (key: PrngKey) : torch.Tensor = key.Uniform(List.toArray shape)

    /// Uniform float32 in [low, high).
    let uniformIn (low: float) (high: float) (shape: int64 list) (key: PrngKey) : torch.Tensor =
        key.Uniform(List.toArray shape, low, high)

    /// Uniform 32-bit words, int64.
    let bits (shape: int64 list) (key: PrngKey) : torch.Tensor = key.Bits(List.toArray shape)

    /// Standard normal float32.
    let normal (shape: int64 list) (key: PrngKey) : torch.Tensor = key.Normal(List.toArray shape)

    /// Whole numbers in [low, high), int64.
    let randint (shape: int64 list) (low: int64) (high: int64) (key: PrngKey) : torch.Tensor =
        key.RandInt(List.toArray shape, low, high)

    /// A random order of 0 … n-1, int64.
    let permutation (n: int64) (key: PrngKey) : torch.Tensor = key.Permutation n

    /// The rows of a tensor in a random order.
    let shuffle (x: torch.Tensor) (key: PrngKey) : torch.Tensor = key.Permutation x

    /// Some of 0 … n-1, each at most once, int64.
    let choice (n: int64) (count: int64) (key: PrngKey) : torch.Tensor = key.Choice(n, count)

    /// Some rows of a tensor, each at most once.
    let rows (count: int64) (x: torch.Tensor) (key: PrngKey) : torch.Tensor = key.Choice(x, count)
