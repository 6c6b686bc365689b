/// A chart's JSON, read by path.
module Engram.Tests.Charts.Json

open System.Text.Json.Nodes
open Plotly.NET

let ofChart (chart: GenericChart) =
    JsonNode.Parse(GenericChart.toJson chart)

let at (path: obj list) (node: JsonNode) =
    (node, path)
    ||> List.fold (fun node step ->
        match step with
        | :? int as i -> node[i]
        | name -> node[string name])

let text path node = (at path node).GetValue<string>()
let number path node = (at path node).GetValue<float>()
let items path node = [ for item in (at path node).AsArray() -> item ]
let numbers path node = [ for item in items path node -> item.GetValue<float>() ]
let has path node = not (isNull (at path node))

/// The traces of a kind.
let traces kind chart =
    items [ "data" ] chart |> List.filter (fun trace -> text [ "type" ] trace = kind)

/// All annotations' texts: panel titles, the figure's title, titles of horizontal colour bars.
let annotations chart =
    items [ "layout"; "annotations" ] chart |> List.map (text [ "text" ])
