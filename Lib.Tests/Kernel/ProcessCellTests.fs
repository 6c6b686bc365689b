/// Cells at the installed kernel: what they show, how they fail, what they leave.
module Engram.Tests.Kernel.ProcessCellTests

open System
open Expecto
open Engram.Tests.Kernel.SharedKernels

let tests =
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
