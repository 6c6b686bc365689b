module Engram.Tests.Energies.EnergyTests

open System
open Expecto
open TorchSharp
open Engram
open Engram.Tests.Similarity.Samples

let private memoriesOf c = normal c.Seed [ c.K; c.D ]
let private statesOf c = normal (c.Seed + 1) [ c.N; c.D ]

let private exact =
    testList "exact" [
        property 50 "one memory: E = ½‖v−ξ‖², whatever β" (fun c ->
            let xi, v = normal c.Seed [ 1L; c.D ], statesOf c
            let energy = LogSumExpEnergy(xi, c.Beta)
            let at = energy.ValueAndGradient v
            close 1e-12 at.Value ((v - xi).square().sum(-1L) * torch.tensor 0.5) "energy"
            close 1e-12 at.Gradient (v - xi) "gradient")

        property 50 "log-sum-exp is the logarithm of the kernel sum" (fun c ->
            let xi, v = memoriesOf c, statesOf c
            let kernels = (RbfKernel.Matrix(v, xi, c.Beta)).sum -1L
            close 1e-11 (LogSumExpEnergy(xi, c.Beta).Value v) (kernels.log () / torch.tensor -c.Beta) "−1/β log Σκ"
            close 1e-12 (KernelSumEnergy(xi, c.Beta).Value v) (-kernels) "−Σκ")

        property 50 "closed forms are the gradients" (fun c ->
            let xi, v = memoriesOf c, statesOf c
            holdsGradient (LogSumExpEnergy(xi, c.Beta)) v "log-sum-exp"
            holdsGradient (KernelSumEnergy(xi, c.Beta)) v "kernel sum")

        property 5 "also by products, where there are many memories" (fun c ->
            let xi, v = normal c.Seed [ 1200L; c.D ], statesOf c
            holdsGradient (LogSumExpEnergy(xi, c.Beta)) v "log-sum-exp"
            holdsGradient (KernelSumEnergy(xi, c.Beta)) v "kernel sum"
            let kernels = (RbfKernel.Value(v.unsqueeze 1L, xi, c.Beta)).sum -1L
            close 1e-11 (LogSumExpEnergy(xi, c.Beta).Value v) (kernels.log () / torch.tensor -c.Beta) "the same energy")

        testCase "those that nobody holds are collected before their tables fill the memory" (fun () ->
            let xi = normal 1 [ 5000L; 128L ]

            let made = ResizeArray<WeakReference>()

            // What the collector waits for grows with the heap that it sees, and other tests fill that one.
            let isCollected _ =
                made.Add(WeakReference(LogSumExpEnergy(xi, 1.0)))
                made.Exists(fun each -> not each.IsAlive)

            Expect.exists [ 1..800 ] isCollected "4 GB, and the collector sees a few KB of them")

        testCase "float32 keeps its digits far from the origin" (fun () ->
            for count in [ 20L; 500L ] do
                let away = torch.tensor 100.0f
                let xi, v = normal32 1 [ count; 10L ] + away, normal32 2 [ 50L; 10L ] + away
                let single = LogSumExpEnergy(xi, 5.0).ValueAndGradient v

                let double =
                    LogSumExpEnergy(xi.to_type torch.float64, 5.0).ValueAndGradient(v.to_type torch.float64)

                close 1e-5 single.Value double.Value $"{count} memories: energy"
                close 1e-4 (single.Gradient.to_type torch.float64) double.Gradient $"{count} memories: gradient")

        testCase "no overflow or underflow where all memories are far" (fun () ->
            let xi = torch.tensor(([| 0.0f; 1.0f |])).reshape(2L, 1L)
            let energy = LogSumExpEnergy(xi, 100.0)
            let at = energy.ValueAndGradient(torch.tensor [| 50.0f |])
            Expect.floatClose Accuracy.medium (float (at.Value.item<float32>())) (0.5 * 49.0 ** 2.0) "½·49²"
            Expect.floatClose Accuracy.medium (float (at.Gradient.item<float32>())) 49.0 "towards the nearer")
    ]

