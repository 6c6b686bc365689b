module Engram.Tests.Networks.HierarchicalMemoryTests

open System
open System.IO
open System.Threading
open Expecto
open FsCheck.FSharp
open TorchSharp
open Engram
open Engram.Tests.Lagrangians.Cases

let private key = PrngKey.Create 7L
let private scalar (x: float) = x.ToScalar()

let private closeWithin (tolerance: float) (expected: Tensor) (actual: Tensor) what =
    Expect.equal actual.shape expected.shape $"{what}: shape"

    Expect.isTrue
        (torch.allclose (actual, expected, tolerance, tolerance))
        $"{what}: {values actual} for {values expected}"

let private close expected actual what = closeWithin 1e-5 expected actual what

let private double (memory: HierarchicalMemory) =
    memory.``to`` (torch.ScalarType.Float64) |> ignore
    memory

/// Weights large enough to matter.
let private enlarge (factor: float) (memory: HierarchicalMemory) =
    use _ = torch.no_grad ()

    for struct (name, parameter) in memory.named_parameters () do
        if name.StartsWith "synapse" && not (name.Contains "beta") then
            parameter.mul_ (scalar factor) |> ignore

    memory

/// A picture, its features, and a label that all three connect.
let private example () =
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

let private energies =
    testList "energy" [
        testCase
            "is the sum of its parts"
            (scoped (fun () ->
                use memory = example ()

                for batch in [ [||]; [| 3L |]; [| 2L; 3L |] ] do
                    let state = memory.RandomState(key, 1.0, batch)
                    let parts = memory.EnergyByPart state
                    Expect.sequenceEqual parts.Layers.Keys [ "picture"; "features"; "label" ] "layers"
                    Expect.sequenceEqual parts.Synapses.Keys [ "filters"; "classes"; "offset"; "all" ] "synapses"
                    Expect.equal parts.Total.shape batch "[...batch]"

                    let sum =
                        Seq.append parts.Layers.Values parts.Synapses.Values |> Seq.reduce (fun a b -> a + b)

                    close sum parts.Total "total"
                    close parts.Total (memory.Energy state) "Energy"
                    close parts.Total (memory.Energy(memory.Activations state, state)) "at the activations"

                    for name in memory.Layers.Keys do
                        close (memory.Layers[name].Energy state[name]) parts.Layers[name] name
                        close (memory.Layers[name].Activation state[name]) (memory.Activations state).[name] name))

        testCase
            "of a batch is that of its rows"
            (scoped (fun () ->
                use memory = example ()
                let state = memory.RandomState(key, 1.0, 4L)
                let all = memory.Energy state

                for i in 0L .. 3L do
                    close all[i] (memory.Energy(state.Map(fun _ x -> x[i]))) $"row {i}"))

        testCase
            "∂E/∂x̂ by the Legendre transform is what autodiff finds"
            (scoped (fun () ->
                use memory = example ()
                let state = memory.RandomState(key, 1.0, 3L)

                let activations =
                    (memory.Activations state).Map(fun _ x -> x.detach().requires_grad_())

                memory.Energy(activations, state).sum().backward()
                let gradient = memory.EnergyGradient state

                for name in memory.Layers.Keys do
                    closeWithin 1e-12 activations[name].grad gradient[name] name))

        testCase
            "∂E/∂x = (∂²L/∂x²) ∂E/∂x̂"
            (scoped (fun () ->
                use memory = example ()

                let state =
                    (memory.RandomState(key, 1.0, 3L)).Map(fun _ x -> x.detach().requires_grad_())

                memory.Energy(state).sum().backward()
                let gradient = memory.EnergyGradient(state.Map(fun _ x -> x.detach ()))

                for name in memory.Layers.Keys do
                    let x = state[name].detach().requires_grad_()
                    (memory.Layers[name].Activation x * gradient[name].detach()).sum().backward()
                    closeWithin 1e-10 x.grad state[name].grad name))

        testCase
            "with its hidden layer at rest it is the dense associative memory's log-sum-exp"
            (scoped (fun () ->
                // Krotov and Hopfield: integrating the hidden neurons out of E leaves ½ v² − log Σ exp(β Ξv) / β.
                let beta, patterns =
                    3.0, torch.randn ([| 5L; 8L |], dtype = torch.ScalarType.Float64)

                use memory =
                    (new HierarchicalMemory())
                        .AddLayer("visible", new NeuronLayer(new IdentityLagrangian(), 8L))
                        .AddLayer("hidden", new NeuronLayer(new SoftmaxLagrangian(beta), 5L))
                        .Connect("patterns", new LinearSynapse(patterns), "hidden", "visible")
                    |> double

                let v = torch.randn ([| 4L; 8L |], dtype = torch.ScalarType.Float64)
                let hidden = v.matmul (patterns.transpose (0L, 1L))
                let state = memory.InitialState(4L).With("visible", v).With("hidden", hidden)
                let expected = (v * v).sum -1L * scalar 0.5 - Lagrangians.Softmax(hidden, beta)
                closeWithin 1e-12 expected (memory.Energy state) "energy"
                let gradient = memory.EnergyGradient state
                closeWithin 1e-12 (torch.zeros_like hidden) gradient["hidden"] "the hidden layer rests"

                closeWithin
                    1e-12
                    (v - Activations.Softmax(hidden, beta).matmul patterns)
                    gradient["visible"]
                    "v − Ξᵀ softmax(β Ξv)"))

        testCase
            "a synapse on the same layer twice counts both"
            (scoped (fun () ->
                let weight = torch.randn ([| 4L; 4L |], dtype = torch.ScalarType.Float64)

                use memory =
                    (new HierarchicalMemory())
                        .AddLayer("neurons", new NeuronLayer(new TanhLagrangian(), 4L))
                        .Connect("hopfield", new LinearSynapse(weight), "neurons", "neurons")
                    |> double

                let state = memory.RandomState(key, 1.0)
                let x = state["neurons"]
                let expected = x - (weight + weight.transpose (0L, 1L)).matmul(x.tanh ())
                closeWithin 1e-12 expected (memory.EnergyGradient state).["neurons"] "x − (W + Wᵀ) x̂"))

        testCase
            "a synapse that sees nothing adds nothing to the gradient"
            (scoped (fun () ->
                use memory =
                    (new HierarchicalMemory())
                        .AddLayer("a", new NeuronLayer(new IdentityLagrangian(), 3L))
                        .Connect(
                            "constant",
                            Hypersynapse.Of(fun (x: Tensor) -> torch.ones x.shape[.. x.shape.Length - 2]),
                            "a"
                        )

                let state = memory.RandomState(key, 1.0, 2L)
                close state["a"] (memory.EnergyGradient state).["a"] "x alone"))
    ]

