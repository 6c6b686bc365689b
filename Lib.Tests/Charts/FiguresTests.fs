module Engram.Tests.Charts.FiguresTests

open System
open Expecto
open TorchSharp
open Engram.Charts
open Engram.Tests.Charts

let private square = Interval.Symmetric 5.0

let private memories = array2D [ [ -1.0; 2.0 ]; [ 3.0; -4.0 ]; [ 0.0; 0.5 ] ]

/// x² − y over the square, n × n, scaled.
let private valley n scale : float[,] =
    Array2D.init n n (fun row column ->
        let v i = -5.0 + 10.0 * float i / float (n - 1)
        scale * (v column * v column - v row))

let private betas = [ 0.01; 0.1; 1.0; 10.0 ]

let private landscapes () =
    betas
    |> List.map (fun beta -> Landscape(valley 9 beta, square, Title = Symbols.Beta beta, Memories = memories))

let private trajectories steps =
    let states = PlotData.Shaped(Seq.init (3 * 2 * 2) float, 3, 2, 2)

    let energies =
        PlotData.Table(Array2D.init 5 2 (fun t query -> float (query + 1) / float (t + 1)))

    Trajectories(states, energies, Steps = steps)

let private figures =
    testList "named figures" [
        testCase "landscapes stand in a row, each with its scale, its memories as black stars" (fun () ->
            let chart = Json.ofChart (Figures.Landscapes(landscapes ()))
            let heatmaps, points = Json.traces "heatmap" chart, Json.traces "scatter" chart
            Expect.hasLength heatmaps 4 "heatmaps"
            Expect.hasLength points 4 "stars"

            for i, star in List.indexed points do
                Expect.equal (Json.text [ "marker"; "symbol" ] star) "star" "symbol"
                Expect.equal (Json.text [ "marker"; "color" ] star) "#000000" "colour"
                Expect.equal (Json.numbers [ "x" ] star) [ -1.0; 3.0; 0.0 ] "v₁ of the memories"
                Expect.equal (Json.numbers [ "y" ] star) [ 2.0; -4.0; 0.5 ] "v₂ of the memories"
                Expect.equal ((Json.at [ "showlegend" ] star).GetValue<bool>()) (i = 0) "one entry in the legend"

            let axes = heatmaps |> List.map (Json.text [ "coloraxis" ])
            Expect.equal axes [ "coloraxis"; "coloraxis2"; "coloraxis3"; "coloraxis4" ] "a scale each"
            // x² − y over the square runs from −5 to 30.
            for axis, beta in List.zip axes betas do
                Expect.floatClose Accuracy.medium (Json.number [ "layout"; axis; "cmin" ] chart) (-5.0 * beta) "cmin"
                Expect.floatClose Accuracy.medium (Json.number [ "layout"; axis; "cmax" ] chart) (30.0 * beta) "cmax"

            for beta in betas do
                Expect.contains (Json.annotations chart) (Symbols.Beta beta) "panel title"

            let bars = Json.annotations chart |> List.filter ((=) "E<sub>β</sub>(v; Ξ)")
            Expect.hasLength bars 4 "titles of the colour bars")

        testCase "a heatmap's rows go up and its ends lie on the bounds" (fun () ->
            let chart =
                Json.ofChart (Figures.Landscape(Landscape(PlotData.Shaped([ 1.0 .. 6.0 ], 2, 3), square)))

            let heatmap = (Json.traces "heatmap" chart)[0]
            Expect.equal (Json.numbers [ "z"; 0 ] heatmap) [ 1.0; 2.0; 3.0 ] "lowest row"
            Expect.equal (Json.number [ "x0" ] heatmap, Json.number [ "dx" ] heatmap) (-5.0, 5.0) "x"
            Expect.equal (Json.number [ "y0" ] heatmap, Json.number [ "dy" ] heatmap) (-5.0, 10.0) "y")

        testCase "colours run from green over white to pink, blended on white" (fun () ->
            let chart = Json.ofChart (Figures.Landscape(List.head (landscapes ())))
            let scale = Json.items [ "layout"; "coloraxis"; "colorscale" ] chart
            Expect.hasLength scale 11 "ColorBrewer's eleven"
            // matplotlib: PiYG_r(0) = #276419 and PiYG_r(1) = #8e0152, with alpha 0.8 over white.
            Expect.equal (Json.text [ 1 ] scale[0]) "#528347" "lowest"
            Expect.equal (Json.text [ 1 ] scale[10]) "#a53475" "highest")

        testCase "energies can share a scale by row, column or all" (fun () ->
            let scales sharing =
                let eight = landscapes () @ landscapes ()

                let chart =
                    Json.ofChart (Figures.Landscapes(eight, FigureOptions(Columns = 4, Colors = sharing)))

                Json.traces "heatmap" chart |> List.map (Json.text [ "coloraxis" ]) |> List.distinct |> List.length

            Expect.equal
                (List.map scales [ ColorSharing.Each; ColorSharing.Column; ColorSharing.Row; ColorSharing.All ])
                [ 8; 4; 2; 1 ]
                "number of colour axes")

        testCase "a shared scale spans all its values" (fun () ->
            let chart =
                Json.ofChart (Figures.Landscapes(landscapes (), FigureOptions(Colors = ColorSharing.Row)))

            Expect.equal (Json.number [ "layout"; "coloraxis"; "cmin" ] chart) -50.0 "from the lowest"
            Expect.equal (Json.number [ "layout"; "coloraxis"; "cmax" ] chart) 300.0 "to the highest"

            let bars = Json.annotations chart |> List.filter ((=) "E<sub>β</sub>(v; Ξ)")
            Expect.hasLength bars 1 "one bar, with its title")

        testCase "descents: landscapes above, a row of energies for each query below" (fun () ->
            let columns =
                landscapes ()
                |> List.map (fun (l: Landscape) ->
                    Landscape(l.Energies, square, Exact = trajectories 100, Approximate = trajectories 100))

            let chart = Json.ofChart (Figures.Descents columns)

            let lines, dots =
                Json.traces "scatter" chart |> List.partition (fun trace -> Json.text [ "mode" ] trace = "lines")

            Expect.hasLength lines (4 * 2 * 2) "energies: columns × queries × two gradients"
            Expect.hasLength dots (4 * 2 * 2) "ways: columns × queries × two gradients"
            let colours = lines |> List.map (Json.text [ "line"; "color" ]) |> List.countBy id
            Expect.containsAll colours [ "#0165fc", 8; "#c04e01", 8 ] "bright blue and burnt orange"

            let named =
                Json.items [ "data" ] chart
                |> List.filter (fun trace -> (Json.at [ "showlegend" ] trace).GetValue<bool>())
                |> List.map (Json.text [ "name" ])

            Expect.equal (set named) (set [ Symbols.ExactGradient; Symbols.ApproximateGradient ]) "legend"
            Expect.equal (Json.numbers [ "x" ] lines[0]) [ 0.0; 25.0; 50.0; 75.0; 100.0 ] "steps"
            Expect.equal (Json.numbers [ "y" ] lines[0] |> List.head) 1.0 "first query's first energy"
            Expect.equal (Json.text [ "layout"; "xaxis9"; "title"; "text" ] chart) "step t" "x title of the last row"
            Expect.isFalse (Json.has [ "layout"; "xaxis5"; "title" ] chart) "no x title above it"
            Expect.equal (Json.text [ "layout"; "yaxis9"; "title"; "text" ] chart) "E<sub>β</sub>, query 2" "y title")

        testCase "a way starts at its query" (fun () ->
            let landscape = Landscape(valley 5 1.0, square, Exact = trajectories 3)
            let chart = Json.ofChart (Figures.Descents [ landscape ])
            let way query = (Json.traces "scatter" chart)[query]
            // States 0…11 of shape [3, 2, 2]: query 1 visits (2, 3), (6, 7), (10, 11).
            Expect.equal (Json.numbers [ "x" ] (way 1)) [ 2.0; 6.0; 10.0 ] "v₁"
            Expect.equal (Json.numbers [ "y" ] (way 1)) [ 3.0; 7.0; 11.0 ] "v₂")

        testCase "a query's number stands behind it" (fun () ->
            let label (x: float, y: float) =
                let states = PlotData.Shaped([ x; y; 0.0; 0.0 ], 2, 1, 2)
                let ways = Trajectories(states, PlotData.Shaped([ 1.0; 0.0 ], 2, 1))

                let chart =
                    Json.ofChart (Figures.Descents [ Landscape(valley 5 1.0, square, Exact = ways) ])

                Json.traces "scatter" chart |> List.head |> Json.text [ "textposition" ]

            let towardsTheMiddle = [ 4.9, 4.9; -4.9, 4.9; -4.9, -4.9; 4.9, -4.9 ]
            let positions = [ "top right"; "top left"; "bottom left"; "bottom right" ]
            Expect.equal (List.map label towardsTheMiddle) positions "where")

        testCase "kernel values against approximations, with the diagonal and both symbols" (fun () ->
            let panel beta =
                Comparison([| 0.0; 0.5; 1.0 |], [| 0.1; 0.4; 0.9 |], Title = Symbols.Beta beta)

            let chart = Json.ofChart (Figures.KernelScatter(List.map panel betas))

            let diagonals, points =
                Json.traces "scatter" chart |> List.partition (fun trace -> Json.text [ "mode" ] trace = "lines")

            Expect.hasLength points 4 "scatters"

            for diagonal in diagonals do
                Expect.equal (Json.numbers [ "x" ] diagonal) (Json.numbers [ "y" ] diagonal) "x = y"

            Expect.equal (Json.text [ "layout"; "xaxis"; "title"; "text" ] chart) "κ(x, ξ<sup>μ</sup>)" "x"
            Expect.equal (Json.text [ "layout"; "yaxis"; "title"; "text" ] chart) "⟨Φ(x), Φ(ξ<sup>μ</sup>)⟩" "y"
            Expect.equal (Json.text [ "layout"; "xaxis4"; "matches" ] chart) "x" "shared axes")

        testCase "features are drawn in pale yellow to green on one scale" (fun () ->
            let chart = Json.ofChart (Figures.Features(landscapes () @ landscapes (), 4))
            Expect.hasLength (Json.traces "heatmap" chart) 8 "maps"
            // matplotlib: YlGn(0) = #ffffe5, with alpha 0.8 over white.
            Expect.equal (Json.text [ "layout"; "coloraxis"; "colorscale"; 0; 1 ] chart) "#ffffea" "lowest")

        testCase
            "a logarithmic axis labels powers of ten where it spans some, and digits where it spans none"
            (fun () ->
                let curve (low: float) (high: float) =
                    Panel(Curve([| 1.0; 2.0 |], [| low; high |]), YLog = true)

                let axis panel =
                    Json.ofChart (Figures.Panels([ panel ], FigureOptions(PanelHeight = 240)))
                    |> Json.at [ "layout"; "yaxis" ]

                let decades = axis (curve 1e-4 1.0)
                Expect.equal (Json.number [ "dtick" ] decades) 1.0 "a label a decade"
                Expect.equal (Json.text [ "exponentformat" ] decades) "power" "10⁻⁴, not 100µ"

                Expect.equal
                    (Json.number [ "dtick" ] (axis (curve 1e-40 1.0)))
                    4.0
                    "forty decades have room for ten labels"

                Expect.isFalse (Json.has [ "dtick" ] (axis (curve 1.0 5.0))) "less than a decade"
                Expect.isFalse (Json.has [ "dtick" ] (axis (curve 0.0 5.0))) "a zero has no place")

        testCase "energies over steps name what they compare" (fun () ->
            let curves = [
                Curve([| 3.0; 2.0; 1.0 |], Name = "exact")
                Curve([| 3.0; 2.5; 2.0 |], Name = "approximate")
            ]

            let chart = Json.ofChart (Figures.EnergyOverSteps curves)

            Expect.equal
                (Json.items [ "data" ] chart |> List.map (Json.text [ "name" ]))
                [ "exact"; "approximate" ]
                "names"

            Expect.equal (Json.text [ "layout"; "xaxis"; "title"; "text" ] chart) "step t" "x")
    ]

