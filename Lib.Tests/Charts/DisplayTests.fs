module Engram.Tests.Charts.DisplayTests

open System
open System.IO
open System.Text.Json.Nodes
open System.Text.RegularExpressions
open Expecto
open Microsoft.DotNet.Interactive.Formatting
open Engram.Charts
open Engram.Tests
open Engram.Tests.Charts
open Engram.Tests.Notebooks

let private square = Interval.Symmetric 5.0

let private memories = array2D [ [ -1.0; 2.0 ]; [ 3.0; -4.9 ] ]

let private landscape beta =
    let energies: float[,] =
        Array2D.init 20 20 (fun row column -> beta * float (row * row - 3 * column) - 100.0)

    Landscape(energies, square, Title = Symbols.Beta beta, Memories = memories)

let private chart () =
    Figures.Landscapes(
        List.map landscape [ 0.01; 0.1; 1.0; 10.0 ],
        FigureOptions(Title = "Landscapes of E<sub>β</sub> </script>")
    )

/// Energies whose tick labels are long, far from zero.
let private descents () =
    let column beta =
        let states = PlotData.Shaped(Seq.init (3 * 2 * 2) (fun i -> float i - 6.0), 3, 2, 2)

        let energies =
            PlotData.Shaped(Seq.init (4 * 2) (fun i -> -201.55 + 0.01 * float i), 4, 2)

        Landscape((landscape beta).Energies, square, Title = Symbols.Beta beta, Exact = Trajectories(states, energies))

    Figures.Descents(
        List.map column [ 0.01; 1.0 ],
        FigureOptions(Title = "A title as long as the figure is wide, and a little longer")
    )

let private sharedScale () =
    Figures.Landscapes(
        List.map landscape [ 1.0; 2.0; 3.0; 4.0 ],
        FigureOptions(Columns = 2, Colors = ColorSharing.All, Width = 500)
    )

let private animation () =
    let values = PlotData.Shaped(Seq.init (3 * 4 * 4) float, 3, 4, 4)
    Figures.AnimatedHeatmap(values, [ "a"; "b"; "c" ], square, square)

let private shown mimeType (value: obj) =
    Formatter.ToDisplayString(value, (mimeType: string))

let private bundle =
    testList "in a cell" [
        testCase "Plotly's type is a JSON object of data, layout and config" (fun () ->
            let figure = JsonNode.Parse(shown "application/vnd.plotly.v1+json" (chart ()))
            Expect.hasLength (Json.items [ "data" ] figure) 8 "traces"
            Expect.equal (Json.number [ "layout"; "width" ] figure) 900.0 "width"
            Expect.isFalse ((Json.at [ "config"; "displaylogo" ] figure).GetValue<bool>()) "config")

        testCase "html is a fragment without RequireJS, and its JSON cannot end the script" (fun () ->
            let html = shown "text/html" (chart ())
            Expect.isFalse (Regex.IsMatch(html, "require|<html|<body")) "a fragment"
            Expect.equal (Regex.Matches(html, "</script>").Count) 1 "one end of script"
            Expect.stringContains html "https://cdn.plot.ly/plotly-2.28.0.min.js" "the page's last resort"
            Expect.isLessThan html.Length 100_000 "no plotly.js in it")

        testCase "a chart shown twice has two elements" (fun () ->
            let id html =
                Regex.Match(html, "id=\"(engram-[^\"]+)\"").Groups[1].Value

            let one, two = id (shown "text/html" (chart ())), id (shown "text/html" (chart ()))
            Expect.notEqual one two "ids")

        testCase "plain text is one line" (fun () ->
            Expect.equal (shown "text/plain" (chart ())) "Landscapes of Eβ : 4 panels, 4 heatmaps, 4 scatters" "line")

        testCase "the engine's bundle carries all three, Plotly's as JSON itself" (fun () ->
            let bundle = Engram.Notebooks.MimeBundles.Of(chart ())
            let types = [ for part in bundle.Data -> part.Key ]
            Expect.equal (set types) (set [ "application/vnd.plotly.v1+json"; "text/html"; "text/plain" ]) "types"
            Expect.hasLength (Json.items [ "application/vnd.plotly.v1+json"; "data" ] bundle.Data) 8 "traces")

        testCase "plotly.js is shown as a script that leaves a module loader alone, and as its name" (fun () ->
            let script = ChartDisplay.LoadPlotly()
            let html = shown "text/html" script

            Expect.stringStarts
                html
                "<script>if (!window.Plotly) (function (exports, module, define) {"
                "hides the loader"

            Expect.equal (Regex.Matches(html, "</script").Count) 1 "one end of script"
            Expect.equal (shown "text/plain" script) "plotly.js 2.28.0" "name")

        testCase "an animation holds its frames, and shows its last" (fun () ->
            let moving = animation ()
            let figure = JsonNode.Parse(shown "application/vnd.plotly.v1+json" moving)
            Expect.equal (Json.items [ "frames" ] figure |> List.map (Json.text [ "name" ])) [ "a"; "b"; "c" ] "frames"
            Expect.equal (Json.numbers [ "frames"; 1; "data"; 0; "z"; 0 ] figure) [ 16.0 .. 19.0 ] "second frame"
            Expect.equal (Json.numbers [ "data"; 0; "z"; 0 ] (Json.ofChart moving.Still)) [ 32.0 .. 35.0 ] "still"
            Expect.equal (Json.number [ "layout"; "coloraxis"; "cmin" ] figure) 0.0 "colours hold still"
            Expect.equal (shown "text/plain" moving) "chart: 1 panel, 1 heatmap, 3 frames" "line")
    ]