let private approximate =
    testList "distributed" [
        property 20 "closed forms are the gradients, for every map" (fun c ->
            for name, map in maps c.Seed 300L c.D c.Beta do
                let v = statesOf c * torch.tensor 0.3
                // A sum of positive weights on the features of states near v is well above 0.
                let memory = map.Sum(v + torch.tensor 0.05)
                holdsGradient (DistributedEnergy(map, memory)) v $"{name}: log"
                holdsGradient (DistributedKernelSumEnergy(map, memory)) v $"{name}: sum")

        property 20 "it is −1/β log ⟨Φ(v), T⟩ where that is above ε, and flat where not" (fun c ->
            let map = SinCosFeatures(normal c.Seed [ 40L; c.D ], c.Beta)
            let memory = map.Sum(memoriesOf c)
            let v = normal (c.Seed + 2) [ 200L; c.D ] * torch.tensor 3.0
            let sums = (map.Map v).matmul memory |> floats
            let at = DistributedEnergy(map, memory, 0.1).ValueAndGradient v

            let energies, gradients =
                floats at.Value, floats at.Gradient |> Array.chunkBySize (int c.D)

            for i in 0 .. sums.Length - 1 do
                if abs (sums[i] - 0.1) > 1e-9 then
                    let expected = -log(max sums[i] 0.1) / c.Beta
                    Expect.floatClose Accuracy.high energies[i] expected "energy"
                    Expect.equal (Array.forall ((=) 0.0) gradients[i]) (sums[i] < 0.1) "flat below ε only"

            let auto = RowGradient.Of((fun v -> DistributedEnergy(map, memory, 0.1).Value v), v)
            close 1e-10 at.Gradient auto.Gradient "as autodiff has it")

        testCase "with many frequencies it comes near the exact energy" (fun () ->
            let xi, v = normal32 1 [ 5L; 3L ], normal32 2 [ 20L; 3L ] * torch.tensor 0.5f
            let map = SinCosFeatures(Frequencies.Gaussian(PrngKey.Create 3L, 200_000L, 3L), 1.0)
            // The error of a kernel value is about 1/√Y; five of them, over a sum of at least .1.
            close 0.1 (DistributedEnergy(map, map.Sum xi).Value v) (LogSumExpEnergy(xi, 1.0).Value v) "energies")

        testCase "float32 gradients are those of float64" (fun () ->
            let omega, xi, v =
                normal 1 [ 3000L; 10L ], normal 2 [ 7L; 10L ], normal 3 [ 4L; 10L ]

            let map = SinCosFeatures(omega, 0.2)
            let single = SinCosFeatures(omega.to_type torch.float32, 0.2)
            let at = DistributedEnergy(map, map.Sum xi).ValueAndGradient v
            let xi, v = xi.to_type torch.float32, v.to_type torch.float32
            let near = DistributedEnergy(single, single.Sum xi).ValueAndGradient v
            close 1e-4 near.Value at.Value "energy"
            close 1e-4 near.Gradient at.Gradient "gradient")
    ]

