namespace Engram

open TorchSharp

/// Distributed memories, curried. A memory changes in place: `add` and `forget` answer the memory they changed.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module DistributedMemory =

    /// An empty memory.
    let create (featureMap: IFeatureMap) : DistributedMemory = new DistributedMemory(featureMap)

    /// Adds one memory [D] or many [M, D].
    let add (memories: torch.Tensor) (memory: DistributedMemory) : DistributedMemory =
        memory.Add memories
        memory

    /// Adds a stream of memories chunk by chunk.
    let addAll (chunks: torch.Tensor seq) (memory: DistributedMemory) : DistributedMemory =
        memory.AddAll chunks
        memory

    /// Forgets one memory [D] or many [M, D].
    let forget (memories: torch.Tensor) (memory: DistributedMemory) : DistributedMemory =
        memory.Forget memories
        memory

    /// A new memory that holds those of both.
    let merge (first: DistributedMemory) (second: DistributedMemory) : DistributedMemory =
        DistributedMemory.Merge(first, second)

    /// T as it is now, [F].
    let toTensor (memory: DistributedMemory) : torch.Tensor = memory.ToTensor()

    /// The energy of the memories as they are now.
    let toEnergy (memory: DistributedMemory) : IEnergy = memory.ToEnergy()

    /// Writes a memory to a file.
    let save (path: string) (memory: DistributedMemory) : unit = memory.Save path

    /// Reads a memory from a file.
    let load (path: string) : DistributedMemory = DistributedMemory.Load path
