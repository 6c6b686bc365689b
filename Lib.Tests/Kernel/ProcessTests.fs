/// The installed kernel, in a process of its own, at the wire: each message of Jupyter's protocol in both languages.
module Engram.Tests.Kernel.ProcessTests

open System
open System.IO
open System.Text.Json.Nodes
open Expecto

/// One process a language for all tests that leave it as they found it.
let private shared =
    dict [
        for spec in [ ".net-csharp"; ".net-fsharp" ] -> spec, lazy (new KernelProcess(spec))
    ]

let private client (spec: string) = shared[spec].Value.Client

let private csharp () = client ".net-csharp"
let private fsharp () = client ".net-fsharp"

let private types (heard: Heard list) = [
    for message in heard do
        if message.Type <> "status" && message.Type <> "execute_input" then
            message.Type
]

let private plain (heard: Heard) =
    string heard.Content["data"].["text/plain"]

let private one kind (heard: Heard list) =
    heard |> List.filter (fun message -> message.Type = kind) |> List.exactlyOne

let private streams (heard: Heard list) =
    heard
    |> List.filter (fun message -> message.Type = "stream")
    |> List.map (fun message -> message.Text "text")
    |> String.concat ""

let private succeeds (client: WireClient) (code: string) =
    let reply, heard = client.Run code
    Expect.equal (reply.Text "status") "ok" $"{code}: {reply.Content.ToJsonString()}"
    heard

let private option (name: string) (value: bool) =
    name, (JsonValue.Create value :> JsonNode)

let private json (text: string) = JsonNode.Parse text

/// A request's content with code in it.
let private about (code: string) (more: string) =
    let content = (json more).AsObject()
    content["code"] <- JsonValue.Create code
    content.ToJsonString()

let private cells =
    testList "cells" [
        testTheory "text, displays and a result come in their order" [
            ".net-csharp",
            "Console.Write(\"a\"); Console.Error.Write(\"b\"); var d = display(\"one\"); d.Update(\"two\"); ClearOutput(true); 6 * 7"
            ".net-fsharp",
            "printf \"a\"\neprintf \"b\"\nlet d = display \"one\"\nd.Update \"two\"\nKernel.ClearOutput true\n6 * 7"
        ]
        <| fun (spec, code) ->
            let heard = succeeds (client spec) code

            Expect.equal
                (types heard)
                [
                    "stream"
                    "stream"
                    "display_data"
                    "update_display_data"
                    "clear_output"
                    "execute_result"
                ]
                "order"

            let display, update = one "display_data" heard, one "update_display_data" heard

            Expect.equal (plain display, plain update) ("one", "two") "display and its update"

            Expect.equal
                (string update.Content["transient"].["display_id"])
                (string display.Content["transient"].["display_id"])
                "one display"

            Expect.equal ((one "clear_output" heard).Text "wait") "true" "clear, and wait"
            Expect.equal (plain (one "execute_result" heard)) "42" "result"

        testTheory "an error has the exception's type and message, and a traceback by cell and line" [
            ".net-csharp", "int F(int n) =>\n    n == 0 ? throw new KeyNotFoundException(\"gone\") : F(n - 1);\nF(2)"
            ".net-fsharp",
            "let rec f n =\n    if n = 0 then raise (System.Collections.Generic.KeyNotFoundException \"gone\") else 1 + f (n - 1)\nf 2"
        ]
        <| fun (spec, code) ->
            let reply, heard = (client spec).Run code
            let error = one "error" heard

            for message in [ reply; error ] do
                Expect.equal (message.Text "ename") "System.Collections.Generic.KeyNotFoundException" "type"
                Expect.equal (message.Text "evalue") "gone" "message"

            let traceback = error.Content["traceback"].ToString()
            Expect.stringContains traceback $"""cell {reply.Text "execution_count"}""" "cell"
            Expect.stringContains traceback "line 2" "line"
            Expect.stringContains (error.Content["traceback"].[0].GetValue<string>()) "\u001b[" "colour"

        testTheory "an error of the compiler points at its place" [
            ".net-csharp", "var ok = 1;\nvar s = new Strin();", "CS0246"
            ".net-fsharp", "let ok = 1\nlet s = strin 3", "FS0039"
        ]
        <| fun (spec, code, name) ->
            let reply, _ = (client spec).Run code
            let traceback = reply.Content["traceback"].ToString()
            Expect.stringContains traceback name "the compiler's code"
            Expect.stringContains traceback "line 2" "line"

        testTheory "silent cells, cells without history, user expressions" [ ".net-csharp"; ".net-fsharp" ]
        <| fun spec ->
            let client = client spec
            let before, _ = client.Run "1"
            let reply, heard = client.Run("5 * 5", [ option "silent" true ])
            Expect.equal (types heard) [] "silent"

            let unstored, _ =
                client.Run(
                    "2 * 21",
                    [
                        option "store_history" false
                        "user_expressions", json """{"sum":"40 + 2","bad":"nothing"}"""
                    ]
                )

            Expect.equal (unstored.Text "execution_count") (before.Text "execution_count") "not counted"
            let answers = unstored.Content["user_expressions"]
            Expect.equal (string answers["sum"].["data"].["text/plain"]) "42" "expression"
            Expect.equal (string answers["bad"].["status"]) "error" "an expression that fails"

            let history =
                client.Ask("history_request", """{"hist_access_type":"tail","n":1,"raw":true,"output":true}""")

            Expect.equal (history.Content["history"].[0].[2].ToJsonString()) """["1","1"]""" "history"

        testCase "an error aborts the queue, and not where the client does not want that" (fun () ->
            let client = csharp ()

            let run stop =
                let cells =
                    [
                        client.Execute("throw new Exception(\"x\");", [ option "stop_on_error" stop ])
                    ]
                    @ List.init 2 (fun _ -> client.Execute "1")

                let replies = List.init 3 (fun _ -> (client.ShellReply()).Text "status")
                cells |> List.iter (client.Broadcasts >> ignore)
                replies

            Expect.equal (run true) [ "error"; "aborted"; "aborted" ] "stop_on_error"
            Expect.equal (run false) [ "error"; "ok"; "ok" ] "no stop_on_error")

        testCase "values pass from one language to the other" (fun () ->
            let client = csharp ()
            succeeds client "var numbers = new[] { 1, 2, 3 };" |> ignore

            let heard =
                succeeds client "#!fsharp\n#!share numbers --from csharp\nArray.sum numbers"

            Expect.equal (plain (one "execute_result" heard)) "6" "sum")

        testTheory "what programs write that a cell starts is the cell's, and all of it before the cell ends" [
            ".net-csharp",
            "Console.Write(\"a\"); System.Diagnostics.Process.Start(\"sh\", [\"-c\", \"seq 1 20000; printf 'hé'\"]).WaitForExit(); using (var raw = Console.OpenStandardOutput()) raw.Write(\"raw\"u8);"
            ".net-fsharp",
            "printf \"a\"\nSystem.Diagnostics.Process.Start(\"sh\", [ \"-c\"; \"seq 1 20000; printf 'hé'\" ]).WaitForExit()\nConsole.OpenStandardOutput().Write(\"raw\"B)"
        ]
        <| fun (spec, code) ->
            if OperatingSystem.IsWindows() then
                skiptest "Unix only"

            let numbers = String.init 20_000 (fun i -> $"{i + 1}\n")
            Expect.equal (streams (succeeds (client spec) code)) $"a{numbers}héraw" "text"

        testCase "text that a task writes after its cell belongs to that cell" (fun () ->
            let client = csharp ()

            let id =
                client.Execute "Task.Run(async () => { await Task.Delay(300); Console.Write(\"ripe\"); });"

            client.ShellReply() |> ignore
            client.Broadcasts id |> ignore
            let late = client.TryIOPub(TimeSpan.FromSeconds 20.0) |> Option.get
            Expect.equal (late.Type, late.ParentId, late.Text "text") ("stream", id, "ripe") "late text")
    ]

