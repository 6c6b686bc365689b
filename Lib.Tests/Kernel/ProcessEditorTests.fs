/// What an editor asks the installed kernel.
module Engram.Tests.Kernel.ProcessEditorTests

open System
open System.Text.Json.Nodes
open Expecto
open Engram.Tests.Kernel.SharedKernels

/// A kernel in which the kit's names are seen.
let private withEngram spec =
    let client = client spec

    succeeds
        client
        (if spec = ".net-csharp" then
             "using Engram;"
         else
             "open Engram")
    |> ignore

    client

let tests =
    testList "an editor's questions" [
        testTheory "completion" [
            ".net-csharp", "Diff.Gra", "Grad", 5, 8
            ".net-fsharp", "Diff.gra", "grad", 5, 8
            ".net-csharp", "var s = \"😀\"; Math.Sq", "Sqrt", 18, 20
        ]
        <| fun (spec, code, wanted, first, last) ->
            let client = withEngram spec

            let position = (Globalization.StringInfo code).LengthInTextElements

            let reply =
                client.Ask("complete_request", about code $"""{{"cursor_pos":{position}}}""")

            let matches = reply.Content["matches"].AsArray() |> Seq.map string |> List.ofSeq

            Expect.contains matches wanted "match"

            Expect.equal
                (reply.Text "cursor_start", reply.Text "cursor_end")
                (string first, string last)
                "what it replaces"

        testTheory "inspection shows the signature and the summary" [
            ".net-csharp",
            "Diff.Grad",
            "Func<Tensor, Tensor> Diff.Grad(Func<Tensor, Tensor> f)\n\n∇f of a scalar-valued f"
            ".net-fsharp", "Diff.grad", "∇f of a scalar-valued f"
            ".net-fsharp", "List.map", "applying the given function"
        ]
        <| fun (spec, code, wanted) ->
            let client = withEngram spec

            let reply =
                client.Ask("inspect_request", about code $"""{{"cursor_pos":{code.Length},"detail_level":0}}""")

            Expect.equal (reply.Text "found") "true" code
            Expect.stringContains (string reply.Content["data"].["text/plain"]) wanted "summary"

        testTheory "completeness" [
            ".net-csharp", "1 + 1", "complete"
            ".net-csharp", "if (true) {", "incomplete"
            ".net-csharp", "int 1x = 2;", "invalid"
            ".net-fsharp", "1 + 1", "complete"
            ".net-fsharp", "let f x =", "incomplete"
            ".net-fsharp", "1 )", "invalid"
        ]
        <| fun (spec, code, status) ->
            let reply = (client spec).Ask("is_complete_request", about code "{}")
            Expect.equal (reply.Text "status") status code

        testCase "kernel_info and the heart do not wait behind a running cell" (fun () ->
            let client = csharp ()
            let id = client.Execute "while (true) { }"
            let info = client.Ask("kernel_info_request", "{}")
            Expect.equal (info.Text "implementation") "engram" "kernel info"
            Expect.isTrue (client.Beats()) "heartbeat"

            let complete =
                client.Ask("complete_request", """{"code":"Math.Sq","cursor_pos":7}""")

            Expect.contains (complete.Content["matches"].AsArray() |> Seq.map string) "Sqrt" "completion"
            client.SendControl("interrupt_request", "{}") |> ignore
            client.ControlReply() |> ignore
            client.ShellReply() |> ignore
            client.Broadcasts id |> ignore)

        testCase "comms: an unknown target is closed, and none is listed" (fun () ->
            let client = fsharp ()

            let opened =
                client.Send("comm_open", """{"comm_id":"c","target_name":"nobody","data":{}}""")
                |> client.Broadcasts

            Expect.equal ((one "comm_close" opened).Text "comm_id") "c" "closed"
            client.Send("comm_msg", """{"comm_id":"c","data":{}}""") |> client.Broadcasts |> ignore
            client.Send("comm_close", """{"comm_id":"c","data":{}}""") |> client.Broadcasts |> ignore
            Expect.equal ((client.Ask("comm_info_request", "{}")).Content["comms"].ToJsonString()) "{}" "no comms")

        testTheory "history by range and pattern" [ ".net-csharp"; ".net-fsharp" ]
        <| fun spec ->
            let client = client spec
            let first, _ = client.Run "10 + 1"
            client.Run "10 + 2" |> ignore

            let ask (request: string) =
                client.Ask("history_request", request).Content["history"].AsArray()
                |> Seq.map (fun row -> string row[2])
                |> List.ofSeq

            let line = first.Text "execution_count"

            Expect.equal
                (ask
                    $"""{{"hist_access_type":"range","session":0,"start":{line},"stop":{int line + 1},"raw":true,"output":false}}""")
                [ "10 + 1" ]
                "range"

            Expect.equal
                (ask """{"hist_access_type":"search","pattern":"10 + ?","n":2,"raw":true,"output":false}""")
                [ "10 + 1"; "10 + 2" ]
                "search"
    ]
