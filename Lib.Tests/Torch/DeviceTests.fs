/// What the library does on each device: the CPU, and CUDA where there is one.
module Engram.Tests.Torch.DeviceTests

open Expecto
open TorchSharp
open Engram
open Engram.Tests
open Engram.Tests.Similarity.Samples

let private devices = [ "CPU", (fun () -> Devices.Cpu); "CUDA", Requirements.cuda ]

/// A test for each device; skipped, with the reason, where there is none.
let private onEach name test =
    testList name [ for device, find in devices -> testCase device (fun () -> test (find ())) ]

let private isOn (device: torch.Device) (tensor: torch.Tensor) what =
    Expect.equal tensor.device_type device.``type`` $"{what} lives on the device of its input"

/// A result on a device, held to the same on the CPU in float64.
let private holds device (compute: (torch.Tensor -> torch.Tensor) -> torch.Tensor list) =
    let there = compute (fun x -> x.to_type(torch.float32).``to``(device: torch.Device))
    let here = compute (fun x -> x.to_type torch.float64)

    for i, (a, b) in List.zip there here |> List.indexed do
        isOn device a $"result {i}"
        close 1e-4 a b $"result {i}"

let private xi, query = normal 1 [ 20L; 12L ], normal 2 [ 5L; 12L ]

let private frequencies = normal 3 [ 3000L; 12L ]

let private energies (put: torch.Tensor -> torch.Tensor) : IEnergy list =
    let map = SinCosFeatures(put frequencies, 0.5)
    let memory = map.Sum(put xi * torch.tensor(0.3).``to``((put xi).dtype))

    [
        LogSumExpEnergy(put xi, 0.5)
        KernelSumEnergy(put xi, 0.1)
        DistributedEnergy(map, memory)
        Energy.Of(fun v -> v.square().sum(-1L))
    ]

/// Tensors of shapes alone: libtorch throws where one of their numbers is asked for.
let private shapes = torch.device "meta"

[<Tests>]
let tests =
    testList "devices" [
        onEach "energies and gradients" (fun device ->
            holds device (fun put -> [
                for energy in energies put do
                    let at = energy.ValueAndGradient(put query * torch.tensor 0.3f)
                    at.Value
                    at.Gradient
            ]))

        onEach "descents, with all that they record" (fun device ->
            holds device (fun put -> [
                for energy in energies put do
                    let options =
                        DescentOptions(Steps = 20, StepSize = 0.05, RecordStates = 5L, RecordGradients = true)

                    let descent = EnergyDescent.Run(energy, put query * torch.tensor 0.3f, options)
                    descent.State
                    descent.Energies
                    descent.States
                    descent.Gradients
            ]))

        onEach "autodiff" (fun device ->
            holds device (fun put ->
                let f (x: torch.Tensor) = x.sin().prod()
                [ (Diff.Grad f).Invoke(put query[0]); (Diff.Hessian f).Invoke(put query[0]) ]))

        onEach "linear and key-value memory" (fun device ->
            holds device (fun put ->
                use linear = LinearMemory.Fit(put (normal 4 [ 6L; 9L ]), put (normal 5 [ 3L; 9L ]))
                let keyed = new KeyValueMemory(put xi, put (normal 6 [ 20L; 3L ]))

                [
                    linear.Recall(put (normal 7 [ 6L; 2L ]))
                    keyed.Predict(put query)
                    keyed.KeyGradient(put query, put (normal 8 [ 5L; 3L ]))
                ]))

        onEach "random numbers are the same everywhere" (fun device ->
            let key = PrngKey.Create 9L

            Expect.equal
                (floats (key.Normal([| 300L |], device)))
                (floats (key.Normal [| 300L |]))
                "normals, to the bit"

            Expect.equal
                (floats (key.Uniform([| 300L |], 0.0, 1.0, device)))
                (floats (key.Uniform [| 300L |]))
                "uniforms, to the bit")

        onEach "the fused loops are the CPU's" (fun device ->
            let put (x: torch.Tensor) = x.``to`` device
            let isCpu = device.``type`` = DeviceType.CPU
            Expect.equal (FastPaths.TakesExact(put xi, put query)) isCpu "exact"
            Expect.equal (FastPaths.TakesFeatures(put frequencies, put query)) isCpu "features")

        testCase "no number goes to the host within a descent" (fun () ->
            Expect.throws
                (fun () -> (torch.zeros (1L, device = shapes)).item<float32>() |> ignore)
                "a number asked for is an error"

            // libtorch lacks logsumexp and where for shapes alone; the loop is the same for every energy.
            for energy in [ KernelSumEnergy(xi.``to`` shapes, 0.1) ] do
                use descent =
                    EnergyDescent.Run(
                        energy,
                        query.``to`` shapes,
                        DescentOptions(Steps = 7, RecordGradients = true, RecordStates = 2L)
                    )

                Expect.equal descent.Energies.shape [| 7L; 5L |] "energies"
                Expect.equal descent.States.shape [| 4L; 5L; 12L |] "states")
    ]
