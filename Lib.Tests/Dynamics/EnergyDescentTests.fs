module Engram.Tests.Dynamics.EnergyDescentTests

open System
open System.Threading
open Expecto
open TorchSharp
open Engram
open Engram.Tests.Similarity.Samples

let private energyOf c =
    LogSumExpEnergy(normal c.Seed [ c.K; c.D ], c.Beta)

let private queriesOf c = normal (c.Seed + 1) [ c.N; c.D ]

/// E = ½‖v − ξ‖²: a descent is v⁽ᵗ⁾ = ξ + (1 − α)ᵗ (q − ξ).
let private parabola (xi: torch.Tensor) = LogSumExpEnergy(xi.unsqueeze 0L, 1.0)

let private closedForm =
    testList "closed form" [
        property 30 "one memory: the state comes nearer by 1 − α a step" (fun c ->
            let xi, q = normal c.Seed [ c.D ], queriesOf c
            let steps, alpha = 20, 0.1

            let options =
                DescentOptions(Steps = steps, StepSize = alpha, RecordStates = 5L, RecordGradients = true)

            use descent = EnergyDescent.Run(parabola xi, q, options)

            let after (t: int) =
                xi + (q - xi) * torch.tensor ((1.0 - alpha) ** float t)

            let over times f =
                torch.stack ([| for t in times -> f t |])

            close 1e-12 descent.State (after steps) "final state"
            close 1e-12 descent.States (over [ 0; 5; 10; 15; 20 ] after) "states, the first among them"
            close 1e-12 descent.Gradients (over [ 0..19 ] (fun t -> after t - xi)) "gradients"

            let energy t =
                (after t - xi).square().sum(-1L) * torch.tensor 0.5

            close 1e-12 descent.Energies (over [ 0..19 ] energy) "the energy before each step"
            Expect.equal descent.Steps 20L "steps"
            Expect.isFalse descent.Converged "no tolerance was given")

        property 20 "a small step never raises the energy" (fun c ->
            let options = DescentOptions(Steps = 50, StepSize = 0.1)
            use descent = EnergyDescent.Run(energyOf c, queriesOf c, options)

            let changes =
                descent.Energies.narrow (0L, 1L, 49L) - descent.Energies.narrow (0L, 0L, 49L)

            Expect.isLessThanOrEqual (changes.max().item<float>()) 1e-12 "energy falls")

        property 20 "a batch of any shape is its states one by one" (fun c ->
            let energy = energyOf c
            let q = normal (c.Seed + 1) [ 2L; c.N; c.D ]
            let options = DescentOptions(Steps = 300, StepSize = 0.3, GradientTolerance = 1e-3)
            use batch = EnergyDescent.Run(energy, q, options)
            Expect.equal batch.Energies.shape [| batch.Steps; 2L; c.N |] "energies have the batch's shape"

            for i in 0L .. 1L do
                for j in 0L .. c.N - 1L do
                    use single = EnergyDescent.Run(energy, q[i, j], options)
                    Expect.equal single.State.shape [| c.D |] "one state"
                    close 1e-10 single.State batch.State[i, j] "the same end"
                    Expect.isLessThanOrEqual single.Steps batch.Steps "it ends with the slowest")
    ]

let private options =
    testList "options" [
        testCase "clamped coordinates stay, and their gradient is 0" (fun () ->
            let energy, q =
                energyOf {
                    Seed = 1
                    D = 4L
                    K = 3L
                    N = 2L
                    Beta = 1.0
                },
                normal 2 [ 2L; 4L ]

            let clamp = torch.tensor [| true; false; true; false |]

            let options =
                DescentOptions(Steps = 30, StepSize = 0.1, Clamp = clamp, RecordGradients = true)

            use descent = EnergyDescent.Run(energy, q, options)
            let column i (t: torch.Tensor) = t.select (-1L, i)

            for i in [ 0L; 2L ] do
                Expect.equal (floats (column i descent.State)) (floats (column i q)) "stays"
                Expect.isTrue (floats (column i descent.Gradients) |> Array.forall ((=) 0.0)) "0"

            for i in [ 1L; 3L ] do
                Expect.isGreaterThan (distance (column i descent.State) (column i q)) 1e-3 "moves"

            // A mask for each state.
            let each = torch.tensor([| true; false |]).reshape(2L, 1L)

            use descent =
                EnergyDescent.Run(energy, q, DescentOptions(Steps = 5, StepSize = 0.1, Clamp = each))

            Expect.equal (floats descent.State[0]) (floats q[0]) "the first stays"
            Expect.isGreaterThan (distance descent.State[1] q[1]) 1e-3 "the second moves")

        testCase "it stops on a small gradient" (fun () ->
            // ‖∇‖ = (1 − α)ᵗ ‖q − ξ‖ = .9ᵗ · 5 ≤ .01 first at t = 59; that step is not taken any more.
            let energy = parabola (torch.zeros (2L, dtype = torch.float64))

            let options =
                DescentOptions(StepSize = 0.1, GradientTolerance = 0.01, RecordGradients = true)

            use descent = EnergyDescent.Run(energy, torch.tensor [| 3.0; 4.0 |], options)
            Expect.isTrue descent.Converged "converged"
            Expect.equal descent.Steps 60L "60 gradients were looked at"
            Expect.equal descent.Energies.shape [| 60L |] "energies of these only"
            close 1e-12 descent.State (torch.tensor [| 3.0; 4.0 |] * torch.tensor (0.9 ** 59.0)) "59 steps were taken")

        testCase "nothing is recorded that was not asked for" (fun () ->
            use descent =
                EnergyDescent.Run(parabola (normal 1 [ 2L ]), normal 2 [ 2L ], DescentOptions(RecordEnergies = false))

            Expect.isNull descent.Energies "energies"
            Expect.isNull descent.States "states"
            Expect.isNull descent.Gradients "gradients")

        testCase "no steps: the state is where it was" (fun () ->
            let q = normal 2 [ 3L; 2L ]

            use descent =
                EnergyDescent.Run(parabola (normal 1 [ 2L ]), q, DescentOptions(Steps = 0, RecordStates = 1L))

            close 1e-15 descent.State q "state"
            Expect.equal descent.Energies.shape [| 0L; 3L |] "no energies"
            Expect.equal descent.States.shape [| 1L; 3L; 2L |] "the first state")

        testCase "the caller's state is not changed" (fun () ->
            let q = normal 2 [ 2L ]
            let before = floats q
            use _ = EnergyDescent.Run(parabola (normal 1 [ 2L ]), q)
            Expect.equal (floats q) before "as before")

        testCase "progress is told, and a token stops it" (fun () ->
            let energy, q = parabola (normal 1 [ 2L ]), normal 2 [ 2L ]
            let told = ResizeArray()
            use source = new CancellationTokenSource()

            let settings = {
                Descent.defaults with
                    Progress =
                        Some(fun p ->
                            told.Add p.Step

                            if p.Step = 30L then
                                source.Cancel())
                    Cancellation = source.Token
            }

            throws<OperationCanceledException> [] (fun () -> Descent.run energy q settings)
            Expect.sequenceEqual told [ 10L; 20L; 30L ] "every hundredth part")
    ]

