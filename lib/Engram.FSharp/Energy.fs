namespace Engram

open System
open TorchSharp

/// Energies, curried.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Energy =

    /// An energy given by a function of states [..., D] that answers [...]; its gradient comes by autodiff.
    let ofFunction (f: torch.Tensor -> torch.Tensor) : IEnergy =
        Energy.Of(Func<torch.Tensor, torch.Tensor> f)

    /// The log-sum-exp energy of memories Ξ [K, D] at inverse temperature β.
    let logSumExp (inverseTemperature: float) (memories: torch.Tensor) : IEnergy =
        LogSumExpEnergy(memories, inverseTemperature)

    /// The kernel sum −Σκ of memories Ξ [K, D] at inverse temperature β.
    let kernelSum (inverseTemperature: float) (memories: torch.Tensor) : IEnergy =
        KernelSumEnergy(memories, inverseTemperature)

    /// The approximate log-sum-exp energy of a distributed memory T [F].
    let distributed (featureMap: IFeatureMap) (memory: torch.Tensor) : IEnergy = DistributedEnergy(featureMap, memory)

    /// As `distributed`, with the least kernel sum ε.
    let distributedClip (clip: float) (featureMap: IFeatureMap) (memory: torch.Tensor) : IEnergy =
        DistributedEnergy(featureMap, memory, clip)

    /// The approximate kernel sum −⟨Φ(v), T⟩ of a distributed memory T [F].
    let distributedKernelSum (featureMap: IFeatureMap) (memory: torch.Tensor) : IEnergy =
        DistributedKernelSumEnergy(featureMap, memory)

    /// E of states [..., D]: [...].
    let value (energy: IEnergy) (state: torch.Tensor) : torch.Tensor = energy.Value state

    /// ∂E/∂v of states [..., D].
    let gradient (energy: IEnergy) (state: torch.Tensor) : torch.Tensor =
        let at = energy.ValueAndGradient state
        at.Value.Dispose()
        at.Gradient

    /// E and ∂E/∂v of states [..., D].
    let valueAndGradient (energy: IEnergy) (state: torch.Tensor) : torch.Tensor * torch.Tensor =
        let at = energy.ValueAndGradient state
        at.Value, at.Gradient
