namespace Engram

open System
open System.Threading
open TorchSharp

/// How an energy descent runs and what it records: `{ Descent.defaults with Steps = 1000 }`.
type DescentSettings = {
    /// T, the number of steps.
    Steps: int
    /// α, the size of a step.
    StepSize: float
    /// The coordinates that stay as they are: a boolean mask, true where clamped.
    Clamp: torch.Tensor option
    /// Whether to record the energy before each step.
    RecordEnergies: bool
    /// Record the state before the first step and after every so many; 0 records none.
    RecordStates: int
    /// Whether to record the gradient of each step.
    RecordGradients: bool
    /// A state rests from where the length of its gradient is no more than this.
    GradientTolerance: float
    /// Told about every hundredth part of the steps.
    Progress: (DescentProgress -> unit) option
    /// Stops the descent between two steps.
    Cancellation: CancellationToken
}

/// Energy descent, curried.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Descent =

    /// 1,000 steps of 0.01, energies recorded.
    let defaults: DescentSettings =
        let options = DescentOptions()

        {
            Steps = int options.Steps
            StepSize = options.StepSize
            Clamp = None
            RecordEnergies = options.RecordEnergies
            RecordStates = int options.RecordStates
            RecordGradients = options.RecordGradients
            GradientTolerance = options.GradientTolerance
            Progress = None
            Cancellation = CancellationToken.None
        }

    // Progress<T> posts to a thread pool; a lambda is told at once, in order.
    let private progress (tell: DescentProgress -> unit) = {
        new IProgress<DescentProgress> with
            member _.Report value = tell value
    }

    let private options (settings: DescentSettings) =
        DescentOptions(
            Steps = settings.Steps,
            StepSize = settings.StepSize,
            Clamp = Option.toObj settings.Clamp,
            RecordEnergies = settings.RecordEnergies,
            RecordStates = settings.RecordStates,
            RecordGradients = settings.RecordGradients,
            GradientTolerance = settings.GradientTolerance,
            Progress = (settings.Progress |> Option.map progress |> Option.toObj)
        )

    /// Lets states [..., D] descend on an energy: `Descent.run energy q { Descent.defaults with Steps = 1000 }`.
    let run (energy: IEnergy) (state: torch.Tensor) (settings: DescentSettings) : Descent =
        EnergyDescent.Run(energy, state, options settings, settings.Cancellation)

    /// The final states only, pipeable: `q |> Descent.from energy Descent.defaults`.
    let from (energy: IEnergy) (settings: DescentSettings) (state: torch.Tensor) : torch.Tensor =
        (run energy state {
            settings with
                RecordEnergies = false
                RecordStates = 0
                RecordGradients = false
        })
            .State
