/// The installed kernel, in a process of its own, at the wire: each message of Jupyter's protocol in both languages.
module Engram.Tests.Kernel.ProcessTests

open Expecto
open Engram.Tests.Kernel.SharedKernels

[<Tests>]
let tests =
    testSequenced
    <| testList "kernel process" [
        ProcessCellTests.tests
        ProcessQuestionTests.tests
        ProcessEditorTests.tests
        testCase "its processes end when they are asked to" (fun () ->
            for pair in all do
                let kernel = pair.Value.Value
                kernel.Client.SendControl("shutdown_request", """{"restart":true}""") |> ignore
                let reply = kernel.Client.ControlReply()
                Expect.equal (reply.Type, reply.Text "restart") ("shutdown_reply", "true") "reply"
                Expect.isTrue (kernel.Ends 20.0) "the process ends"
                Expect.equal kernel.Process.ExitCode 0 kernel.Log)
    ]