let private descent =
    testList "descent" [
        testCase
            "of one layer with a bias, in closed form and with time constants"
            (scoped (fun () ->
                for tau in [ 0.5; 1.0; 4.0 ] do
                    let bias = torch.randn 3L

                    use memory =
                        (new HierarchicalMemory())
                            .AddLayer("x", new NeuronLayer(new IdentityLagrangian(), [| 3L |], TimeConstant = tau))
                            .Connect("b", new BiasSynapse(bias), "x")

                    let state = memory.RandomState(key, 1.0, 2L)
                    use run = memory.Descend(state, NetworkDescentOptions(Steps = 20L, StepSize = 0.1))
                    let left = Math.Pow(1.0 - 0.1 / tau, 20.0)

                    close
                        (bias + scalar left * (state["x"] - bias))
                        run.State["x"]
                        $"b + (1 − Δt/τ)ᵀ (x − b), τ = {tau}"))

        testCase
            "a batch gives what its rows give one by one"
            (scoped (fun () ->
                use memory = example ()
                let state = memory.RandomState(key, 1.0, 3L)
                let options = NetworkDescentOptions(Steps = 25L, StepSize = 0.05)
                use together = memory.Descend(state, options)

                for i in 0L .. 2L do
                    use alone = memory.Descend(state.Map(fun _ x -> x[i]), options)

                    for name in memory.Layers.Keys do
                        closeWithin 1e-10 alone.State[name] together.State[name].[i] $"{name}, row {i}"

                    closeWithin 1e-10 (alone.Energies) (together.Energies.select (1L, i)) $"energies, row {i}"))

        testCase
            "clamped layers and neurons stay, and the energy still falls"
            (scoped (fun () ->
                use memory = example ()
                let state = memory.RandomState(key, 1.0, 3L)
                let top = (torch.arange 5L).reshape(5L, 1L).lt(scalar 2.0)

                use run =
                    memory.Descend(
                        state,
                        NetworkDescentOptions(
                            Steps = 60L,
                            StepSize = 0.02,
                            ClampedLayers = [ "label" ],
                            ClampedNeurons = dict [ "picture", top ]
                        )
                    )

                let moved = (run.State["picture"] - state["picture"]).abs()
                Expect.equal (values run.State["label"]) (values state["label"]) "a whole layer"

                Expect.equal
                    (values (
                        moved[torch.TensorIndex.Ellipsis, torch.TensorIndex.Slice(stop = 2L), torch.TensorIndex.Colon]
                    ))
                    (Array.zeroCreate 30)
                    "the top of the picture"

                Expect.isGreaterThan (moved.max().item<float>()) 0.01 "the rest moves"
                Expect.all (values (run.Energies.diff (dim = 0L))) (fun rise -> rise <= 1e-12) "falls"))

        testCase
            "records what is asked"
            (scoped (fun () ->
                use memory = example ()
                let state = memory.RandomState(key, 1.0, 2L)

                use run =
                    memory.Descend(state, NetworkDescentOptions(Steps = 10L, RecordStates = 4L))

                Expect.equal run.Energies.shape [| 10L; 2L |] "[T, ...batch]"
                Expect.equal run.States["picture"].shape [| 3L; 2L; 1L; 5L; 5L |] "[1 + ⌊T/n⌋, ...batch, ...layer]"
                closeWithin 1e-12 state["label"] run.States["label"].[0L] "the first state"
                closeWithin 1e-12 (memory.Energy state) run.Energies[0L] "the first energy"
                closeWithin 1e-12 (memory.Energy run.States).[1L] run.Energies[4L] "recorded states are one more batch"
                use longer = memory.Descend(state, NetworkDescentOptions(Steps = 8L))
                closeWithin 1e-12 longer.State["picture"] run.States["picture"].[2L] "after 8 steps"
                close (memory.Activations run.State).["label"] run.Activations["label"] "final activations"

                use nothing =
                    memory.Descend(state, NetworkDescentOptions(Steps = 0L, RecordEnergies = false))

                closeWithin 0.0 state["label"] nothing.State["label"] "no step"
                Expect.isNull nothing.Energies "no energies"
                Expect.isNull nothing.States "no states"))

        testCase
            "reports progress and can be cancelled"
            (scoped (fun () ->
                use memory = example ()
                use source = new CancellationTokenSource()
                let reports = ResizeArray<DescentProgress>()

                let progress = {
                    new IProgress<DescentProgress> with
                        member _.Report p =
                            reports.Add p

                            if p.Step = 6L then
                                source.Cancel()
                }

                let run () =
                    memory.Descend(
                        memory.RandomState(key, 1.0),
                        NetworkDescentOptions(Steps = 200L, Progress = progress),
                        source.Token
                    )
                    |> ignore

                Expect.throwsT<OperationCanceledException> run "cancelled"

                Expect.sequenceEqual
                    [ for p in reports -> p.Step, p.Steps ]
                    [ 2L, 200L; 4L, 200L; 6L, 200L ]
                    "every hundredth part"))

        testCase
            "leaves its result and nothing else"
            (scoped (fun () ->
                use memory = example ()
                let state = memory.RandomState(key, 1.0, 2L)
                use scope = torch.NewDisposeScope()

                let run =
                    memory.Descend(state, NetworkDescentOptions(Steps = 5L, RecordStates = 2L))

                Expect.equal scope.DisposablesCount (3 + 3 + 1 + 3) "states, activations, energies, recorded states"
                run.Dispose()
                Expect.equal scope.DisposablesCount 0 "and none when disposed"
                memory.Energy state |> ignore
                Expect.equal scope.DisposablesCount 1 "energy"
                memory.EnergyGradient state |> ignore
                Expect.equal scope.DisposablesCount 4 "gradient"))

        testCase
            "the F# face does the same"
            (scoped (fun () ->
                use memory =
                    Network.create ()
                    |> Network.layer "a" (NeuronLayer.ofFunction [ 3L ] (Lagrangians.tanh 2.0))
                    |> Network.layer "b" (NeuronLayer.ofModule [ 2L ] (new SoftmaxLagrangian()))
                    |> Network.connect "ab" (new LinearSynapse(key, [| 3L |], [| 2L |])) [ "a"; "b" ]

                let state =
                    memory.InitialState() |> Network.set "a" (torch.tensor [| 1.0f; -1.0f; 0.5f |])

                use run = memory |> Network.descend state { Network.defaults with Steps = 30 }
                use direct = memory.Descend(state, NetworkDescentOptions(Steps = 30L))
                close direct.State["a"] run.State["a"] "descent"
                close (memory.Energy state) (memory |> Network.energy state) "energy"
                close (memory.EnergyGradient state).["b"] (memory |> Network.gradient state).["b"] "gradient"
                close (memory.Activations state).["b"] (memory |> Network.activations state).["b"] "activations"

                use still =
                    memory
                    |> Network.descend state {
                        Network.defaults with
                            ClampedLayers = [ "a"; "b" ]
                    }

                close state["a"] still.State["a"] "clamped"))
    ]

