module Engram.Tests.Kernel.ProtocolTests

open System
open System.IO
open System.Text
open System.Text.Json.Nodes
open Expecto
open Engram.Cli.Kernel

/// One kernel on a fake engine, in this process, for all tests of the list.
let private withKernel test () =
    let connection = Connection.create ()
    use log = new StringWriter()

    use server =
        new KernelServer(ConnectionFile.Parse(ReadOnlySpan(Encoding.UTF8.GetBytes connection.Json)), KernelLog log)

    let ended =
        System.Threading.Tasks.Task.Factory.StartNew(
            (fun () -> server.Run(new FakeEngine())),
            System.Threading.Tasks.TaskCreationOptions.LongRunning
        )

    use client = new WireClient(connection)
    client.WaitUntilReady()
    test client
    client.SendControl("shutdown_request", """{"restart":false}""") |> ignore
    Expect.equal (client.ControlReply().Type) "shutdown_reply" "the kernel says that it ends"
    Expect.isTrue (ended.Wait(TimeSpan.FromSeconds 10.0)) "and it ends"

let private wire name test = testCase name (withKernel test)

let private types (heard: Heard list) = heard |> List.map _.Type

let private option (name: string) (value: bool) =
    name, (JsonValue.Create value :> JsonNode)

let private tokens = [ "status"; "execute_input" ]