let private asks =
    testList "questions to the user" [
        testTheory "are asked of the client, with their prompt" [
            ".net-csharp", "Console.ReadLine()", "", "false"
            ".net-fsharp", "stdin.ReadLine()", "", "false"
            ".net-csharp", "await Kernel.GetInputAsync(\"name?\")", "name?", "false"
            ".net-csharp", "(await Kernel.GetPasswordAsync(\"secret?\")).GetClearTextPassword()", "secret?", "true"
            ".net-csharp", "#!set --name who --value @input:\"who?\"\nwho", "who?", "false"
            ".net-fsharp",
            "#!set --name hidden --value @password:\"key?\"\nhidden.GetClearTextPassword()",
            "key?",
            "true"
        ]
        <| fun (spec, code, prompt, hidden) ->
            let client = client spec
            let id = client.Execute code
            let question = client.StdinRequest()

            Expect.equal
                (question.Text "prompt", question.Text "password", question.ParentId)
                (prompt, hidden, id)
                "question"

            client.AnswerStdin "Ada"
            let reply = client.ShellReply()
            Expect.equal (reply.Text "status") "ok" (reply.Content.ToJsonString())
            Expect.equal (plain (one "execute_result" (client.Broadcasts id))) "Ada" "answer"

        testCase "are an error where the client does not allow them" (fun () ->
            let reply, _ =
                (csharp ()).Run("await Kernel.GetInputAsync(\"x\")", [ option "allow_stdin" false ])

            Expect.equal (reply.Text "status") "error" "not allowed")
    ]

let private editor =
    testList "an editor's questions" [
        testTheory "completion" [
            ".net-csharp", "Diff.Gra", "Grad", 5, 8
            ".net-fsharp", "Diff.gra", "grad", 5, 8
            ".net-csharp", "var s = \"😀\"; Math.Sq", "Sqrt", 18, 20
        ]
        <| fun (spec, code, wanted, first, last) ->
            let client = client spec

            succeeds
                client
                (if spec = ".net-csharp" then
                     "using Engram;"
                 else
                     "open Engram")
            |> ignore

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
            let client = client spec

            succeeds
                client
                (if spec = ".net-csharp" then
                     "using Engram;"
                 else
                     "open Engram")
            |> ignore

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

[<Tests>]
let tests =
    testSequenced
    <| testList "kernel process" [
        cells
        asks
        editor
        testCase "its processes end when they are asked to" (fun () ->
            for pair in shared do
                let kernel = pair.Value.Value
                kernel.Client.SendControl("shutdown_request", """{"restart":true}""") |> ignore
                let reply = kernel.Client.ControlReply()
                Expect.equal (reply.Type, reply.Text "restart") ("shutdown_reply", "true") "reply"
                Expect.isTrue (kernel.Ends 20.0) "the process ends"
                Expect.equal kernel.Process.ExitCode 0 kernel.Log)
    ]