/// A random network of convex Lagrangians, and states for it.
type private Sample = {
    Description: string
    Memory: unit -> HierarchicalMemory
    Seed: int
    Batch: int64[]
}

let private lagrangians: (string * (unit -> Lagrangian)) list = [
    "identity", (fun () -> new IdentityLagrangian())
    "relu", (fun () -> new ReluLagrangian())
    "repu 3", (fun () -> new RepuLagrangian(3.0))
    "softmax", (fun () -> new SoftmaxLagrangian(2.0))
    "ghostmax", (fun () -> new GhostmaxLagrangian(2.0))
    "exp", (fun () -> new ExpLagrangian(0.3))
    "rexp", (fun () -> new RexpLagrangian(0.3))
    "tanh", (fun () -> new TanhLagrangian(1.5))
    "sigmoid", (fun () -> new SigmoidLagrangian(1.5, 2.0))
    "layernorm", (fun () -> new LayerNormLagrangian(0.7, 0.1, 0.1))
    "spherical norm", (fun () -> new SphericalNormLagrangian(2.0, 0.1, 0.1))
]

let private networks =
    let layer =
        gen {
            let! name, make = Gen.elements lagrangians
            let! shape = Gen.listOf (Gen.choose (1, 3)) |> Gen.resize 1
            let! tau = Gen.elements [ 0.5; 1.0; 3.0 ]
            // Neurons need a dimension along which to compete.
            return name, make, [| for n in 4 :: shape -> int64 n |], tau
        }

    gen {
        let! count = Gen.choose (1, 4)
        let! layers = Gen.listOfLength count layer
        let! degrees = Gen.nonEmptyListOf (Gen.choose (1, 3)) |> Gen.resize 4

        let! connections =
            degrees
            |> List.map (fun degree -> Gen.listOfLength degree (Gen.choose (0, count - 1)))
            |> Gen.collectToList id

        let! seed = Gen.choose (0, 100000)
        let! batch = Gen.elements [ [||]; [| 3L |]; [| 2L; 2L |] ]

        let build () =
            let memory = new HierarchicalMemory()

            for i, (_, make, shape, tau) in List.indexed layers do
                memory.AddLayer($"layer{i}", new NeuronLayer(make (), shape, TimeConstant = tau)) |> ignore

            for i, ends in List.indexed connections do
                let shapes = [| for j in ends -> let (_, _, shape, _) = layers[j] in shape |]
                let synapse = new LinearSynapse(PrngKey.Create(int64 (seed + i)), shapes)
                memory.Connect($"synapse{i}", synapse, [| for j in ends -> $"layer{j}" |]) |> ignore

            // Strong enough to pull, too weak to let three linear layers run away within the steps.
            memory |> enlarge 2.0 |> double

        return {
            Description = $"%A{[ for name, _, shape, tau in layers -> name, shape, tau ]} %A{connections}"
            Memory = build
            Seed = seed
            Batch = batch
        }
    }

