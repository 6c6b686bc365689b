namespace Engram

open TorchSharp

/// Differentiable memory, curried.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module KeyValueMemory =

    /// Fits a memory to queries [n, m] and values [n, d]:
    /// `KeyValueMemory.fit (KeyValueMemoryOptions(Prototypes = 64)) q x`.
    let fit (options: KeyValueMemoryOptions) (queries: torch.Tensor) (values: torch.Tensor) : KeyValueFit =
        KeyValueMemory.Fit(queries, values, options)

    /// How much each prototype has a say for queries [m] or [..., m].
    let attention (memory: KeyValueMemory) (queries: torch.Tensor) : torch.Tensor = memory.Attention queries

    /// The values for queries [m] or [..., m].
    let predict (memory: KeyValueMemory) (queries: torch.Tensor) : torch.Tensor = memory.Predict queries

    /// The root of the mean squared error over all rows and components.
    let rmse (memory: KeyValueMemory) (queries: torch.Tensor) (values: torch.Tensor) : float =
        memory.Rmse(queries, values)

    /// Writes a memory to a file.
    let save (path: string) (memory: KeyValueMemory) : unit = memory.Save path

    /// Reads a memory from a file.
    let load (path: string) : KeyValueMemory = KeyValueMemory.Load path
