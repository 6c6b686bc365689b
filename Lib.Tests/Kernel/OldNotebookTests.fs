/// The installed kernel, at the wire: what notebooks and scripts of F# Interactive and .NET Interactive may say.
module Engram.Tests.Kernel.OldNotebookTests

open System.Text.Json.Nodes
open Expecto

let private shown (heard: Heard list) =
    heard
    |> List.filter (fun message -> message.Type = "display_data" || message.Type = "execute_result")
    |> List.map (fun message -> string message.Content["data"].["text/plain"])
    |> String.concat "\n"

let private ask (client: WireClient) (code: string) =
    let content = JsonObject()
    content["code"] <- JsonValue.Create code
    client.Ask("is_complete_request", content.ToJsonString()).Text "status"

[<Tests>]
let tests =
    testSequenced
    <| testList "kernel and old notebooks" [

        testCase "F#" (fun () ->
            use kernel = new KernelProcess(".net-fsharp")
            let client = kernel.Client

            let reply, heard =
                client.Run
                    "#if INTERACTIVE\ntype Shown = { Of: int }\nfsi.AddPrinter(fun (value: Shown) -> \"<\" + string value.Of + \">\")\n#endif"

            Expect.equal (reply.Text "status") "ok" "a printer"
            Expect.equal (shown heard) "" "says nothing"
            Expect.equal (client.Run "{ Of = 3 }" |> snd |> shown) "<3>" "and shows values"
            Expect.stringContains (client.Run "#help List.map" |> snd |> shown) "applying the given function" "#help"
            Expect.equal (ask client "#if INTERACTIVE\nlet a = 1") "incomplete" "an open #if"
            let reply, _ = client.Run "#!share a b --from csharp"
            Expect.stringContains (reply.Text "evalue") "and not 'b'" "a stray word")

        testCase "C#" (fun () ->
            use kernel = new KernelProcess(".net-csharp")
            let client = kernel.Client
            let reply, _ = client.Run "#! csharp\n1"
            Expect.stringContains (reply.Text "evalue") "'#! csharp' has a blank" "a blank"
            Expect.equal (ask client "\"\"\"\nabc") "incomplete" "an open raw string"
            let reply, _ = client.Run "#i \"nuget: no/such/folder\""
            Expect.stringContains (reply.Text "evalue") "no folder 'no/such/folder'" "no source")
    ]