[<Tests>]
let tests =
    testList "kernel protocol" [
        wire "a cell: busy, input, stream, result, idle, with one parent" (fun client ->
            let reply, heard = client.Run "value 42"
            Expect.equal (types heard) (tokens @ [ "execute_result"; "status" ]) "order of messages"
            Expect.equal (reply.Text "status") "ok" "status"
            Expect.equal (reply.Text "execution_count") "1" "count"
            Expect.equal (string heard[2].Content["data"].["text/plain"]) "42" "result"
            Expect.equal (heard[2].Text "execution_count") "1" "the result's count"

            let _, heard = client.Run "print hello"
            Expect.equal (heard[2].Text "name", heard[2].Text "text") ("stdout", "hello") "standard output"
            let _, heard = client.Run "warn careful"
            Expect.equal (heard[2].Text "name", heard[2].Text "text") ("stderr", "careful") "standard error")

        wire "displays carry their id, and can be updated and cleared" (fun client ->
            let id (heard: Heard) =
                string heard.Content["transient"].["display_id"]

            let _, first = client.Run "show one"
            let _, second = client.Run "update two"
            let _, third = client.Run "clear"
            Expect.equal (first[2].Type, id first[2]) ("display_data", "the-display") "display"
            Expect.equal (second[2].Type, id second[2]) ("update_display_data", "the-display") "update"
            Expect.equal (third[2].Type, third[2].Text "wait") ("clear_output", "true") "clear")

        wire "a silent cell is heard by nobody and leaves no history" (fun client ->
            let reply, heard = client.Run("value 42", [ option "silent" true ])
            Expect.equal (types heard) [ "status"; "status" ] "nothing between busy and idle"
            Expect.equal (reply.Text "execution_count") "0" "not counted"
            client.Run("print kept", [ option "store_history" false ]) |> ignore
            client.Run "print stored" |> ignore

            let history =
                client.Ask("history_request", """{"hist_access_type":"tail","n":5,"raw":true,"output":false}""")

            Expect.equal (history.Content["history"].ToJsonString()) """[[1,1,"print stored"]]""" "history")

        wire "history by range and by pattern" (fun client ->
            for text in [ "value a"; "value b"; "value a" ] do
                client.Run text |> ignore

            let ask request =
                (client.Ask("history_request", request)).Content["history"].ToJsonString()

            Expect.equal
                (ask """{"hist_access_type":"range","session":0,"start":2,"stop":3,"output":true}""")
                """[[1,2,["value b","b"]]]"""
                "range, with output"

            Expect.equal
                (ask """{"hist_access_type":"search","pattern":"*a","unique":true}""")
                """[[1,3,"value a"]]"""
                "unique search"

            Expect.equal
                (ask """{"hist_access_type":"search","pattern":"value ?","n":2}""")
                """[[1,2,"value b"],[1,3,"value a"]]"""
                "the last two")

        wire "an error is broadcast and replied with name, message and traceback" (fun client ->
            let reply, heard = client.Run "fail badly"
            Expect.equal (types heard) (tokens @ [ "error"; "status" ]) "one error"

            Expect.equal
                (reply.Text "status", reply.Text "ename", reply.Text "evalue")
                ("error", "System.Exception", "badly")
                "reply"

            Expect.equal (heard[2].Content["traceback"].AsArray().Count) 1 "traceback"
            let reply, _ = client.Run "throw"
            Expect.stringContains (reply.Text "evalue") "itself broke" "an engine's own failure is an error too")

        wire "an error aborts what is queued, unless the client says otherwise" (fun client ->
            let run stop =
                let cells =
                    [ client.Execute("fail-when-told", [ option "stop_on_error" stop ]) ]
                    @ List.init 3 (fun _ -> client.Execute "value 1")

                // Answered on the channel on which the cells were sent: they are in the queue by then.
                Expect.equal (client.Ask("kernel_info_request", "{}").Type) "kernel_info_reply" "reply"
                client.StdinRequest() |> ignore
                client.AnswerStdin "now"
                let replies = List.init 4 (fun _ -> (client.ShellReply()).Text "status")
                cells |> List.iter (client.Broadcasts >> ignore)
                replies

            Expect.equal (run true) [ "error"; "aborted"; "aborted"; "aborted" ] "stop_on_error"
            Expect.equal (run false) [ "error"; "ok"; "ok"; "ok" ] "no stop_on_error"
            let reply, _ = client.Run "value 2"
            Expect.equal (reply.Text "status") "ok" "what is sent after the error runs")

        wire "user expressions are evaluated after the cell" (fun client ->
            let expressions = JsonNode.Parse """{"good":"value 7","bad":"fail it"}"""
            let reply, heard = client.Run("print x", [ "user_expressions", expressions ])
            let answers = reply.Content["user_expressions"]
            Expect.equal (string answers["good"].["data"].["text/plain"]) "7" "value"
            Expect.equal (string answers["bad"].["status"], string answers["bad"].["evalue"]) ("error", "it") "error"
            Expect.equal (types heard) (tokens @ [ "stream"; "status" ]) "expressions are not broadcast")

        wire "input is asked of the client that sent the cell, where it allows that" (fun client ->
            let id = client.Execute "ask name?"
            let question = client.StdinRequest()
            Expect.equal (question.Text "prompt", question.ParentId) ("name?", id) "question"
            client.AnswerStdin "Ada"
            Expect.equal ((client.ShellReply()).Text "status") "ok" "reply"
            let heard = client.Broadcasts id
            Expect.equal (string heard[2].Content["data"].["text/plain"]) "Ada" "answer"
            let reply, _ = client.Run("ask name?", [ option "allow_stdin" false ])
            Expect.equal (reply.Text "ename") "NoInput" "not allowed")

        wire "an interrupt stops a cell, and one that waits for input" (fun client ->
            for cell in [ "wait"; "ask x" ] do
                let id = client.Execute cell

                if cell = "ask x" then
                    client.StdinRequest() |> ignore
                else
                    Threading.Thread.Sleep 100

                client.SendControl("interrupt_request", "{}") |> ignore
                Expect.equal ((client.ControlReply()).Type) "interrupt_reply" "reply"
                Expect.equal ((client.ShellReply()).Text "status") "error" cell
                client.Broadcasts id |> ignore

            let reply, _ = client.Run "value 1"
            Expect.equal (reply.Text "status") "ok" "the kernel lives on")

        wire "kernel_info, completion and inspection do not wait behind a running cell" (fun client ->
            let cell = client.Execute "wait"
            let info = client.Ask("kernel_info_request", "{}")
            Expect.equal (info.Type) "kernel_info_reply" "kernel info"
            Expect.equal (string info.Content["language_info"].["name"]) "C#" "language"
            let complete = client.Ask("complete_request", """{"code":"😀c","cursor_pos":2}""")
            Expect.equal (complete.Content["matches"].ToJsonString()) """["cos","cosh"]""" "completion"

            Expect.equal
                (complete.Text "cursor_start", complete.Text "cursor_end")
                ("1", "2")
                "code points, not UTF-16"

            let inspect =
                client.Ask("inspect_request", """{"code":"cos","cursor_pos":3,"detail_level":0}""")

            Expect.stringContains (string inspect.Content["data"].["text/plain"]) "The cosine." "inspection"
            let nothing = client.Ask("inspect_request", """{"code":"?","cursor_pos":1}""")
            Expect.equal (nothing.Text "found") "false" "nothing is known"
            client.SendControl("interrupt_request", "{}") |> ignore
            client.ControlReply() |> ignore
            client.ShellReply() |> ignore
            client.Broadcasts cell |> ignore)

        wire "is_complete tells ready, unfinished and wrong" (fun client ->
            let ask code =
                let reply = client.Ask("is_complete_request", $"""{{"code":"{code}"}}""")
                reply.Text "status", string reply.Content["indent"]

            Expect.equal (ask "x") ("complete", "") "complete"
            Expect.equal (ask "x {") ("incomplete", "    ") "incomplete"
            Expect.equal (ask "x )") ("invalid", "") "invalid")

        wire "a comm to nobody is closed politely, and its messages do no harm" (fun client ->
            let opened =
                client.Send("comm_open", """{"comm_id":"c1","target_name":"nobody","data":{}}""")

            let heard = client.Broadcasts opened
            Expect.equal (types heard) [ "status"; "comm_close"; "status" ] "closed"
            Expect.equal (heard[1].Text "comm_id") "c1" "the same comm"
            client.Send("comm_msg", """{"comm_id":"c1","data":{}}""") |> client.Broadcasts |> ignore
            client.Send("comm_close", """{"comm_id":"c1","data":{}}""") |> client.Broadcasts |> ignore
            let info = client.Ask("comm_info_request", "{}")
            Expect.equal (info.Content["comms"].ToJsonString()) "{}" "no comms")

        wire "the pager shows what is known about a name" (fun client ->
            for cell in [ "?cos"; "cos?" ] do
                let reply, _ = client.Run cell
                let page = reply.Content["payload"].[0]
                Expect.equal (string page["source"]) "page" cell
                Expect.stringContains (string page["data"].["text/plain"]) "The cosine." cell)

        wire "the heart beats, also while a cell runs" (fun client ->
            Expect.isTrue (client.Beats()) "idle"
            client.Execute "wait" |> ignore
            Expect.isTrue (client.Beats()) "busy")

        wire "a flood of text is cut, with its size and its end" (fun client ->
            let _, heard = client.Run "flood 200000"

            let texts =
                heard
                |> List.filter (fun message -> message.Type = "stream")
                |> List.map (fun message -> message.Text "text")

            let all = String.concat "" texts
            Expect.isLessThan all.Length 1_100_000 "bounded"
            Expect.isLessThan texts.Length 100 "few messages"
            Expect.stringContains all "cut after 1,048,576 characters" "a notice at the cut"

            Expect.stringContains
                all
                $"{200_000_000 - 1_048_576 - 4096:N0} characters are left out"
                "and how much is missing")

        wire "streams that take turns are few messages, and in order at first" (fun client ->
            let run count =
                let _, heard = client.Run $"alternate {count}"

                [
                    for message in heard do
                        if message.Type = "stream" then
                            message.Text "name", message.Text "text"
                ]

            Expect.equal
                (run 3)
                [
                    for i in 1..3 do
                        "stdout", $"o{i} "
                        "stderr", $"e{i} "
                ]
                "in order"

            let many = run 50_000
            Expect.isLessThan many.Length 2_000 "few messages"

            for stream, sign in [ "stdout", "o"; "stderr", "e" ] do
                let text =
                    many |> Seq.filter (fun (name, _) -> name = stream) |> Seq.map snd |> String.concat ""

                Expect.equal text (String.init 50_000 (fun i -> $"{sign}{i + 1} ")) "nothing is lost")

        wire "text that comes between cells belongs to the last one" (fun client ->
            let id = client.Execute "later ripe"
            client.ShellReply() |> ignore
            client.Broadcasts id |> ignore
            let late = client.TryIOPub(TimeSpan.FromSeconds 5.0) |> Option.get
            Expect.equal (late.Type, late.ParentId, late.Text "text") ("stream", id, "ripe") "late text")

        wire "output that is no JSON harms only itself" (fun client ->
            client.Run "poison" |> ignore
            let reply, _ = client.Run "value 1"
            Expect.equal (reply.Text "status") "ok" "the kernel lives on")

        wire "no code runs before a valid signature, nor twice on one" (fun client ->
            let _, frames = client.Frames("execute_request", """{"code":"print stolen"}""")
            client.SendRaw(frames |> List.mapi (fun i frame -> if i = 1 then Array.rev frame else frame))
            client.SendRaw(frames |> List.mapi (fun i frame -> if i = 1 then [||] else frame))
            client.SendRaw frames
            client.SendRaw frames
            let reply, _ = client.Run "value 1"
            Expect.equal (reply.Type) "execute_reply" "the one good request"
            Expect.equal ((client.ShellReply()).Text "execution_count") "2" "and this one; none else")
    ]
