module Engram.Tests.Networks.HypersynapseTests

open System
open System.IO
open Expecto
open TorchSharp
open Engram
open Engram.Tests.Lagrangians.Cases

let private key = PrngKey.Create 5L

let private close (expected: Tensor) (actual: Tensor) what =
    Expect.equal actual.shape expected.shape $"{what}: shape"
    Expect.isTrue (torch.allclose (actual, expected, 1e-5, 1e-6)) $"{what}: {values actual} for {values expected}"

let private normal (shape: int64 list) = torch.randn (Array.ofList shape)

/// The batch of energies is that of each row alone.
let private rowByRow (synapse: Hypersynapse) (activations: Tensor list) =
    let batch = synapse.forward (Array.ofList activations)

    for i in 0L .. batch.shape[0] - 1L do
        let row = synapse.forward [| for x in activations -> x[i] |]
        Expect.equal row.shape [||] "one energy"
        close row batch[i] $"row {i}"

    batch

let private number (t: Tensor) = float (t.item<float32>())

/// Σ over all choices of one index for each size.
let rec private over (sizes: int64 list) (f: int64 list -> float) =
    match sizes with
    | [] -> f []
    | size :: rest -> Seq.sumBy (fun i -> over rest (fun others -> f (i :: others))) (seq { 0L .. size - 1L })

let private multilinear (sizes: int64 list) =
    testCase
        $"over {sizes.Length} layers of {sizes}"
        (scoped (fun () ->
            use synapse = new LinearSynapse(key, [| for n in sizes -> [| n |] |])
            let activations = [ for n in sizes -> normal [ 4L; n ] ]
            let energies = rowByRow synapse activations

            let expected =
                -(over sizes (fun indices ->
                    let weight = synapse.Weight[[| for i in indices -> torch.TensorIndex.Single i |]]

                    let product =
                        Seq.zip activations indices |> Seq.map (fun (x, i) -> number x[0L, i]) |> Seq.fold (*) 1.0

                    number weight * product))

            Expect.floatClose Accuracy.low (number energies[0]) expected "−Σ W x̂ x̂ …"))

let private linear =
    testList "linear: −Σ W x̂¹ x̂² …" [
        multilinear [ 5L ]
        multilinear [ 5L; 3L ]
        multilinear [ 2L; 3L; 4L ]
        multilinear [ 2L; 3L; 2L; 3L ]

        testCase
            "layers of any shape, in row-major order"
            (scoped (fun () ->
                let weight = normal [ 12L; 5L ]
                use shaped = new LinearSynapse(weight, [| 3L; 4L |], [| 5L |])
                use flat = new LinearSynapse(weight)
                let picture, hidden = normal [ 2L; 3L; 4L ], normal [ 2L; 5L ]
                close (flat.forward [| picture.flatten 1L; hidden |]) (rowByRow shaped [ picture; hidden ]) "the same"))

        testCase
            "random weights are 0.02 z of the key"
            (scoped (fun () ->
                use synapse = new LinearSynapse(key, [| 3L |], [| 2L |])
                close (key.Normal [| 3L; 2L |] * (0.02).ToScalar()) synapse.Weight "weight"))

        testCase
            "with a bias on the last layer"
            (scoped (fun () ->
                let weight, bias = normal [ 4L; 3L ], normal [ 3L ]
                use synapse = new BiasedLinearSynapse(weight, bias)
                let x, y = normal [ 6L; 4L ], normal [ 6L; 3L ]
                let expected = (x.matmul weight * y).sum -1L + (y * bias).sum -1L
                close (expected.neg ()) (rowByRow synapse [ x; y ]) "−x̂ᵀWŷ − bᵀŷ"
                use drawn = new BiasedLinearSynapse(key, [| 2L; 2L |], [| 3L |])
                Expect.equal (values drawn.Bias) [| 0.0; 0.0; 0.0 |] "a first bias of 0"
                rowByRow drawn [ normal [ 2L; 2L; 2L ]; normal [ 2L; 3L ] ] |> ignore))

        testCase
            "a bias alone"
            (scoped (fun () ->
                let bias = normal [ 2L; 3L ]
                use synapse = new BiasSynapse(bias)
                let x = normal [ 4L; 2L; 3L ]
                close ((x * bias).flatten(1L).sum(-1L).neg()) (rowByRow synapse [ x ]) "−Σ b x̂"))
    ]