/// Opens a page in Chromium and waits until all its charts are drawn.
let private rendered (html: string) (look: Browser -> unit) =
    Requirements.chromium () |> ignore

    Samples.inFolder (fun folder ->
        let file = Path.Combine(folder, "chart.html")
        File.WriteAllText(file, html)
        use browser = new Browser(1000, 1000)
        browser.Open(Uri(file).AbsoluteUri)

        browser.WaitFor(
            60.0,
            "chart on the page",
            """document.readyState === "complete"
               && [...document.querySelectorAll("[id^=engram-]")].every(div => div.querySelector(".main-svg"))"""
        )

        look browser)

/// A heatmap as Plotly draws it.
let private heatmap = "image[*|href^='data:image/png']"

/// Texts of charts that stand over one another.
let private overlaps =
    """(() => {
      const boxes = [...document.querySelectorAll("svg text")].filter(t => t.textContent.trim())
        .map(t => ({ text: t.textContent, box: t.getBoundingClientRect() }));
      const overlaps = [];
      for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
        const a = boxes[i].box, b = boxes[j].box;
        if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
            Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3)
          overlaps.push(boxes[i].text + " / " + boxes[j].text);
      }
      return overlaps.join("; ");
    })()"""

let private page save =
    let file = Path.GetTempFileName()

    try
        save file
        File.ReadAllText file
    finally
        File.Delete file

let private chromium =
    testList "in Chromium" [
        testCase "a saved page draws offline, more charts join it, and no text stands over another" (fun () ->
            let more = shown "text/html" (descents ()) + shown "text/html" (sharedScale ())

            rendered ((page (chart ()).SaveHtml).Replace("</body>", more + "</body>")) (fun browser ->
                Expect.equal (browser.Count heatmap) (4 + 2 + 4) "heatmaps"

                Expect.equal
                    (browser.Count ".point")
                    (8 + 2 * 6 + 8)
                    "stars, and three states for each of two queries"

                Expect.equal (browser.Count "[data-unformatted^='β = ']") (4 + 2 + 4) "panel titles"
                Expect.equal (browser.Text overlaps) "" "texts that overlap"))

        testCase
            "on a dark page a chart lies on white paper no wider than itself, and its apology can be read"
            (fun () ->
                let dark =
                    $"""<body style="background:#1e1e1e;color:#ccc">{shown "text/html" (sharedScale ())}</body>"""

                Samples.inFolder (fun folder ->
                    Requirements.chromium () |> ignore
                    let file = Path.Combine(folder, "dark.html")
                    // An address that nobody answers stands for a machine without a network.
                    File.WriteAllText(file, dark.Replace("https://cdn.plot.ly/", "http://127.0.0.1:9/"))
                    use browser = new Browser(1000, 1000)
                    browser.Open(Uri(file).AbsoluteUri)
                    let chart = "document.querySelector('[id^=engram-]')"
                    browser.WaitFor(60.0, "apology", $"{chart}?.innerText.includes('could not be loaded')")

                    let style property =
                        browser.Text $"getComputedStyle({chart}.parentElement).{property}"

                    Expect.equal (style "backgroundColor") "rgb(255, 255, 255)" "paper"
                    Expect.equal (style "color") "rgb(43, 43, 43)" "ink"
                    Expect.equal (style "width") "500px" "as wide as the chart"))

        testCase "pictures: a chart, nothing that is no figure, the last frame of an animation" (fun () ->
            Requirements.chromium () |> ignore
            let figure (value: obj) = shown ChartDisplay.PlotlyMimeType value

            let pictures =
                ChartImages.PngAsync([ figure (chart ()); "no figure"; figure (animation ()) ], 0.5).Result

            Expect.isNull pictures[1] "no figure"
            let figure = Json.ofChart (chart ())

            for picture, name in [ pictures[0], "chart"; pictures[2], "animation" ] do
                Expect.sequenceEqual
                    picture[..7]
                    [| 0x89uy; 0x50uy; 0x4Euy; 0x47uy; 0x0Duy; 0x0Auy; 0x1Auy; 0x0Auy |]
                    name

            // Big-endian width and height stand behind the header and the first chunk's name.
            let number at =
                Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(ReadOnlySpan(pictures[0], at, 4))

            for at, side in [ 16, "width"; 20, "height" ] do
                let wanted = Json.number [ "layout"; side ] figure / 2.0
                Expect.isLessThan (abs (float (number at) - wanted)) 1.0 side)

        testCase "an animation draws with its slider, and ▶ plays it, frame by frame, to its last" (fun () ->
            rendered (page (animation ()).SaveHtml) (fun browser ->
                Expect.equal (browser.Count heatmap) 1 "heatmaps"
                Expect.equal (browser.Count ".slider-container") 1 "slider"

                browser.Evaluate
                    """document.querySelector(".js-plotly-plot").on("plotly_animatingframe", frame => {
                        document.body.dataset.played = (document.body.dataset.played ?? "") + frame.name;
                    });
                    null"""
                |> ignore

                browser.Click ".updatemenu-button"
                browser.WaitFor(20.0, "last frame", "document.body.dataset.played?.endsWith('c')")
                Expect.equal (browser.Text "document.body.dataset.played") "abc" "frames in their order"))
    ]

[<Tests>]
let tests = testList "chart display" [ bundle; chromium ]
