namespace Engram.Tests.Kernel

open System
open System.Collections.Generic
open System.Net
open System.Net.Sockets
open System.Security.Cryptography
open System.Text
open System.Text.Json.Nodes
open NetMQ
open NetMQ.Sockets

/// A message as a client sees it.
type Heard = {
    Type: string
    ParentId: string
    Content: JsonObject
    Frames: byte[] list
} with

    member heard.Text(name: string) = string heard.Content[name]

/// Ports and key of a kernel, and the file that tells it.
type Connection = {
    Shell: int
    IOPub: int
    Stdin: int
    Control: int
    Heartbeat: int
    Key: string
} with

    member connection.Json =
        JsonObject(
            [
                KeyValuePair("transport", JsonValue.Create "tcp" :> JsonNode)
                KeyValuePair("ip", JsonValue.Create "127.0.0.1" :> JsonNode)
                KeyValuePair("signature_scheme", JsonValue.Create "hmac-sha256" :> JsonNode)
                KeyValuePair("key", JsonValue.Create connection.Key :> JsonNode)
                KeyValuePair("shell_port", JsonValue.Create connection.Shell :> JsonNode)
                KeyValuePair("iopub_port", JsonValue.Create connection.IOPub :> JsonNode)
                KeyValuePair("stdin_port", JsonValue.Create connection.Stdin :> JsonNode)
                KeyValuePair("control_port", JsonValue.Create connection.Control :> JsonNode)
                KeyValuePair("hb_port", JsonValue.Create connection.Heartbeat :> JsonNode)
            ]
        )
            .ToJsonString()

module Connection =
    let private freePorts count =
        let listeners = List.init count (fun _ -> new TcpListener(IPAddress.Loopback, 0))
        listeners |> List.iter _.Start()

        let ports =
            listeners |> List.map (fun listener -> (listener.LocalEndpoint :?> IPEndPoint).Port)

        listeners |> List.iter _.Stop()
        ports

    let create () =
        match freePorts 5 with
        | [ shell; iopub; stdin; control; heartbeat ] -> {
            Shell = shell
            IOPub = iopub
            Stdin = stdin
            Control = control
            Heartbeat = heartbeat
            Key = Guid.NewGuid().ToString()
          }
        | _ -> failwith "five ports"