let private convolution =
    testCase
        "convolution, by its definition"
        (scoped (fun () ->
            use synapse =
                new ConvolutionSynapse(key, [| 2L; 5L; 6L |], 3L, 3L, stride = 2L, padding = 1L)

            Expect.sequenceEqual synapse.FeatureShape [ 3L; 3L; 3L ] "⌊(5 + 2 − 3) / 2⌋ + 1 and ⌊(6 + 2 − 3) / 2⌋ + 1"
            let picture, features = normal [ 2L; 2L; 5L; 6L ], normal [ 2L; 3L; 3L; 3L ]
            let energies = rowByRow synapse [ picture; features ]

            let pixel c y x =
                if y < 0L || x < 0L || y > 4L || x > 5L then
                    0.0
                else
                    number picture[0L, c, y, x]

            let expected =
                -(over [ 3L; 3L; 3L; 2L; 3L; 3L ] (function
                    | [ f; y; x; c; dy; dx ] ->
                        number features[0L, f, y, x]
                        * number synapse.Filters[f, c, dy, dx]
                        * pixel c (2L * y + dy - 1L) (2L * x + dx - 1L)
                    | _ -> 0.0))

            Expect.floatClose Accuracy.low (number energies[0]) expected "−Σ x̂² · (W ⋆ x̂¹)"))

let private unwritten =
    testCase
        "the gradient of a convolution does not read memory that nobody has written"
        (scoped (fun () ->
            let filters, picture, features =
                normal [ 4L; 1L; 4L; 4L ], normal [ 8L; 1L; 16L; 16L ], normal [ 8L; 4L; 4L; 4L ]

            use synapse = new ConvolutionSynapse(filters, [| 1L; 16L; 16L |], stride = 4L)

            let gradient = Diff.grad (fun (x: Tensor) -> synapse.call([| x; features |]).sum())

            // Patches do not overlap: the gradient in one is the features' sum of filters.
            let expected =
                -torch.einsum("nfhw,fij->nhiwj", features, filters.squeeze 1L).reshape(8L, 1L, 16L, 16L)

            for _ in 1..20 do
                use _ = torch.NewDisposeScope()

                for size in 4..12 do
                    torch.full([| 8L; 1L <<< size |], nan.ToScalar()).Dispose()

                close expected (gradient picture) "−Σ x̂² W"))

let private attention excludeSelf =
    let name =
        if excludeSelf then
            "self-attention without oneself"
        else
            "attention"

    testCase
        $"{name}, by its definition"
        (scoped (fun () ->
            let options =
                AttentionOptions(Heads = 2L, HeadSize = 3L, InverseTemperature = 0.7, ExcludeSelf = excludeSelf)

            let tokens = if excludeSelf then 4L else 5L
            use synapse = new AttentionSynapse(key, [| 4L; 6L |], [| tokens; 6L |], options)

            (use _ = torch.no_grad ()
             synapse.Query.mul_ (50.0f.ToScalar()) |> ignore
             synapse.Key.mul_ (50.0f.ToScalar()) |> ignore)

            let queries, keys = normal [ 2L; 4L; 6L ], normal [ 2L; tokens; 6L ]
            let energies = rowByRow synapse [ queries; keys ]

            let head (weight: Tensor) (tokens: Tensor) (h: int64) =
                let product = tokens.matmul weight[h]
                fun (token: int64) (z: int64) -> number product[token, z]

            let expected =
                -(over [ 2L; 4L ] (function
                    | [ h; q ] ->
                        let query, asked = head synapse.Query queries[0] h, head synapse.Key keys[0] h

                        [
                            for k in 0L .. tokens - 1L do
                                if not excludeSelf || k <> q then
                                    exp (0.7 * Seq.sumBy (fun z -> query q z * asked k z) [ 0L; 1L; 2L ])
                        ]
                        |> List.sum
                        |> fun sum -> log sum / 0.7
                    | _ -> 0.0))

            Expect.floatClose Accuracy.low (number energies[0]) expected "−Σ log Σ exp(β K · Q) / β"))

