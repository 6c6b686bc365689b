/// What cells ask the user of the installed kernel.
module Engram.Tests.Kernel.ProcessQuestionTests

open System.IO
open Expecto
open Engram.Tests.Kernel.SharedKernels

let tests =
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

        testTheory "are an error where the client does not allow them" [
            "await Kernel.GetInputAsync(\"x\")"
            "Console.Read()"
            "await Console.In.ReadLineAsync()"
            "#!fsharp\nstdin.ReadLine()"
        ]
        <| fun code ->
            let reply, _ = (csharp ()).Run(code, [ option "allow_stdin" false ])
            Expect.equal (reply.Text "status") "error" "not allowed"
            Expect.stringContains (reply.Text "evalue") "this frontend cannot answer" "says so"

        testTheory "by other ways of the console" [
            "await Console.In.ReadLineAsync()", "Ada"
            "(char)Console.Read()", "'A'"
            "(char)Console.In.Peek()", "'A'"
            "var signs = new char[9]; new string(signs, 0, Console.In.Read(signs, 0, 9))", "Ada\n"
            "await Task.Run(() => Console.ReadLine())", "Ada"
        ]
        <| fun (code, wanted) ->
            let client = csharp ()
            // Each of them is asked, whatever was left of the answer before.
            let id = client.Execute code
            client.StdinRequest() |> ignore
            client.AnswerStdin "Ada"
            Expect.equal ((client.ShellReply()).Text "status") "ok" code
            Expect.equal (plain (one "execute_result" (client.Broadcasts id))) wanted "answer"

        testCase "do not ask for keys: there are none" (fun () ->
            let reply, _ = (csharp ()).Run "Console.ReadKey()"
            Expect.stringContains (reply.Text "evalue") "Cannot read keys" "says so")

        testCase "that a cell leaves behind do not keep the next one from asking" (fun () ->
            let client = csharp ()

            let id =
                client.Execute
                    "Task.Run(() => Console.ReadLine()); while (!System.IO.File.Exists(\"asked\")) await Task.Delay(10);"

            client.StdinRequest() |> ignore
            File.WriteAllText(Path.Combine(all[".net-csharp"].Value.Folder, "asked"), "")
            Expect.equal ((client.ShellReply()).Text "status") "ok" "it ends"
            client.Broadcasts id |> ignore
            let id = client.Execute "Console.ReadLine()"
            Expect.equal (client.StdinRequest()).ParentId id "the next one's question"
            client.AnswerStdin "Ada"
            client.ShellReply() |> ignore
            Expect.equal (plain (one "execute_result" (client.Broadcasts id))) "Ada" "answer")

        testCase "that come at once are asked one after the other" (fun () ->
            let client = csharp ()

            let id =
                client.Execute
                    "string.Join(' ', await Task.WhenAll(new[] { \"a\", \"b\" }.Select(each => Task.Run(() => Kernel.GetInputAsync(each)))))"

            let answers =
                Map [
                    for _ in 1..2 ->
                        let prompt = (client.StdinRequest()).Text "prompt"
                        client.AnswerStdin $"to {prompt}"
                        prompt, ()
                ]

            Expect.equal answers.Count 2 "both"
            client.ShellReply() |> ignore
            Expect.equal (plain (one "execute_result" (client.Broadcasts id))) "to a to b" "each has its own")
    ]
