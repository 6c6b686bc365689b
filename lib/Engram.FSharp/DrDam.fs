namespace Engram

open TorchSharp

/// Distributed memory on random features, curried: the source's class `DrDAM`.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module DrDam =

    /// The source's own, with Y sine-cosine features of D dimensions; it owns its frequencies, so bind it with `use`.
    let create (inverseTemperature: float) (features: int64) (dimension: int64) (key: PrngKey) : DrDam =
        new DrDam(key, dimension, features, inverseTemperature)

    /// A distributed memory on any feature map.
    let ofFeatureMap (map: IFeatureMap) : DrDam = new DrDam(map)

    /// Φ of vectors [..., D]: [..., F].
    let features (dam: DrDam) (x: torch.Tensor) : torch.Tensor = dam.Features x

    /// The exact kernel of vectors [..., D]: [...].
    let similarity (dam: DrDam) (x: torch.Tensor) (y: torch.Tensor) : torch.Tensor = dam.Similarity(x, y)

    /// The approximate kernel ⟨Φ(x), Φ(y)⟩ of vectors [..., D]: [...].
    let approximateSimilarity (dam: DrDam) (x: torch.Tensor) (y: torch.Tensor) : torch.Tensor =
        dam.ApproximateSimilarity(x, y)

    /// T [F], the sum of the features of memories [K, D].
    let consolidate (dam: DrDam) (memories: torch.Tensor) : torch.Tensor = dam.Consolidate memories

    /// A memory with these memories [K, D], to which others can be added: see the module `DistributedMemory`.
    let remember (dam: DrDam) (memories: torch.Tensor) : DistributedMemory = dam.Remember memories

    /// The exact energy of memories [K, D], as a function to descend on.
    let exact (dam: DrDam) (memories: torch.Tensor) : IEnergy = dam.Exact memories

    /// The approximate energy of a distributed memory T [F], as a function to descend on.
    let approximate (dam: DrDam) (memory: torch.Tensor) : IEnergy = dam.Approximate memory

    /// As `approximate`, with the least kernel sum ε.
    let approximateClip (clip: float) (dam: DrDam) (memory: torch.Tensor) : IEnergy = dam.Approximate(memory, clip)

    /// The exact energy of states [..., D] given memories [K, D]: [...].
    let energy (dam: DrDam) (memories: torch.Tensor) (state: torch.Tensor) : torch.Tensor = dam.Energy(state, memories)

    /// The approximate energy of states [..., D] given T [F]: [...].
    let approximateEnergy (dam: DrDam) (memory: torch.Tensor) (state: torch.Tensor) : torch.Tensor =
        dam.ApproximateEnergy(state, memory)

    /// The source's settings: 1,000 steps of 0.1.
    let defaults: DescentSettings = {
        Descent.defaults with
            Steps = 1000
            StepSize = 0.1
    }

    /// Descent of states [..., D] on the exact energy of memories [K, D].
    let descend (dam: DrDam) (memories: torch.Tensor) (settings: DescentSettings) (state: torch.Tensor) : Descent =
        Descent.run (exact dam memories) state settings

    /// Descent of states [..., D] on the approximate energy of T [F].
    let approximateDescend
        (dam: DrDam)
        (memory: torch.Tensor)
        (settings: DescentSettings)
        (state: torch.Tensor)
        : Descent =
        Descent.run (approximate dam memory) state settings