let private own =
    testList "a user's own" [
        property 20 "a function gets its gradient by autodiff" (fun c ->
            let energy = Energy.ofFunction (fun v -> v.pow(torch.tensor 4.0).sum(-1L))
            let v = statesOf c
            let at = energy.ValueAndGradient v
            close 1e-12 at.Gradient (torch.tensor 4.0 * v.pow (torch.tensor 3.0)) "4v³"
            close 1e-12 (v |> Energy.gradient energy) at.Gradient "in F#")

        testCase "C# and F# take a lambda" (fun () ->
            let energy = Energy.Of(fun v -> v.square().sum -1L)
            let at = energy.ValueAndGradient(torch.tensor [| 1.0; 2.0 |])
            close 1e-12 at.Gradient (torch.tensor [| 2.0; 4.0 |]) "2v")

        testCase "an energy that does not depend on the state has gradient 0" (fun () ->
            let energy =
                Energy.ofFunction (fun v -> torch.ones (v.shape[.. v.shape.Length - 2], v.dtype))

            close
                1e-12
                (energy.ValueAndGradient(normal 1 [ 3L; 2L ])).Gradient
                (torch.zeros (3L, 2L, dtype = torch.float64))
                "0")

        testCase "an energy inside Diff: its Hessian by the gradient of its gradient" (fun () ->
            // E = ½‖v−ξ‖² at one memory: the Hessian is the identity, and so is that of −1/β log Σκ far from the others.
            let energy = LogSumExpEnergy(normal 1 [ 1L; 3L ], 2.0)
            let v = normal 2 [ 3L ]

            close
                1e-10
                ((Diff.Hessian(fun x -> energy.Value x)).Invoke v)
                (torch.eye (3L, dtype = torch.float64))
                "Value"

            let slope (x: torch.Tensor) =
                (energy.ValueAndGradient x).Gradient.square().sum()

            // ‖v − ξ‖² has the gradient 2(v − ξ): the closed form's own gradient.
            let expected = torch.tensor 2.0 * (v - energy.Memories[0])
            close 1e-10 ((Diff.Grad slope).Invoke v) expected "through the closed form"
            let own = Energy.ofFunction (fun x -> energy.Value x)

            let slope (x: torch.Tensor) =
                (own.ValueAndGradient x).Gradient.square().sum()

            close 1e-10 ((Diff.Grad slope).Invoke v) expected "through autodiff")

        testCase "an energy of a wrong shape is told" (fun () ->
            let energy = Energy.ofFunction (fun v -> v.square().sum())

            throws<ArgumentException> [ "one number for each state"; "[3]" ] (fun () ->
                energy.Value(normal 1 [ 3L; 2L ]))

            throws<ArgumentException> [ "one number for each state" ] (fun () ->
                energy.ValueAndGradient(normal 1 [ 3L; 2L ])))
    ]

let private doors =
    testCase "what does not fit is told at the door" (fun () ->
        let xi = normal 1 [ 4L; 3L ]
        let energy = LogSumExpEnergy(xi, 1.0)
        throws<ArgumentException> [ "state has shape [2]"; "[..., 3]" ] (fun () -> energy.Value(normal 2 [ 2L ]))
        throws<ArgumentException> [ "Float32"; "Float64" ] (fun () -> energy.Value(normal32 2 [ 3L ]))
        throws<ArgumentException> [ "NaN" ] (fun () -> energy.ValueAndGradient(torch.tensor [| nan; 0.0; 0.0 |]))
        throws<ArgumentException> [ "memories" ] (fun () -> LogSumExpEnergy(torch.zeros (0L, 3L), 1.0))
        throws<ArgumentException> [ "memories"; "2 dimensions" ] (fun () -> LogSumExpEnergy(xi[0], 1.0))
        throws<ArgumentException> [ "NaN" ] (fun () -> KernelSumEnergy(xi * torch.tensor nan, 1.0))
        throws<ArgumentException> [ "inverseTemperature" ] (fun () -> KernelSumEnergy(xi, -1.0))
        let map = SinCosFeatures(normal 2 [ 5L; 3L ], 1.0)
        throws<ArgumentException> [ "memory has shape [9]"; "10" ] (fun () -> DistributedEnergy(map, normal 3 [ 9L ]))
        throws<ArgumentException> [ "clip" ] (fun () -> DistributedEnergy(map, normal 3 [ 10L ], 0.0))
        throws<ArgumentException> [ "Float32" ] (fun () -> DistributedEnergy(map, normal32 3 [ 10L ])))

[<Tests>]
let tests = testList "energies" [ exact; approximate; own; doors ]
