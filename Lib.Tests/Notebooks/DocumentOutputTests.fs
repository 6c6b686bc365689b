module Engram.Tests.Notebooks.DocumentOutputTests

open System.Text.Json.Nodes
open Expecto
open Engram.Notebooks

let private out text =
    StreamWritten(StandardStream.Out, text) :> CellEvent

let private err text =
    StreamWritten(StandardStream.Error, text) :> CellEvent

let private show id text =
    ValueDisplayed(MimeBundle.Plain text, id) :> CellEvent

let private collect (events: CellEvent list) =
    let collector = OutputCollector()
    collector.StartCell 7
    List.iter collector.Hear events
    List.ofSeq collector.Outputs

let private kind (output: JsonObject) =
    output["output_type"].GetValue<string>()

let private lines (node: JsonNode) = [ for line in node.AsArray() -> line.GetValue<string>() ]

let private text (output: JsonObject) =
    lines output["text"] |> String.concat ""

let private plain (output: JsonObject) =
    lines output["data"].["text/plain"] |> String.concat ""

[<Tests>]
let tests =
    testList "documents: outputs" [
        testCase "neighbouring text of a stream is one output, in the order it came" (fun () ->
            let outputs = collect [ out "a"; out "b\nc"; err "!"; out "d" ]
            Expect.equal (List.map text outputs) [ "ab\nc"; "!"; "d" ] "three"
            Expect.equal (lines outputs[0].["text"]) [ "ab\n"; "c" ] "as lines"
            Expect.equal (outputs[1].["name"].GetValue<string>()) "stderr" "name")

        testCase "a value, a result and an error take nbformat's forms" (fun () ->
            let error =
                CellError("System.Exception", "no", System.Nullable 2, [| "at cell 1, line 2" |])

            let outputs =
                collect [ show null "x"; ValueReturned(MimeBundle.Plain "3"); CellFailed error ]

            Expect.equal (List.map kind outputs) [ "display_data"; "execute_result"; "error" ] "kinds"
            Expect.equal (outputs[1].["execution_count"].GetValue<int>()) 7 "count"
            Expect.equal (outputs[2].["ename"].GetValue<string>()) "System.Exception" "ename"
            Expect.equal (lines outputs[2].["traceback"]) [ "at cell 1, line 2" ] "traceback")

        testCase "text types are lists of lines, JSON types and pictures are not" (fun () ->
            let data =
                JsonObject(
                    dict [
                        "text/html", JsonValue.Create "<b>\n</b>" :> JsonNode
                        "image/png", JsonValue.Create "AA\n" :> JsonNode
                        "application/vnd.plotly.v1+json", JsonObject() :> JsonNode
                    ]
                )

            let output = collect [ ValueDisplayed(MimeBundle data, null) ] |> List.head
            let shown = output["data"]
            Expect.equal (lines shown["text/html"]) [ "<b>\n"; "</b>" ] "html"
            Expect.equal (shown["image/png"].GetValue<string>()) "AA\n" "png"
            Expect.isTrue (shown["application/vnd.plotly.v1+json"] :? JsonObject) "json")

        testCase "an update changes what an earlier cell showed, and adds nothing" (fun () ->
            let collector = OutputCollector()
            collector.StartCell 1
            List.iter collector.Hear [ show "id" "old"; show "other" "same"; show "id" "old too" ]
            let first = List.ofSeq collector.Outputs
            collector.StartCell 2
            collector.Hear(DisplayUpdated(MimeBundle.Plain "new", "id"))
            collector.Hear(DisplayUpdated(MimeBundle.Plain "lost", "nobody's"))
            Expect.isEmpty collector.Outputs "nothing in the second cell"
            Expect.equal (List.map plain first) [ "new"; "same"; "new" ] "in place")

        testCase "a progress display that is updated a thousand times is one output" (fun () ->
            let updates = [
                for i in 1..1000 -> DisplayUpdated(MimeBundle.Plain $"{i}", "p") :> CellEvent
            ]

            let outputs = collect (show "p" "0" :: updates)
            Expect.equal (List.map plain outputs) [ "1000" ] "the last state")

        testCase "clear_output: at once, or when the next output comes" (fun () ->
            Expect.isEmpty (collect [ out "a"; OutputCleared false ]) "at once"
            let waiting = collect [ out "a"; OutputCleared true ]
            Expect.equal (List.map text waiting) [ "a" ] "it waits"
            let replaced = collect [ out "a"; OutputCleared true; out "b"; out "c" ]
            Expect.equal (List.map text replaced) [ "bc" ] "then it goes")

        testCase "a line that carriage returns overwrote is kept as it was left" (fun () ->
            let outputs = collect [ out "1 %\r"; out "50 %\r"; out "100 %\ndone\r\nend\r" ]
            Expect.equal (List.map text outputs) [ "100 %\ndone\nend" ] "the last of each line")

        testCase "a flood of text is cut, with a notice" (fun () ->
            let flood = collect [ for _ in 1..3000 -> out (String.replicate 1000 "x") ]
            Expect.equal flood.Length 1 "one output"
            Expect.stringContains (text flood[0]) "2,000,000 more characters were cut" "the notice"
            Expect.isLessThan (text flood[0]).Length 1_000_100 "the size")

        testCase "a flood between values carries one notice, at the end of the stream" (fun () ->
            let limits = OutputLimits(StreamCharacters = 10)
            let collector = OutputCollector limits
            collector.StartCell 1
            List.iter collector.Hear [ out "12345678"; show null "v"; out "90abc"; show null "w"; out "more" ]
            let outputs = List.ofSeq collector.Outputs
            Expect.equal (List.map kind outputs) [ "stream"; "display_data"; "stream"; "display_data" ] "kinds"
            Expect.equal (text outputs[0]) "12345678" "the first is whole"
            Expect.equal (text outputs[2]) "90\n… 7 more characters were cut.\n" "the notice")

        testCase "a flood of values is cut, the error after it is kept" (fun () ->
            let error = CellError("E", "m", System.Nullable(), [||])

            let values = [ for i in 1..1500 -> show null $"{i}" ]
            let outputs = collect (values @ [ CellFailed error ])

            Expect.equal outputs.Length 1002 "a thousand, the error, the notice"
            Expect.equal (kind outputs[1000]) "error" "the error"
            Expect.stringContains (text outputs[1001]) "500 more outputs were cut" "the notice")
    ]
