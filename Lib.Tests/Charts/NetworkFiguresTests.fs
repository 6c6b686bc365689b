module Engram.Tests.Charts.NetworkFiguresTests

open System
open Expecto
open TorchSharp
open Engram
open Engram.Charts
open Engram.Tests.Charts

let private lagrangians =
    testList "Lagrangians" [
        testCase "each stands beside its activation, a curve for each parameter" (fun () ->
            let exponential =
                LagrangianPlot.Of(
                    "exp",
                    (fun (x: torch.Tensor) (beta: float) -> Lagrangians.Exp(x, beta)),
                    "β",
                    [ 0.5; 1.0 ],
                    Interval.Symmetric 1.0
                )

            let identity =
                LagrangianPlot.Of(
                    "identity",
                    (fun (x: torch.Tensor) -> Lagrangians.Identity x),
                    Interval.Symmetric 2.0
                )

            let chart = Json.ofChart (NetworkFigures.Lagrangians [ exponential; identity ])

            match Json.traces "scatter" chart with
            | [ half; one; halfActivation; oneActivation; parabola; line ] ->
                let at (x: float) trace =
                    List.zip (Json.numbers [ "x" ] trace) (Json.numbers [ "y" ] trace)
                    |> List.minBy (fun (other, _) -> abs (other - x))
                    |> snd

                Expect.floatClose Accuracy.low (at 1.0 half) (2.0 * exp 0.5) "exp(βx) / β"
                Expect.floatClose Accuracy.low (at 1.0 halfActivation) (exp 0.5) "exp(βx)"
                Expect.floatClose Accuracy.low (at -1.0 one) (exp -1.0) "exp(βx) / β"
                Expect.floatClose Accuracy.low (at -1.0 oneActivation) (exp -1.0) "exp(βx)"
                Expect.floatClose Accuracy.low (at 2.0 parabola) 2.0 "½ x²"
                Expect.floatClose Accuracy.low (at 2.0 line) 2.0 "x"
            | traces -> failtest $"{traces.Length} curves"

            for title in
                [
                    "exp: Lagrangian"
                    "exp: activation"
                    "identity: Lagrangian"
                    "identity: activation"
                ] do
                Expect.contains (Json.annotations chart) title "panel title"

            Expect.equal (Json.text [ "layout"; "yaxis2"; "title"; "text" ] chart) "activation x̂ = ∂L/∂x" "axis title")

        testCase "of competing neurons the first one moves" (fun () ->
            let softmax =
                LagrangianPlot.OfFirst(
                    "softmax",
                    (fun (x: torch.Tensor) (beta: float) -> Lagrangians.Softmax(x, beta)),
                    "β",
                    [ 1.0 ],
                    Interval.Symmetric 1.0,
                    0.0,
                    1.0
                )

            let chart = Json.ofChart (NetworkFigures.Lagrangians [ softmax ])
            let last trace = Json.numbers [ "y" ] trace |> List.last

            match Json.traces "scatter" chart with
            | [ value; activation ] ->
                let sum = 1.0 + 2.0 * exp 1.0
                Expect.floatClose Accuracy.low (last value) (log sum) "log Σ exp x"
                Expect.floatClose Accuracy.low (last activation) (exp 1.0 / sum) "softmax"
            | traces -> failtest $"{traces.Length} curves")
    ]

let private frames = PlotData.Shaped(Seq.init (3 * 2 * 2 * 3) float, 3, 2, 2, 3)

let private pictures =
    testList "pictures" [
        testCase "stand upright, in one grey scale" (fun () ->
            let two = PlotData.Shaped(Seq.init 12 float, 2, 2, 3)
            let chart = Json.ofChart (NetworkFigures.Pictures(two, [ "a"; "b" ]))

            match Json.traces "heatmap" chart with
            | [ first; second ] ->
                // A heatmap's first row is its lowest.
                Expect.equal (Json.numbers [ "z"; 0 ] first) [ 3.0; 4.0; 5.0 ] "the last row below"
                Expect.equal (Json.numbers [ "z"; 1 ] second) [ 6.0; 7.0; 8.0 ] "the first row on top"
            | traces -> failtest $"{traces.Length} heatmaps"

            for axis in [ "coloraxis"; "coloraxis2" ] do
                Expect.equal (Json.number [ "layout"; axis; "cmin" ] chart) 0.0 "black"
                Expect.equal (Json.number [ "layout"; axis; "cmax" ] chart) 11.0 "white"

            Expect.containsAll (Json.annotations chart) [ "a"; "b" ] "titles")

        testCase "a recall has a row a picture and a column a step" (fun () ->
            let chart =
                Json.ofChart (NetworkFigures.Recall(frames, [| 0; 2 |], [| "first"; "last" |]))

            let heatmaps = Json.traces "heatmap" chart
            Expect.hasLength heatmaps 4 "two pictures, two steps"
            Expect.equal (Json.numbers [ "z"; 1 ] heatmaps[0]) [ 0.0; 1.0; 2.0 ] "picture 0, step 0"
            Expect.equal (Json.numbers [ "z"; 1 ] heatmaps[1]) [ 24.0; 25.0; 26.0 ] "picture 0, step 2"
            Expect.equal (Json.numbers [ "z"; 1 ] heatmaps[2]) [ 6.0; 7.0; 8.0 ] "picture 1, step 0")

        testCase "a recall plays, and its still is the last step" (fun () ->
            let animation = NetworkFigures.RecallAnimation(frames, [ "0"; "5"; "10" ])
            let still = Json.ofChart animation.Still

            Expect.equal
                (Json.numbers [ "z"; 1 ] (Json.traces "heatmap" still).[1])
                [ 30.0; 31.0; 32.0 ]
                "picture 1, step 2")

        testCase "energies have a curve for each state" (fun () ->
            let energies = PlotData.Shaped([ 3.0; 6.0; 2.0; 5.0; 1.0; 4.0 ], 3, 2)
            let chart = Json.ofChart (NetworkFigures.Energies(energies, [ "a"; "b" ]))
            let curves = Json.traces "scatter" chart
            Expect.equal (curves |> List.map (Json.numbers [ "y" ])) [ [ 3.0; 2.0; 1.0 ]; [ 6.0; 5.0; 4.0 ] ] "columns"
            Expect.equal (curves |> List.map (Json.text [ "name" ])) [ "a"; "b" ] "names")

        testCase "errors name the argument" (fun () ->
            let fails (argument: string) (call: unit -> obj) =
                let error = Expect.throwsC (fun () -> call () |> ignore) id

                match error with
                | :? ArgumentException as e -> Expect.equal e.ParamName argument e.Message
                | e -> failtest $"{e}"

            let flat = PlotData.Row [ 1.0; 2.0 ]
            fails "pictures" (fun () -> NetworkFigures.Pictures flat)
            fails "states" (fun () -> NetworkFigures.Recall(flat, [| 0 |], [| "a" |]))
            fails "steps" (fun () -> NetworkFigures.Recall(frames, [| 3 |], [| "a" |]))
            fails "titles" (fun () -> NetworkFigures.Recall(frames, [| 0; 1 |], [| "a" |]))
            fails "labels" (fun () -> NetworkFigures.RecallAnimation(frames, [ "a" ]))
            fails "energies" (fun () -> NetworkFigures.Energies flat)
            fails "plots" (fun () -> NetworkFigures.Lagrangians []))
    ]

[<Tests>]
let tests = testList "network figures" [ lagrangians; pictures ]