let private attentionUpdate =
    testCase
        "the descent of the queries is attention over the keys"
        (scoped (fun () ->
            use synapse =
                new AttentionSynapse(key, [| 3L; 4L |], [| 5L; 4L |], AttentionOptions(HeadSize = 4L))

            let queries, keys = (normal [ 3L; 4L ]).requires_grad_(), normal [ 5L; 4L ]
            (synapse.forward [| queries; keys |]).backward()
            let asked = keys.matmul synapse.Key[0]
            let alignment = (queries.matmul synapse.Query[0]).matmul(asked.transpose (0L, 1L))
            let attended = Activations.Softmax(alignment, 0.5).matmul asked
            close (attended.matmul (synapse.Query[0].transpose(0L, 1L))) (queries.grad.neg ()) "softmax(β Q Kᵀ) K Wqᵀ"))

let private own =
    testList "a user's own" [
        testCase
            "function of one, two, three or many activations"
            (scoped (fun () ->
                let a, b, c = normal [ 2L; 3L ], normal [ 2L; 3L ], normal [ 2L; 3L ]
                let sum (t: Tensor) = t.sum -1L

                let direct: (Hypersynapse * Tensor list * Tensor) list = [
                    Hypersynapse.Of(fun (a: Tensor) -> sum (a * a)), [ a ], sum (a * a)
                    Hypersynapse.Of(fun (a: Tensor) (b: Tensor) -> sum (a * b)), [ a; b ], sum (a * b)
                    Hypersynapse.Of(fun (a: Tensor) (b: Tensor) (c: Tensor) -> sum (a * b * c)),
                    [ a; b; c ],
                    sum (a * b * c)
                    Hypersynapse.OfMany(fun all -> sum (all |> Array.reduce (*))), [ a; b ], sum (a * b)
                    Hypersynapse.one (fun a -> sum (a * a)), [ a ], sum (a * a)
                    Hypersynapse.two (fun a b -> sum (a * b)), [ a; b ], sum (a * b)
                    Hypersynapse.three (fun a b c -> sum (a * b * c)), [ a; b; c ], sum (a * b * c)
                    Hypersynapse.many (fun all -> sum (List.reduce (*) all)), [ b; c ], sum (b * c)
                ]

                for synapse, activations, expected in direct do
                    close expected (rowByRow synapse activations) "its function"))

        testCase
            "module, whose parameters become the synapse's"
            (scoped (fun () ->
                use lagrangian = new SoftmaxLagrangian(2.0)
                use synapse = Hypersynapse.Of(lagrangian)
                let names = [ for struct (name, _) in synapse.named_parameters () -> name ]
                Expect.equal names [ "energy.beta" ] "β"
                let x = normal [ 2L; 3L ]
                close (lagrangian.forward x) (rowByRow synapse [ x ]) "its value"))
    ]

let private builtIn: (string * (unit -> Hypersynapse) * int64 list list) list = [
    "linear", (fun () -> new LinearSynapse(key, [| 3L |], [| 2L; 2L |])), [ [ 3L ]; [ 2L; 2L ] ]
    "three layers", (fun () -> new LinearSynapse(key, [| 3L |], [| 2L |], [| 4L |])), [ [ 3L ]; [ 2L ]; [ 4L ] ]
    "biased", (fun () -> new BiasedLinearSynapse(key, [| 3L |], [| 4L |])), [ [ 3L ]; [ 4L ] ]
    "bias", (fun () -> new BiasSynapse(torch.randn 3L)), [ [ 3L ] ]
    "convolution", (fun () -> new ConvolutionSynapse(key, [| 1L; 4L; 4L |], 2L, 3L)), [ [ 1L; 4L; 4L ]; [ 2L; 2L; 2L ] ]
    "attention", (fun () -> new AttentionSynapse(key, [| 3L; 4L |], [| 2L; 4L |])), [ [ 3L; 4L ]; [ 2L; 4L ] ]
]

let private perSynapse name test =
    testList name [
        for label, make, shapes in builtIn ->
            testCase
                label
                (scoped (fun () ->
                    use synapse = make ()
                    test synapse [ for shape in shapes -> normal (2L :: shape) ]))
    ]