let private falls =
    testList "guaranteed" [
        testPropertyWithConfig
            {
                FsCheckConfig.defaultConfig with
                    maxTest = 25
            }
            "the energy of random networks falls"
        <| Prop.forAll (Arb.fromGen networks) (fun sample ->
            use _ = torch.NewDisposeScope()
            use memory = sample.Memory()
            let state = memory.RandomState(PrngKey.Create(int64 sample.Seed), 0.3, sample.Batch)

            use run =
                memory.Descend(state, NetworkDescentOptions(Steps = 20L, StepSize = 0.002))

            let energies = run.Energies.reshape (20L, -1L)
            let scale = 1.0 + energies.abs().max().item<float>()

            for rise in values (energies.diff (dim = 0L)) do
                Expect.isLessThanOrEqual rise (1e-10 * scale) $"{sample.Description}"

            let gradient = memory.EnergyGradient state
            // Where something pulls, the fall is real: dE/dt = −Σ (∂E/∂x̂)ᵀ H (∂E/∂x̂) / τ.
            let pull =
                memory.Layers
                |> Seq.sumBy (fun pair ->
                    let x = state[pair.Key].detach().requires_grad_()
                    (pair.Value.Activation x * gradient[pair.Key].detach()).sum().backward()
                    (x.grad * gradient[pair.Key]).sum().item<float>() / pair.Value.TimeConstant)

            let fall = (energies[0L] - energies[1L]).sum().item<float>()

            Expect.isLessThan
                (abs (fall - 0.002 * pull))
                (0.1 * abs (0.002 * pull) + 1e-6)
                $"by Δt times the pull: {sample.Description}")
    ]