let private data =
    testList "data" [
        testCase "tensors of any dtype are copied" (fun () ->
            use tensor = torch.arange(6, dtype = torch.int64).reshape(2L, 3L)
            let data = PlotData.Of tensor
            Expect.sequenceEqual data.Shape [ 2; 3 ] "shape"
            Expect.sequenceEqual data.Values [ 0.0 .. 5.0 ] "values")

        testCase "a tensor that needs a gradient, transposed" (fun () ->
            use tensor =
                torch.tensor (array2D [ [ 1.0f; 2.0f ]; [ 3.0f; 4.0f ] ], requires_grad = true)

            Expect.sequenceEqual (PlotData.Of(tensor.t ())).Values [ 1.0; 3.0; 2.0; 4.0 ] "values")

        testCase "no tensor outlives its conversion" (fun () ->
            use tensor = torch.zeros 4L
            let before = DisposeScopeManager.Statistics.ThreadTotalLiveCount
            PlotData.Of tensor |> ignore
            Expect.equal DisposeScopeManager.Statistics.ThreadTotalLiveCount before "live tensors")

        testCase "NaN and infinities are gaps" (fun () ->
            let chart =
                Json.ofChart (Figures.EnergyOverSteps [ Curve [| 1.0; nan; infinity |] ])

            Expect.isFalse (Json.has [ "data"; 0; "y"; 1 ] chart) "NaN"
            Expect.isFalse (Json.has [ "data"; 0; "y"; 2 ] chart) "infinity")

        testCase "a landscape of one value still has a scale" (fun () ->
            let chart =
                Json.ofChart (Figures.Landscape(Landscape(PlotData.Shaped(Seq.replicate 9 7.0, 3, 3), square)))

            let ends =
                Json.number [ "layout"; "coloraxis"; "cmin" ] chart,
                Json.number [ "layout"; "coloraxis"; "cmax" ] chart

            Expect.equal ends (6.5, 7.5) "around it")
    ]

