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

let private network () =
    (new HierarchicalMemory())
        .AddLayer("visible", new NeuronLayer(new TanhLagrangian(1.5), 12L))
        .AddLayer("hidden", new NeuronLayer(new SoftmaxLagrangian(2.0), [| 5L |], TimeConstant = 0.5))
        .Connect("weights", new LinearSynapse(PrngKey.Create 2L, [| 12L |], [| 5L |]), "visible", "hidden")
        .Connect("offset", new BiasSynapse(torch.linspace (-1.0, 1.0, 5L)), "hidden")

let private lagrangians: (torch.Tensor -> torch.Tensor) list = [
    fun x -> Lagrangians.Repu(x, 3.0)
    fun x -> Lagrangians.Exp(x, 0.5)
    fun x -> Lagrangians.Tanh(x, 0.5)
    fun x -> Lagrangians.Sigmoid(x, 0.5, 2.0)
    fun x -> Lagrangians.Softmax(x, 0.5)
    fun x -> Lagrangians.Ghostmax(x, 0.5)
    fun x -> Lagrangians.LayerNorm(x, 1.5, 0.1)
    fun x -> Lagrangians.SphericalNorm(x, 1.5, 0.1)
]

/// A work of some steps asks CUDA's runtime for the same copies and waits, however many steps there are.
let private asksNoMoreFor what (few: int64, many: int64) (work: int64 -> unit) =
    work few
    let calls steps = CudaCalls.during (fun () -> work steps)
    Expect.equal (calls many) (calls few) $"{what}: copies and waits in {many} steps as in {few}"

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

        onEach "distributed memories and their descent" (fun device ->
            let recalled device (dtype: torch.ScalarType) =
                use dam =
                    new DrDam(SinCosFeatures(frequencies.``to``(dtype).``to``(device: torch.Device), 0.5))

                let put (x: torch.Tensor) = x.``to``(dtype).``to`` device
                let memory = dam.Consolidate(put xi * torch.tensor 0.3f)

                use descent =
                    dam.ApproximateDescend(put query, memory, DescentOptions(Steps = 10, StepSize = 0.1))

                isOn device descent.State "the state"
                [ memory; dam.ApproximateEnergy(put query, memory); descent.State.clone () ]

            let here = recalled Devices.Cpu torch.float64

            for i, (there, here) in List.zip (recalled device torch.float32) here |> List.indexed do
                close 1e-4 there here $"result {i}")

        onEach "fits of key-value memories" (fun device ->
            holds device (fun put ->
                let start = put (normal 6 [ 3L; 12L ])

                let options =
                    KeyValueMemoryOptions(Prototypes = 3, Iterations = 5, InitialKeys = start, LearningRate = 0.01)

                let fit = KeyValueMemory.Fit(put xi, put (normal 5 [ 20L; 4L ]), options)
                [ fit.Memory.Keys; fit.Memory.Values ]))

        onEach "networks and their descent" (fun device ->
            let descend device (dtype: torch.ScalarType) =
                use memory = network ()
                memory.``to``(dtype).``to``(device: torch.Device) |> ignore
                let state = memory.RandomState(PrngKey.Create 3L, 1.0, [| 4L |])
                use descent = memory.Descend(state, NetworkDescentOptions(Steps = 20))
                isOn device descent.Energies "the energies"
                [ descent.Energies.clone (); descent.State["hidden"].clone() ]

            for i, (there, here) in
                List.zip (descend device torch.float32) (descend Devices.Cpu torch.float64) |> List.indexed do
                close 1e-4 there here $"result {i}")

        onEach "Lagrangians and their activations" (fun device ->
            holds device (fun put -> [
                for lagrangian in lagrangians do
                    lagrangian (put query)
                    (Activations.Of(lagrangian)).Invoke(put query)
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

/// One after the other: the counts are the process's, and CUPTI takes one subscriber.
[<Tests>]
let copies =
    testSequenced
    <| testList "copies to and from devices" [
        testCase "copies to and from CUDA are seen where there are some" (fun () ->
            let x = query.``to`` (Requirements.cuda ())
            let calls = CudaCalls.during (fun () -> x.sum().item<float>() |> ignore)
            Expect.equal (calls |> Map.tryFind "device to host") (Some 1) "one number"
            let calls = CudaCalls.during (fun () -> query.``to`` x.device |> ignore)
            Expect.equal (calls |> Map.tryFind "host to device") (Some 1) "one tensor")

        testCase "no copy to or from CUDA within a descent, nor a wait" (fun () ->
            let device = Requirements.cuda ()
            let put (x: torch.Tensor) = x.to_type(torch.float32).``to`` device

            for energy in energies put do
                asksNoMoreFor $"{energy.GetType().Name}" (20L, 200L) (fun steps ->
                    let options = DescentOptions(Steps = steps, StepSize = 0.01, RecordGradients = true)
                    use _ = EnergyDescent.Run(energy, put query, options)
                    ())

            use memory = network ()
            memory.``to`` device |> ignore
            let state = memory.RandomState(PrngKey.Create 3L, 1.0, [| 4L |])

            asksNoMoreFor "a network" (5L, 50L) (fun steps ->
                use _ = memory.Descend(state, NetworkDescentOptions(Steps = steps))
                ()))

        testCase "no copy to or from CUDA within a consolidation, nor a wait" (fun () ->
            let device = Requirements.cuda ()
            use dam = new DrDam(PrngKey.Create 1L, 30L, 100_000L, 25.0, device)
            let memories = PrngKey.Create(2L).Normal([| 20_000L; 30L |], device)

            asksNoMoreFor "memories" (200L, 20_000L) (fun count ->
                use _ = dam.Consolidate(memories.narrow (0L, 0L, count))
                ()))
    ]