let private modules =
    testList "module" [
        testCase
            "parameters are those of layers and synapses, once each"
            (scoped (fun () ->
                use shared = new LinearSynapse(key, [| 3L |], [| 3L |])

                use memory =
                    (new HierarchicalMemory())
                        .AddLayer("a", new NeuronLayer(new TanhLagrangian(), 3L))
                        .AddLayer("b", new NeuronLayer(new ReluLagrangian(), 3L))
                        .AddLayer("c", new NeuronLayer(new ReluLagrangian(), 3L))
                        .Connect("ab", shared, "a", "b")
                        .Connect("bc", shared, "b", "c")

                let names = [ for struct (name, _) in memory.named_parameters () -> name ]
                Expect.equal (List.sort names) [ "layer_a.lagrangian.beta"; "synapse_ab.weight" ] "shared once"
                let state = memory.RandomState(key, 1.0)
                let parts = memory.EnergyByPart state
                let hat = memory.Activations state
                close (shared.forward [| hat["b"]; hat["c"] |]) parts.Synapses["bc"] "its second connection"))

        testCase
            "a loaded memory has the saved one's energy and descent"
            (scoped (fun () ->
                use memory = example ()
                use stream = new MemoryStream()
                memory.save (stream :> Stream) |> ignore
                use other = example ()

                (use _ = torch.no_grad ()

                 for parameter in other.parameters () do
                     parameter.mul_ (scalar 0.5) |> ignore)

                let state = memory.RandomState(key, 1.0, 2L)
                Expect.isFalse (torch.allclose (memory.Energy state, other.Energy state)) "another one"
                use saved = new MemoryStream(stream.ToArray())
                other.load (saved :> Stream) |> ignore
                closeWithin 1e-12 (memory.Energy state) (other.Energy state) "the same energy"))

        testCase
            "the descent can be differentiated in parameters and states, as numeric twins say"
            (scoped (fun () ->
                use memory = example ()

                let options =
                    NetworkDescentOptions(Steps = 6L, StepSize = 0.1, Differentiable = true, RecordEnergies = false)

                let first = memory.RandomState(key, 1.0, 2L)

                let loss (state: NetworkState) =
                    (memory.Descend(state, options)).Activations["picture"].square().sum()

                let state = first.Map(fun _ x -> x.detach().requires_grad_())
                (loss state).backward()

                let numeric (tensor: Tensor) =
                    use _ = torch.no_grad ()

                    let at (change: float) =
                        tensor.view(-1L).[0L].add_(scalar change) |> ignore
                        let value = (loss first).item<float>()
                        tensor.view(-1L).[0L].sub_(scalar change) |> ignore
                        value

                    (at 1e-5 - at -1e-5) / 2e-5

                for struct (name, parameter) in memory.named_parameters () do
                    Expect.floatClose
                        Accuracy.low
                        ((parameter.grad.view -1L).[0L].item<float>())
                        (numeric parameter)
                        name

                for name in memory.Layers.Keys do
                    Expect.floatClose
                        Accuracy.low
                        ((state[name].grad.view -1L).[0L].item<float>())
                        (numeric first[name])
                        name))

        testCase
            "a descent that is not to be differentiated keeps no graph"
            (scoped (fun () ->
                use memory = example ()

                use run =
                    memory.Descend(memory.RandomState(key, 1.0), NetworkDescentOptions(Steps = 3L, RecordStates = 1L))

                for tensor in
                    [
                        run.State["picture"]
                        run.Activations["picture"]
                        run.Energies
                        run.States["picture"]
                    ] do
                    Expect.isFalse tensor.requires_grad "no graph"))
    ]

