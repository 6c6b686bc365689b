namespace Engram

open TorchSharp

/// Random frequencies, curried.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Frequencies =

    /// Y independent standard normal frequencies of size D.
    let gaussian (features: int64) (dimension: int64) (key: PrngKey) : torch.Tensor =
        Frequencies.Gaussian(key, features, dimension)

    /// Y frequencies of size D, orthogonal in blocks.
    let orthogonal (features: int64) (dimension: int64) (key: PrngKey) : torch.Tensor =
        Frequencies.Orthogonal(key, features, dimension)

    /// Y biases in [0, 2π) for `FeatureMap.cos`.
    let biases (features: int64) (key: PrngKey) : torch.Tensor = Frequencies.Biases(key, features)

/// Feature maps of the RBF kernel, curried: `frequencies |> FeatureMap.sinCos 25.0`.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module FeatureMap =

    /// Sine and cosine at inverse temperature β, F = 2Y.
    let sinCos (inverseTemperature: float) (frequencies: torch.Tensor) : IFeatureMap =
        SinCosFeatures(frequencies, inverseTemperature)

    /// Cosine with biases [Y] at inverse temperature β, F = Y.
    let cos (inverseTemperature: float) (biases: torch.Tensor) (frequencies: torch.Tensor) : IFeatureMap =
        CosFeatures(frequencies, biases, inverseTemperature)

    /// Positive exponentials at inverse temperature β, F = Y.
    let positiveExp (inverseTemperature: float) (frequencies: torch.Tensor) : IFeatureMap =
        PositiveExpFeatures(frequencies, inverseTemperature)

    /// Symmetric exponentials at inverse temperature β, F = 2Y.
    let symmetricExp (inverseTemperature: float) (frequencies: torch.Tensor) : IFeatureMap =
        SymmetricExpFeatures(frequencies, inverseTemperature)

    /// Φ(x) of vectors [..., D]: [..., F].
    let apply (map: IFeatureMap) (x: torch.Tensor) : torch.Tensor = map.Map x

    /// ⟨Φ(x), w⟩ of vectors [..., D]: [...].
    let dot (map: IFeatureMap) (weights: torch.Tensor) (x: torch.Tensor) : torch.Tensor = map.Dot(x, weights)

    /// Σ Φ(x) over vectors [..., D]: T, [F].
    let sum (map: IFeatureMap) (x: torch.Tensor) : torch.Tensor = map.Sum x

/// The RBF kernel, curried.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module RbfKernel =

    /// κ(√β x, √β y) of vectors [..., D].
    let value (inverseTemperature: float) (x: torch.Tensor) (y: torch.Tensor) : torch.Tensor =
        RbfKernel.Value(x, y, inverseTemperature)

    /// κ of every row of x [N, D] with every row of y [M, D]: [N, M].
    let matrix (inverseTemperature: float) (x: torch.Tensor) (y: torch.Tensor) : torch.Tensor =
        RbfKernel.Matrix(x, y, inverseTemperature)
