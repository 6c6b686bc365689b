/// What cells ask the user of the installed kernel.
module Engram.Tests.Kernel.ProcessQuestionTests

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

        testCase "are an error where the client does not allow them" (fun () ->
            let reply, _ =
                (csharp ()).Run("await Kernel.GetInputAsync(\"x\")", [ option "allow_stdin" false ])

            Expect.equal (reply.Text "status") "error" "not allowed")
    ]
