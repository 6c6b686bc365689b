namespace Engram

open System
open System.Threading
open TorchSharp

/// How a network descends and what it records: `{ Network.defaults with Steps = 200 }`.
type NetworkDescentSettings = {
    /// T, the number of steps.
    Steps: int
    /// Δt: a step of a layer is -(Δt/τ) ∂E/∂x̂.
    StepSize: float
    /// The layers that stay as they are.
    ClampedLayers: string list
    /// The neurons that stay as they are: a layer and its boolean mask, true where clamped.
    ClampedNeurons: (string * torch.Tensor) list
    /// Whether to record the energy before each step.
    RecordEnergies: bool
    /// Record the states before the first step and after every so many; 0 records none.
    RecordStates: int
    /// Whether a loss of the result can be differentiated, to train through the descent.
    Differentiable: bool
    /// Told about every hundredth part of the steps.
    Progress: (DescentProgress -> unit) option
    /// Stops the descent between two steps.
    Cancellation: CancellationToken
}

/// Layers of neurons, curried.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module NeuronLayer =

    /// A layer from a function: `NeuronLayer.ofFunction [ 28L; 28L ] Lagrangians.relu`.
    let ofFunction (shape: int64 seq) (lagrangian: torch.Tensor -> torch.Tensor) : NeuronLayer =
        new NeuronLayer(Func<_, _> lagrangian, Array.ofSeq shape)

    /// A layer from a module, whose parameters become the layer's.
    let ofModule (shape: int64 seq) (lagrangian: torch.nn.Module<torch.Tensor, torch.Tensor>) : NeuronLayer =
        new NeuronLayer(lagrangian, Array.ofSeq shape)

/// Synapses from functions of activations [...batch, ...layer] to energies [...batch], curried.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Hypersynapse =

    /// On one layer.
    let one (energy: torch.Tensor -> torch.Tensor) : Hypersynapse = Hypersynapse.Of(Func<_, _> energy)

    /// Between two layers.
    let two (energy: torch.Tensor -> torch.Tensor -> torch.Tensor) : Hypersynapse =
        Hypersynapse.Of(Func<_, _, _>(fun first second -> energy first second))

    /// Between three layers.
    let three (energy: torch.Tensor -> torch.Tensor -> torch.Tensor -> torch.Tensor) : Hypersynapse =
        Hypersynapse.Of(Func<_, _, _, _>(fun first second third -> energy first second third))

    /// Over any number of layers.
    let many (energy: torch.Tensor list -> torch.Tensor) : Hypersynapse =
        Hypersynapse.OfMany(Func<_, _>(fun activations -> energy (List.ofArray activations)))

/// Hierarchical associative memories, curried. A memory changes in place: `layer` and `connect` answer the memory they
/// changed.
module Network =

    /// A memory without layers.
    let create () : HierarchicalMemory = new HierarchicalMemory()

    /// Adds a layer.
    let layer (name: string) (layer: NeuronLayer) (memory: HierarchicalMemory) : HierarchicalMemory =
        memory.AddLayer(name, layer)

    /// Connects layers by a synapse.
    let connect
        (name: string)
        (synapse: Hypersynapse)
        (layers: string seq)
        (memory: HierarchicalMemory)
        : HierarchicalMemory =
        memory.Connect(name, synapse, Array.ofSeq layers)

    /// 100 steps of 0.1, energies recorded.
    let defaults: NetworkDescentSettings =
        let options = NetworkDescentOptions()

        {
            Steps = int options.Steps
            StepSize = options.StepSize
            ClampedLayers = []
            ClampedNeurons = []
            RecordEnergies = options.RecordEnergies
            RecordStates = int options.RecordStates
            Differentiable = options.Differentiable
            Progress = None
            Cancellation = CancellationToken.None
        }

    // Progress<T> posts to a thread pool; a lambda is told at once, in order.
    let private progress (tell: DescentProgress -> unit) = {
        new IProgress<DescentProgress> with
            member _.Report value = tell value
    }

    let private options (settings: NetworkDescentSettings) =
        NetworkDescentOptions(
            Steps = settings.Steps,
            StepSize = settings.StepSize,
            ClampedLayers = settings.ClampedLayers,
            ClampedNeurons = dict settings.ClampedNeurons,
            RecordEnergies = settings.RecordEnergies,
            RecordStates = settings.RecordStates,
            Differentiable = settings.Differentiable,
            Progress = (settings.Progress |> Option.map progress |> Option.toObj)
        )

    /// Lets the states descend: `memory |> Network.descend state { Network.defaults with Steps = 200 }`.
    let descend (state: NetworkState) (settings: NetworkDescentSettings) (memory: HierarchicalMemory) : NetworkDescent =
        memory.Descend(state, options settings, settings.Cancellation)

    /// States with one layer's replaced: `memory.InitialState() |> Network.set "picture" damaged`.
    let set (layer: string) (tensor: torch.Tensor) (state: NetworkState) : NetworkState = state.With(layer, tensor)

    /// The total energy, [...batch].
    let energy (state: NetworkState) (memory: HierarchicalMemory) : torch.Tensor = memory.Energy state

    /// The activation of every layer.
    let activations (state: NetworkState) (memory: HierarchicalMemory) : NetworkState = memory.Activations state

    /// ∂E/∂x̂ of every layer.
    let gradient (state: NetworkState) (memory: HierarchicalMemory) : NetworkState = memory.EnergyGradient state
