module Engram.Tests.Kernel.ConnectionFileTests

open System
open System.IO
open System.Text
open Expecto
open Engram.Cli.Kernel

let private parse (json: string) =
    ConnectionFile.Parse(ReadOnlySpan(Encoding.UTF8.GetBytes json))

[<Tests>]
let tests =
    testList "connection file" [
        testCase "a good one is read" (fun () ->
            let connection = Connection.create ()
            let read = parse connection.Json
            Expect.equal read.ShellPort connection.Shell "shell"
            Expect.equal read.HeartbeatPort connection.Heartbeat "heartbeat"
            Expect.equal (Encoding.UTF8.GetString read.Key) connection.Key "key")

        testTheory "a bad one is refused, with a reason" [
            "\"127.0.0.1\"", "\"0.0.0.0\"", "loopback"
            "\"tcp\"", "\"ipc\"", "TCP"
            "hmac-sha256", "hmac-md5", "HMAC-SHA256"
            "\"hb_port\":", "\"hb_port\":\"x\",\"y\":", "malformed"
            "\"shell_port\":", "\"shell_port\":-1,\"y\":", "port"
            "{", "", "malformed"
            "\"key\":", "\"y\":", "has no key; the text that signs messages is wanted"
            "\"ip\":", "\"y\":", "has no ip; an address is wanted"
            "\"shell_port\":", "\"y\":", "has no shell_port; a port's number is wanted"
            "\"hb_port\":", "\"hb_port\":\"x\",\"y\":", "as its hb_port, a port's number is wanted"
        ]
        <| fun (good, bad, reason) ->
            let json = (Connection.create ()).Json.Replace(good, bad)
            let error = Expect.throwsC (fun () -> parse json |> ignore) id
            Expect.isTrue (error :? ConnectionFileException) $"{error}"
            Expect.stringContains error.Message reason "says why"

        testCase "a port that is given twice is named" (fun () ->
            let connection = Connection.create ()

            let error =
                Expect.throwsC
                    (fun () ->
                        parse
                            {
                                connection with
                                    IOPub = connection.Shell
                            }
                                .Json
                        |> ignore)
                    _.Message

            Expect.stringContains error $"has {connection.Shell} as its shell_port and its iopub_port" "both")

        testTheory "a port in use is named, and the others are free again" [ "iopub_port"; "hb_port" ]
        <| fun name ->
            let connection = Connection.create ()

            let port =
                if name = "hb_port" then
                    connection.Heartbeat
                else
                    connection.IOPub

            use other = new Net.Sockets.TcpListener(Net.IPAddress.Loopback, port)
            other.Start()

            let listen () =
                new KernelServer(parse connection.Json, KernelLog TextWriter.Null)

            let error = Expect.throwsC (fun () -> listen () |> ignore) id
            Expect.isTrue (error :? ConnectionFileException) $"{error}"
            Expect.equal error.Message $"The connection file's {name}, {port}, is in use already." "one line"
            other.Stop()

            // A socket lets go of its port a moment after its end.
            let deadline = DateTime.UtcNow.AddSeconds 10.0

            let rec listenAgain () =
                try
                    listen ()
                with :? ConnectionFileException when DateTime.UtcNow < deadline ->
                    Threading.Thread.Sleep 20
                    listenAgain ()

            listenAgain().Dispose()

        testCase "one without a key is refused" (fun () ->
            let connection = { Connection.create () with Key = "" }
            Expect.throwsT<ConnectionFileException> (fun () -> parse connection.Json |> ignore) "no key")
    ]