/// A Jupyter client written from the protocol's documents, sharing no code with the kernel.
type WireClient(connection: Connection) =
    let session = Guid.NewGuid().ToString()
    let identity = Encoding.ASCII.GetBytes session
    let key = Encoding.UTF8.GetBytes connection.Key
    let patience = TimeSpan.FromSeconds 30.0

    let dealer (port: int) =
        let socket = new DealerSocket()
        socket.Options.Identity <- identity
        socket.Options.Linger <- TimeSpan.Zero
        socket.Connect $"tcp://127.0.0.1:{port}"
        socket

    let shell = dealer connection.Shell
    let control = dealer connection.Control
    let stdin = dealer connection.Stdin

    let heartbeat =
        let socket = new RequestSocket()
        socket.Options.Linger <- TimeSpan.Zero
        socket.Connect $"tcp://127.0.0.1:{connection.Heartbeat}"
        socket

    let iopub =
        let socket = new SubscriberSocket()
        socket.Options.Linger <- TimeSpan.Zero
        socket.Options.ReceiveHighWatermark <- 0
        socket.Connect $"tcp://127.0.0.1:{connection.IOPub}"
        socket.SubscribeToAnyTopic()
        socket

    let sign (parts: byte[] list) =
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Array.concat parts)) |> Encoding.ASCII.GetBytes

    let parse (frames: List<byte[]>) =
        let frames = List.ofSeq frames

        let at =
            frames |> List.findIndex (fun frame -> frame = Encoding.ASCII.GetBytes "<IDS|MSG>")

        let parts = frames[at + 2 .. at + 5]

        if frames[at + 1] <> sign parts then
            failwith "the kernel's signature is wrong"

        let read (bytes: byte[]) =
            JsonNode.Parse(ReadOnlySpan bytes).AsObject()

        let header, parent = read parts[0], read parts[1]

        {
            Type = string header["msg_type"]
            ParentId =
                if isNull parent["msg_id"] then
                    ""
                else
                    string parent["msg_id"]
            Content = read parts[3]
            Frames = frames
        }

    let receive (socket: NetMQSocket) (wait: TimeSpan) =
        let mutable frames = List<byte[]>()

        if socket.TryReceiveMultipartBytes(wait, &frames) then
            Some(parse frames)
        else
            None

    let expect what found =
        match found with
        | Some heard -> heard
        | None -> failwith $"no {what} came"

    /// The frames of a request and its id, signed; `content` is JSON.
    member _.Frames(kind: string, content: string) =
        let id = Guid.NewGuid().ToString()
        let date = DateTime.UtcNow.ToString "O"

        let header =
            $"""{{"msg_id":"{id}","session":"{session}","username":"test","date":"{date}","msg_type":"{kind}","version":"5.3"}}"""

        let parts = [ header; "{}"; "{}"; content ] |> List.map Encoding.UTF8.GetBytes
        id, [ Encoding.ASCII.GetBytes "<IDS|MSG>"; sign parts ] @ parts

    /// The signature of a message's parts.
    member _.Sign(parts: byte[] list) = sign parts

    member _.SendRaw(frames: byte[] list) =
        shell.SendMultipartBytes(Seq.toArray frames)

    member _.SendRawControl(frames: byte[] list) =
        control.SendMultipartBytes(Seq.toArray frames)

    member client.Send(kind, content) =
        let id, frames = client.Frames(kind, content)
        client.SendRaw frames
        id

    member client.SendControl(kind, content) =
        let id, frames = client.Frames(kind, content)
        client.SendRawControl frames
        id

    member client.AnswerStdin(value: string) =
        let _, frames =
            client.Frames(
                "input_reply",
                JsonObject([ KeyValuePair("value", JsonValue.Create value :> JsonNode) ]).ToJsonString()
            )

        stdin.SendMultipartBytes(Seq.toArray frames)

    member _.ShellReply() =
        receive shell patience |> expect "shell reply"

    member _.ControlReply() =
        receive control patience |> expect "control reply"

    member _.StdinRequest() =
        receive stdin patience |> expect "input request"

    member _.TryIOPub(wait: TimeSpan) = receive iopub wait

    /// What is broadcast for a request, up to its idle, and all other messages left out.
    member _.Broadcasts(id: string) =
        let rec collect heard =
            match receive iopub patience |> expect "idle status" with
            | message when message.ParentId <> id -> collect heard
            | message when message.Type = "status" && message.Text "execution_state" = "idle" ->
                List.rev (message :: heard)
            | message -> collect (message :: heard)

        collect []

    member client.Execute(code: string, ?options: (string * JsonNode) list) =
        let members = [ "code", JsonValue.Create code :> JsonNode; yield! defaultArg options [] ]

        client.Send(
            "execute_request",
            JsonObject(members |> List.map (fun (name, value) -> KeyValuePair(name, value))).ToJsonString()
        )

    /// Runs a cell; the reply and what is broadcast between busy and idle.
    member client.Run(code: string, ?options) =
        let id = client.Execute(code, ?options = options)
        let reply = client.ShellReply()
        reply, client.Broadcasts id

    /// Waits until a cell prints that.
    member _.AwaitText(text: string) =
        let rec wait () =
            let heard = receive iopub patience |> expect $"'{text}'"

            if not (heard.Type = "stream" && heard.Text("text").Contains text) then
                wait ()

        wait ()

    member client.Ask(kind: string, content: string) =
        client.Send(kind, content) |> client.Broadcasts |> ignore
        client.ShellReply()

    /// Waits until the kernel answers and the broadcasts arrive.
    member client.WaitUntilReady() =
        let deadline = DateTime.UtcNow + patience

        let rec attempt () =
            client.Send("kernel_info_request", "{}") |> ignore

            match receive iopub (TimeSpan.FromMilliseconds 300.0) with
            | Some _ -> ()
            | None when DateTime.UtcNow > deadline -> failwith "the kernel is not ready"
            | None -> attempt ()

        attempt ()
        Threading.Thread.Sleep 100

        while (receive shell (TimeSpan.FromMilliseconds 200.0)).IsSome do
            ()

        while (receive iopub (TimeSpan.FromMilliseconds 50.0)).IsSome do
            ()

    member _.Beats() =
        heartbeat.SendFrame "ping"
        let mutable answer = ""
        heartbeat.TryReceiveFrameString(patience, &answer) && answer = "ping"

    interface IDisposable with
        member _.Dispose() =
            for socket in [ shell :> NetMQSocket; control; stdin; heartbeat; iopub ] do
                socket.Dispose()