let private errors =
    let fails (parts: string list) (call: unit -> unit) =
        let error = Expect.throwsC call id
        Expect.isTrue (error :? ArgumentException) $"{error.GetType().Name}: {error.Message}"

        for part in parts do
            Expect.stringContains error.Message part "who, what came, what was wanted"

    testList "errors name layer and synapse" [
        testCase
            "of the wiring"
            (scoped (fun () ->
                use memory = example ()
                let linear = new LinearSynapse(key, [| 3L |], [| 4L |])

                fails [ "'new'"; "'pictures'"; "'picture', 'features' and 'label'" ] (fun () ->
                    memory.Connect("new", linear, "pictures", "label") |> ignore)

                fails [ "'new'"; "'picture' [1, 5, 5]"; "'label' [4]"; "[3] and [4]" ] (fun () ->
                    memory.Connect("new", linear, "picture", "label") |> ignore)

                fails [ "'new'"; "'label' [4]"; "[3] and [4]" ] (fun () ->
                    memory.Connect("new", linear, "label") |> ignore)

                fails [ "'new'"; "2 activations" ] (fun () ->
                    memory.Connect("new", Hypersynapse.two (fun a _ -> a), "label") |> ignore)

                fails [ "'new'"; "no layer" ] (fun () -> memory.Connect("new", linear) |> ignore)
                fails [ "'all'"; "already" ] (fun () -> memory.Connect("all", linear, "label") |> ignore)

                fails [ "'label'"; "already" ] (fun () ->
                    memory.AddLayer("label", new NeuronLayer(Lagrangians.Relu, 2L)) |> ignore)

                fails [ "'a.b'" ] (fun () -> memory.AddLayer("a.b", new NeuronLayer(Lagrangians.Relu, 2L)) |> ignore)))

        testCase
            "of a user's synapse"
            (scoped (fun () ->
                use memory =
                    (new HierarchicalMemory())
                        .AddLayer("a", new NeuronLayer(Lagrangians.Relu, 3L))
                        .AddLayer("b", new NeuronLayer(Lagrangians.Relu, 4L))
                        .Connect("product", Hypersynapse.two (fun a b -> (a * b).sum -1L), "a", "b")

                let state = memory.InitialState 2L
                fails [ "'product'"; "'a' [3]"; "'b' [4]" ] (fun () -> memory.Energy state |> ignore)
                fails [ "'product'"; "'a' [3]"; "'b' [4]" ] (fun () -> memory.Descend state |> ignore)

                use memory =
                    (new HierarchicalMemory())
                        .AddLayer("a", new NeuronLayer(Lagrangians.Relu, 3L))
                        .Connect("total", Hypersynapse.one (fun a -> a.sum ()), "a")

                fails [ "'total'"; "'a' [3]"; "shape []"; "[2]" ] (fun () ->
                    memory.Energy(memory.InitialState 2L) |> ignore)))

        testCase
            "of states"
            (scoped (fun () ->
                use memory = example ()
                let state = memory.RandomState(key, 1.0, 2L)

                fails [ "'label'"; "[2, 5]"; "[...batch, 4]" ] (fun () ->
                    memory.Energy(state.With("label", torch.ones (2L, 5L))) |> ignore)

                fails [ "'label'"; "[3, 4]"; "'picture'"; "[2, 1, 5, 5]" ] (fun () ->
                    memory.Energy(state.With("label", torch.ones ([| 3L; 4L |], dtype = torch.ScalarType.Float64)))
                    |> ignore)

                fails [ "'label'"; "Float32"; "Float64" ] (fun () ->
                    memory.Energy(state.With("label", torch.ones (2L, 4L))) |> ignore)

                fails [ "no state"; "'features'" ] (fun () ->
                    memory.Energy(new NetworkState(dict [ "picture", state["picture"] ])) |> ignore)

                fails [ "'other'" ] (fun () ->
                    memory.Energy(new NetworkState(dict [ "other", state["picture"] ])) |> ignore)

                fails [ "'label'"; "NaN" ] (fun () ->
                    memory.Descend(state.With("label", torch.full_like (state["label"], scalar nan))) |> ignore)

                let missing = Expect.throwsC (fun () -> state["other"] |> ignore) id
                Expect.stringContains missing.Message "'picture', 'features' and 'label'" "those there are"))

        testCase
            "of options"
            (scoped (fun () ->
                use memory = example ()

                let descend options =
                    memory.Descend(memory.RandomState(key, 1.0, 2L), options) |> ignore

                fails [ "Steps" ] (fun () -> descend (NetworkDescentOptions(Steps = -1L)))
                fails [ "StepSize" ] (fun () -> descend (NetworkDescentOptions(StepSize = 0.0)))

                fails [ "ClampedLayers"; "'other'" ] (fun () ->
                    descend (NetworkDescentOptions(ClampedLayers = [ "other" ])))

                fails [ "ClampedNeurons"; "'label'"; "[3]"; "[2, 4]" ] (fun () ->
                    descend (
                        NetworkDescentOptions(
                            ClampedNeurons = dict [ "label", torch.ones ([| 3L |], dtype = torch.ScalarType.Bool) ]
                        )
                    ))

                fails [ "'label'"; "Bool" ] (fun () ->
                    descend (NetworkDescentOptions(ClampedNeurons = dict [ "label", torch.ones 4L ])))))

        testCase
            "of a step that is too large"
            (scoped (fun () ->
                use memory = example ()
                let options = NetworkDescentOptions(StepSize = 1e6, Steps = 200L)

                let error =
                    Expect.throwsC (fun () -> memory.Descend(memory.RandomState(key, 1.0), options) |> ignore) id

                Expect.isTrue (error :? ArithmeticException) error.Message
                Expect.stringContains error.Message "step size" "what to do"))
    ]

[<Tests>]
let tests =
    testList "hierarchical memory" [ energies; descent; falls; modules; errors ]
