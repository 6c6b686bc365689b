module Engram.Tests.Notebooks.FormatterTests

open System
open System.Collections.Generic
open System.Text.Json.Nodes
open Expecto
open Microsoft.DotNet.Interactive.Formatting
open Engram.Notebooks
open Plotly.NET
open Engram.Tests.Notebooks.Shown

type OldChart() =
    member _.Data = [| 1; 2 |]

/// A library's formatter: it knows nothing of the Formatting library.
type ChartFormatter(mimeType: string, content: string) =
    member _.MimeType = mimeType

    member _.Format(_: obj, writer: IO.TextWriter) =
        writer.Write content
        true

type ChartSource() =
    member _.CreateTypeFormatters() : IEnumerable<obj> = [
        ChartFormatter("application/vnd.plotly.v1+json", """{"data":[]}""")
        ChartFormatter("text/html", "<div>chart</div>")
        ChartFormatter("text/plain", "a chart")
    ]

/// Known by its name only.
[<AttributeUsage(AttributeTargets.Class ||| AttributeTargets.Assembly)>]
type TypeFormatterSourceAttribute(source: Type) =
    inherit Attribute()
    member _.FormatterSourceType = source
    member val PreferredMimeTypes: string[] = [||] with get, set

[<TypeFormatterSource(typeof<ChartSource>, PreferredMimeTypes = [| "application/vnd.plotly.v1+json"; "text/html" |])>]
type OwnChart() =
    inherit OldChart()

type Foreign() =
    member _.Buffer = Array.zeroCreate<float> 100000

type ForeignFormatter(mimeType: string, content: string) =
    inherit ChartFormatter(mimeType, content)
    member _.Type = typeof<Foreign>

type ForeignSource() =
    member _.CreateTypeFormatters() : IEnumerable<obj> = [
        ForeignFormatter("text/html", "<i>foreign</i>")
        ForeignFormatter("text/plain", "foreign")
    ]

[<assembly: TypeFormatterSource(typeof<ForeignSource>)>]
do ()

type Registered(name: string) =
    member _.Name = name

type Failing() =
    member _.A = 1

type PlainOnly() =
    member _.A = 1

[<Tests>]
let tests =
    testList "formats" [
        testCase "a formatter that fails does not fail the cell" (fun () ->
            Formatter.Register<Failing>((fun (_: Failing) -> failwith<string> "no ink"), "text/html")
            has (plain (Failing())) "(the formatter for text/html failed: Exception: no ink)")

        testCase "a chart of Plotly.NET has the three forms that frontends take" (fun () ->
            Engram.Charts.ChartDisplay.Register()
            let chart = Chart.Line(xy = [ 1, 2; 3, 4 ])
            let types = [ for entry in (MimeBundles.Of chart).Data -> entry.Key ]
            Expect.equal types [ "application/vnd.plotly.v1+json"; "text/html"; "text/plain" ] "mime types")

        testCase "JSON is shown as JSON" (fun () ->
            let shown = MimeBundles.Of(JsonNode.Parse """{"a":[1]}""")
            Expect.equal (shown.Data["application/json"].ToJsonString()) """{"a":[1]}""" "json"
            has (shown.Text "text/plain") "\"a\"")

        testCase "a library's source by attribute name gives all its mime types" (fun () ->
            let shown = MimeBundles.Of(OwnChart())
            let types = [ for entry in shown.Data -> entry.Key ]

            Expect.equal
                types
                [ "application/vnd.plotly.v1+json"; "text/html"; "text/plain" ]
                "all three, the preferred first"

            Expect.isTrue (shown.Data[types[0]] :? JsonObject) "JSON as JSON"
            Expect.equal (shown.Text "text/plain") "a chart" "plain")

        testCase "an assembly's source gives the formatters of types that are not its own" (fun () ->
            let shown = MimeBundles.Of(Foreign())
            Expect.equal (shown.Text "text/html") "<i>foreign</i>" "html"
            Expect.equal (plain [ Foreign() ]) "[foreign]" "nested"
            has (html [ Foreign() ]) "<li><i>foreign</i></li>")

        testCase "Formatter.Register is honoured, at the top and nested" (fun () ->
            Formatter.Register<Registered>((fun (r: Registered) -> $"<b>{r.Name}</b>"), "text/html")
            let shown = MimeBundles.Of(Registered "a")
            Expect.equal (shown.Text "text/html") "<b>a</b>" "html"
            has (shown.Text "text/plain") "Name = \"a\""
            has (html [ Registered "a" ]) "<b>a</b>"
            Expect.equal ((Registered "a").ToDisplayString "text/html") "<b>a</b>" "ToDisplayString")

        testCase "a formatter of plain text only stands for the whole value" (fun () ->
            Formatter.Register<PlainOnly>((fun (_: PlainOnly) -> "P!"), "text/plain")
            let shown = MimeBundles.Of(PlainOnly())
            Expect.equal (shown.Text "text/plain") "P!" "plain"
            Expect.isNull (shown.Text "text/html") "no other")

        testCase "ToDisplayString shows what a cell would" (fun () ->
            Expect.equal ([ 1; 2 ].ToDisplayString "text/plain") "[1, 2]" "plain"
            Expect.equal ({ X = 1; Y = 0.0 }.ToDisplayString "text/html") (html { X = 1; Y = 0.0 }) "html")

        testCase "chosen mime types, and text that is already what it is" (fun () ->
            let chosen = MimeBundles.Of({ X = 1; Y = 0.0 }, [| "application/json" |])

            Expect.equal
                [ for entry in chosen.Data -> entry.Key ]
                [ "application/json"; "text/plain" ]
                "json and plain"

            let raw = MimeBundles.Raw("# hi", "text/markdown")
            Expect.equal (raw.Text "text/markdown") "# hi" "markdown")
    ]