let private throws name (message: string) (act: unit -> unit) =
    testCase name (fun () ->
        let error = Expect.throwsC act id
        Expect.isTrue (error :? ArgumentException) $"{error.GetType()} is an ArgumentException"
        Expect.stringContains error.Message message "what came and what was wanted")

let private errors =
    testList "errors" [
        throws "energies that are no table" "energies has shape [3]" (fun () ->
            Landscape(PlotData.Row [ 1.0; 2.0; 3.0 ], square) |> ignore)
        throws "a disposed tensor" "disposed" (fun () ->
            let tensor = torch.zeros 3L
            tensor.Dispose()
            PlotData.Of tensor |> ignore)
        throws "memories in three dimensions" "[N, 2] is wanted" (fun () ->
            Figures.Landscape(Landscape(valley 3 1.0, square, Memories = PlotData.Shaped(Seq.init 12 float, 4, 3)))
            |> ignore)
        throws "bounds upside down" "rising order" (fun () -> Landscape(valley 3 1.0, Interval(5.0, -5.0)) |> ignore)
        throws "no panels" "panels is empty" (fun () -> Figures.Panels [] |> ignore)
        throws "more columns than fit" "30 columns do not fit" (fun () ->
            Figures.Landscapes(List.replicate 30 (List.head (landscapes ())), FigureOptions(Columns = 30))
            |> ignore)
        throws "descents without a descent" "without exact descents" (fun () ->
            Figures.Descents(landscapes ()) |> ignore)
        throws "comparisons of unequal length" "approximate has 1 values" (fun () ->
            Comparison([| 1.0; 2.0 |], [| 1.0 |]) |> ignore)
        throws "states of the wrong shape" "[S, Q, 2] is wanted" (fun () ->
            Trajectories(PlotData.Shaped([ 1.0; 2.0 ], 1, 2), valley 3 1.0) |> ignore)
        throws "a shape that does not hold the numbers" "wants 6" (fun () -> PlotData.Shaped([ 1.0 ], 2, 3) |> ignore)
        throws "frames that differ" "frame 1, 'b', is not like the first" (fun () ->
            let curve = Panel(Curve [| 1.0; 2.0 |])
            Figures.Animation [ AnimationFrame("a", curve); AnimationFrame("b", curve, curve) ] |> ignore)
        throws "labels that do not count the frames" "labels holds 1 names" (fun () ->
            Figures.AnimatedHeatmap(PlotData.Shaped(Seq.init 18 float, 2, 3, 3), [ "one" ], square, square)
            |> ignore)
    ]

[<Tests>]
let tests = testList "charts" [ figures; data; errors ]