let private energies =
    testList "energies" [
        property 10 "a user's function descends as the closed form" (fun c ->
            let xi, q = normal c.Seed [ c.K; c.D ], queriesOf c

            let own =
                Energy.ofFunction (fun v ->
                    let exponents =
                        (v.unsqueeze -2L - xi).square().sum(-1L) * torch.tensor (-c.Beta / 2.0)

                    exponents.logsumexp -1L / torch.tensor -c.Beta)

            let settings = {
                Descent.defaults with
                    Steps = 30
                    StepSize = 0.1
            }

            use mine = Descent.run own q settings
            use known = Descent.run (xi |> Energy.logSumExp c.Beta) q settings
            close 1e-10 mine.State known.State "state"
            close 1e-10 mine.Energies known.Energies "energies"
            close 1e-10 (q |> Descent.from own settings) known.State "from")

        testCase "float32 stays float32" (fun () ->
            use descent = EnergyDescent.Run(parabola (normal32 1 [ 2L ]), normal32 2 [ 5L; 2L ])
            Expect.equal descent.State.dtype torch.float32 "state"
            Expect.equal descent.Energies.dtype torch.float32 "energies")
    ]

let private doors =
    testCase "what does not fit is told at the door" (fun () ->
        let energy, q = parabola (normal 1 [ 2L ]), normal 2 [ 3L; 2L ]

        let run options () =
            EnergyDescent.Run(energy, q, options) |> box

        throws<ArgumentException> [ "Steps" ] (run (DescentOptions(Steps = -1)))
        throws<ArgumentException> [ "StepSize" ] (run (DescentOptions(StepSize = 0.0)))
        throws<ArgumentException> [ "StepSize" ] (run (DescentOptions(StepSize = nan)))
        throws<ArgumentException> [ "RecordStates" ] (run (DescentOptions(RecordStates = -1)))
        throws<ArgumentException> [ "GradientTolerance" ] (run (DescentOptions(GradientTolerance = -1.0)))
        throws<ArgumentException> [ "Clamp"; "Bool" ] (run (DescentOptions(Clamp = torch.zeros 2L)))

        throws<ArgumentException>
            [ "Clamp"; "[3]" ]
            (run (DescentOptions(Clamp = torch.tensor [| true; true; true |])))

        throws<ArgumentException> [ "state has shape [3]" ] (fun () -> EnergyDescent.Run(energy, normal 1 [ 3L ]))
        throws<ArgumentException> [ "NaN" ] (fun () -> EnergyDescent.Run(energy, torch.tensor [| nan; 1.0 |]))
        throws<ArithmeticException> [ "step size" ] (run (DescentOptions(StepSize = 1e3, Steps = 200))))

let private live () =
    DisposeScopeManager.Statistics.ThreadTotalLiveCount

let private leaks =
    testCase "a descent leaves only its result" (fun () ->
        let xi, q = normal32 1 [ 5L; 3L ], normal32 2 [ 4L; 3L ]
        let energies = [ xi |> Energy.logSumExp 2.0; Energy.ofFunction (fun v -> v.square().sum -1L) ]

        let options =
            DescentOptions(Steps = 10, RecordStates = 2L, RecordGradients = true, GradientTolerance = 1e-9)

        for energy in energies do
            let before = live ()

            for _ in 1..20 do
                use _ = EnergyDescent.Run(energy, q, options)
                ()

            Expect.equal (live ()) before "tensors alive")

[<Tests>]
let tests =
    testList "energy descent" [ closedForm; options; energies; doors; leaks ]
