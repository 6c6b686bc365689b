/// The installed kernel, in a process of its own for each language, and what its client reads of it.
module Engram.Tests.Kernel.SharedKernels

open System.Text.Json.Nodes
open Expecto

/// One process a language for all tests that leave it as they found it.
let all =
    dict [
        for spec in [ ".net-csharp"; ".net-fsharp" ] -> spec, lazy (new KernelProcess(spec))
    ]

let client (spec: string) = all[spec].Value.Client

let csharp () = client ".net-csharp"
let fsharp () = client ".net-fsharp"

let types (heard: Heard list) = [
    for message in heard do
        if message.Type <> "status" && message.Type <> "execute_input" then
            message.Type
]

let plain (heard: Heard) =
    string heard.Content["data"].["text/plain"]

let one kind (heard: Heard list) =
    heard |> List.filter (fun message -> message.Type = kind) |> List.exactlyOne

let streams (heard: Heard list) =
    heard
    |> List.filter (fun message -> message.Type = "stream")
    |> List.map (fun message -> message.Text "text")
    |> String.concat ""

let succeeds (client: WireClient) (code: string) =
    let reply, heard = client.Run code
    Expect.equal (reply.Text "status") "ok" $"{code}: {reply.Content.ToJsonString()}"
    heard

let option (name: string) (value: bool) =
    name, (JsonValue.Create value :> JsonNode)

let json (text: string) = JsonNode.Parse text

/// A request's content with code in it.
let about (code: string) (more: string) =
    let content = (json more).AsObject()
    content["code"] <- JsonValue.Create code
    content.ToJsonString()
