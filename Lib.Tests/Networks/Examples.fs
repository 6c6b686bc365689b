/// A network to test with, and how its numbers are compared.
module Engram.Tests.Networks.Examples

open Expecto
open TorchSharp
open Engram
open Engram.Tests.Lagrangians.Cases

let key = PrngKey.Create 7L

let scalar (x: float) = x.ToScalar()

let closeWithin (tolerance: float) (expected: Tensor) (actual: Tensor) what =
    Expect.equal actual.shape expected.shape $"{what}: shape"

    Expect.isTrue
        (torch.allclose (actual, expected, tolerance, tolerance))
        $"{what}: {values actual} for {values expected}"

let close expected actual what = closeWithin 1e-5 expected actual what

let double (memory: HierarchicalMemory) =
    memory.``to`` (torch.ScalarType.Float64) |> ignore
    memory

/// Weights large enough to matter.
let enlarge (factor: float) (memory: HierarchicalMemory) =
    use _ = torch.no_grad ()

    for struct (name, parameter) in memory.named_parameters () do
        if name.StartsWith "synapse" && not (name.Contains "beta") then
            parameter.mul_ (scalar factor) |> ignore

    memory

/// A picture, its features, and a label that all three connect.
let example () =
    (new HierarchicalMemory())
        .AddLayer("picture", new NeuronLayer(new TanhLagrangian(1.5), 1L, 5L, 5L))
        .AddLayer("features", new NeuronLayer(new ReluLagrangian(), [| 2L; 3L; 3L |], TimeConstant = 0.5))
        .AddLayer("label", new NeuronLayer(new SoftmaxLagrangian(2.0), [| 4L |], TimeConstant = 2.0))
        .Connect("filters", new ConvolutionSynapse(key, [| 1L; 5L; 5L |], 2L, 3L), "picture", "features")
        .Connect("classes", new LinearSynapse(key, [| 2L; 3L; 3L |], [| 4L |]), "features", "label")
        .Connect("offset", new BiasSynapse(torch.linspace (-1.0, 1.0, 4L)), "label")
        .Connect(
            "all",
            new LinearSynapse(key, [| 1L; 5L; 5L |], [| 2L; 3L; 3L |], [| 4L |]),
            "picture",
            "features",
            "label"
        )
    |> enlarge 10.0
    |> double
