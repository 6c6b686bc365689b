module Engram.Tests.Cli.StillPicturesTests

open System
open System.Text.Json.Nodes
open System.Threading
open Expecto
open Engram.Charts
open Engram.Cli
open Engram.Notebooks
open Engram.Tests
open Engram.Tests.Cli.RunFakes

/// A cell that has shown something of these mime types.
let private shown (data: (string * string) list) =
    let bundle = JsonObject()

    for mime, json in data do
        bundle[mime] <- JsonNode.Parse json

    let output = JsonObject()
    output["output_type"] <- JsonValue.Create "display_data"
    output["data"] <- bundle
    let cell = code "chart"
    NotebookCell(cell.Id, cell.Kind, cell.Language, cell.Source, cell.Metadata, Outputs = [| output |])

let private png (cell: NotebookCell) = cell.Outputs[0].["data"].["image/png"]

let private figure = """{ "data": [{ "y": [1, 3, 2] }], "layout": {} }"""

[<Tests>]
let tests =
    testList "run: still pictures" [
        testCase "each chart gets one beside what it has; other outputs stay as they are" (fun () ->
            Requirements.chromium () |> ignore

            let cells = [|
                shown [ ChartDisplay.PlotlyMimeType, figure; "text/plain", "\"chart\"" ]
                shown [ "text/html", "\"<b>no chart</b>\"" ]
                shown [ ChartDisplay.PlotlyMimeType, figure; "image/png", "\"its own\"" ]
            |]

            let document = NotebookDocument(cells, JsonObject(), "csharp")

            let added =
                StillPictures.AddAsync(document, CancellationToken.None).GetAwaiter().GetResult()

            Expect.equal added 1 "charts without a picture"
            let picture = Convert.FromBase64String((png cells[0]).GetValue<string>())
            Expect.sequenceEqual picture[1..3] "PNG"B "a PNG file"
            Expect.equal (cells[0].Outputs[0].["data"].["text/plain"].GetValue<string>()) "chart" "beside its text"
            Expect.isNull (png cells[1]) "no chart"
            Expect.equal ((png cells[2]).GetValue<string>()) "its own" "a picture that was there")
    ]
