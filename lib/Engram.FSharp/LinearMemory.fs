namespace Engram

open TorchSharp

/// Kohonen's linear memory, curried. Keys and values are columns. A memory changes in place: `add` answers it.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module LinearMemory =

    /// Fits values [d_v, n] to keys [d_k, n].
    let fit (keys: torch.Tensor) (values: torch.Tensor) : LinearMemory = LinearMemory.Fit(keys, values)

    /// Fits with ridge λ.
    let fitRidge (ridge: float) (keys: torch.Tensor) (values: torch.Tensor) : LinearMemory =
        LinearMemory.Fit(keys, values, LinearMemoryOptions(Ridge = ridge))

    /// Fits keys to themselves.
    let fitAuto (keys: torch.Tensor) : LinearMemory = LinearMemory.FitAuto keys

    /// Stores one more pair, [d_k] and [d_v].
    let add (key: torch.Tensor) (value: torch.Tensor) (memory: LinearMemory) : LinearMemory =
        memory.Add(key, value)
        memory

    /// The values for keys [d_k] or [..., d_k, m].
    let recall (memory: LinearMemory) (keys: torch.Tensor) : torch.Tensor = memory.Recall keys

/// Linear memory and its rivals, curried.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module AssociativeRecall =

    /// The values for queries [d_k, m], recalled by a rule at β = 1.
    let by (rule: RecallRule) (keys: torch.Tensor) (values: torch.Tensor) (queries: torch.Tensor) : torch.Tensor =
        AssociativeRecall.Recall(rule, keys, values, queries)