let private modules =
    testList "modules" [
        perSynapse "a loaded synapse gives the saved one's energies" (fun synapse activations ->
            use stream = new MemoryStream()
            let expected = synapse.forward (Array.ofList activations)
            synapse.save (stream :> Stream) |> ignore

            (use _ = torch.no_grad ()

             for parameter in synapse.parameters () do
                 parameter.fill_ (0.3f.ToScalar()) |> ignore)

            use saved = new MemoryStream(stream.ToArray())
            synapse.load (saved :> Stream) |> ignore
            close expected (synapse.forward (Array.ofList activations)) "the same")

        perSynapse "every parameter has a gradient" (fun synapse activations ->
            (synapse.forward (Array.ofList activations)).sum().backward()

            for struct (name, parameter) in synapse.named_parameters () do
                Expect.isTrue ((not (isNull parameter.grad)) && number (parameter.grad.abs().sum()) > 0.0) name)

        perSynapse "a call leaves its result and nothing else" (fun synapse activations ->
            use scope = torch.NewDisposeScope()
            synapse.forward (Array.ofList activations) |> ignore
            Expect.equal scope.DisposablesCount 1 "one tensor")

        perSynapse "float64 follows the module" (fun synapse activations ->
            synapse.``to`` (torch.ScalarType.Float64) |> ignore

            let energies =
                synapse.forward [| for x in activations -> x.``to`` (torch.ScalarType.Float64) |]

            Expect.equal energies.dtype torch.ScalarType.Float64 "energies")
    ]

let private errors =
    let fails (parts: string list) (call: unit -> unit) =
        let error = Expect.throwsC call id
        Expect.isTrue (error :? ArgumentException) $"{error.GetType().Name}: {error.Message}"

        for part in parts do
            Expect.stringContains error.Message part "what came and what was wanted"

    testList "errors" [
        testCase
            "of the constructors"
            (scoped (fun () ->
                fails [ "[4, 3]"; "[12, 5]" ] (fun () ->
                    new LinearSynapse(torch.ones (4L, 3L), [| 12L |], [| 5L |]) |> ignore)

                fails [ "at least one" ] (fun () -> new LinearSynapse(key) |> ignore)
                fails [ "[0]" ] (fun () -> new LinearSynapse(key, [| 0L |], [| 2L |]) |> ignore)

                fails [ "[3]"; "[..., 4]" ] (fun () ->
                    new BiasedLinearSynapse(torch.ones (2L, 4L), torch.ones 3L) |> ignore)

                fails [ "[4, 4]"; "[channels, height, width]" ] (fun () ->
                    new ConvolutionSynapse(key, [| 4L; 4L |], 2L, 3L) |> ignore)

                fails [ "do not fit" ] (fun () -> new ConvolutionSynapse(key, [| 1L; 4L; 4L |], 2L, 5L) |> ignore)

                fails [ "[5]"; "[tokens, size]" ] (fun () ->
                    new AttentionSynapse(key, [| 5L |], [| 5L; 2L |]) |> ignore)

                fails [ "3 queries and 4 keys" ] (fun () ->
                    new AttentionSynapse(key, [| 3L; 2L |], [| 4L; 2L |], AttentionOptions(ExcludeSelf = true))
                    |> ignore)

                fails [ "Heads" ] (fun () ->
                    new AttentionSynapse(key, [| 3L; 2L |], [| 4L; 2L |], AttentionOptions(Heads = 0L)) |> ignore)))

        testCase
            "of a call"
            (scoped (fun () ->
                use synapse = new LinearSynapse(key, [| 3L |], [| 2L |])
                fails [ "1 layers came; 2 are wanted" ] (fun () -> synapse.forward [| torch.ones 3L |] |> ignore)

                fails [ "[4]"; "[...batch, 3]" ] (fun () ->
                    synapse.forward [| torch.ones 4L; torch.ones 2L |] |> ignore)))
    ]

[<Tests>]
let tests =
    testList "hypersynapses" [
        linear
        convolution
        unwritten
        attention false
        attention true
        attentionUpdate
        own
        modules
        errors
    ]
