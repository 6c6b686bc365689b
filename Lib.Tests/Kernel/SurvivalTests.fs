/// What the installed kernel must survive: broken files, updates of .NET, floods, broken messages, the end of its parent.
module Engram.Tests.Kernel.SurvivalTests

open System
open System.Diagnostics
open System.IO
open System.Net.Sockets
open System.Text
open Expecto

/// A folder as a broken disk or a broken update leaves it: F# Interactive finds no library that it opens at its start.
let private withoutFSharp () =
    let folder = Directory.CreateTempSubdirectory "engram-broken-"

    for entry in DirectoryInfo(PublishedKernel.program ()).GetFileSystemInfos() do
        let copy = Path.Combine(folder.FullName, entry.Name)

        match entry with
        | _ when entry.Name = "Engram.Notebooks.FSharpCells.dll" -> File.WriteAllText(copy, "no library")
        | :? FileInfo as file when entry.Name.StartsWith "Engram.Cli" -> file.CopyTo copy |> ignore
        | _ -> File.CreateSymbolicLink(copy, entry.FullName) |> ignore

    folder

let private broken =
    testCase "a language that cannot start is an error of its cells, and the others live" (fun () ->
        let folder = withoutFSharp ()

        try
            use kernel = new KernelProcess(".net-fsharp", folder.FullName)

            for _ in 1..2 do
                let reply, _ = kernel.Client.Run "1 + 1"
                Expect.equal (reply.Text "status") "error" "F#"
                Expect.stringContains (reply.Text "evalue") "F# Interactive does not start" "says so"
                Expect.stringContains (reply.Text "evalue") "Engram.Notebooks.FSharpCells.dll" "and why"

            let reply, _ = kernel.Client.Run "#!csharp\n1 + 1"
            Expect.equal (reply.Text "status") "ok" "C#"
            Expect.stringContains kernel.Log "fsharp could not warm up" "the log"
        finally
            folder.Delete true)

let private update =
    testCase "it runs on another build of .NET than the one that it was compiled beside" (fun () ->
        if OperatingSystem.IsWindows() then
            skiptest "Unix only"

        let folder = OtherRuntime.create ()

        try
            use kernel =
                new KernelProcess(".net-fsharp", dotnet = Path.Combine(folder.FullName, "dotnet"))

            for cell in [ "let x = 5 in x * 2"; "#!csharp\nvar x = 5; x * 2" ] do
                let reply, _ = kernel.Client.Run cell
                Expect.equal (reply.Text "status") "ok" cell

            let _, heard = kernel.Client.Run "typeof<obj>.Assembly.Location"
            let result = heard |> List.find (fun each -> each.Type = "execute_result")
            Expect.stringContains (string result.Content["data"].["text/plain"]) folder.Name "on that one"
        finally
            folder.Delete true)

let private flood =
    testCase "200 MB of text are cut, and the kernel lives on" (fun () ->
        use kernel = new KernelProcess(".net-csharp")
        let line = "new string('x', 9_999)"

        let reply, heard =
            kernel.Client.Run
                $"var line = {line}; for (var i = 0; i < 20_000; i++) Console.WriteLine(line); Console.Write(\"the end\");"

        Expect.equal (reply.Text "status") "ok" "ends well"

        let texts = [
            for each in heard do
                if each.Type = "stream" then
                    each.Text "text"
        ]

        let all = String.concat "" texts
        Expect.isLessThan all.Length 1_100_000 "what reaches the page"
        Expect.isTrue (all.Contains "characters are left out") "a notice"
        Expect.isTrue (all.EndsWith "the end") "and the end of it"

        let reply, _ = kernel.Client.Run "1 + 1"
        Expect.equal (reply.Text "status") "ok" "the next cell")

/// Well-signed and badly signed mutations of good messages, by a fixed seed.
let private fuzz =
    testCase "10,000 mutated messages, and then a cell still runs" (fun () ->
        use kernel = new KernelProcess(".net-csharp")
        let random = Random 779

        let requests = [
            "execute_request",
            """{"code":"1 + 1","silent":false,"store_history":false,"user_expressions":{},"allow_stdin":false}"""
            "complete_request", """{"code":"Math.Sq","cursor_pos":7}"""
            "inspect_request", """{"code":"Math","cursor_pos":2,"detail_level":0}"""
            "is_complete_request", """{"code":"x ="}"""
            "history_request", """{"hist_access_type":"tail","n":3,"raw":true,"output":false}"""
            "comm_open", """{"comm_id":"1","target_name":"t","data":{}}"""
            "kernel_info_request", "{}"
            "input_reply", """{"value":"x"}"""
        ]

        let mutate (bytes: byte[]) =
            let copy = Array.copy bytes

            match random.Next 4 with
            | 0 when copy.Length > 0 ->
                copy[random.Next copy.Length] <- byte (random.Next 256)
                copy
            | 1 when copy.Length > 0 -> copy[.. random.Next copy.Length]
            | 2 -> Array.append copy (Array.init (random.Next 50) (fun _ -> byte (random.Next 256)))
            | _ -> Encoding.UTF8.GetBytes(String('[', random.Next 2000))

        use fuzzer = new WireClient(kernel.Connection)

        for i in 1..10_000 do
            let kind, content = requests[random.Next requests.Length]
            let _, frames = fuzzer.Frames(kind, content)
            let at = random.Next frames.Length

            let mutated =
                frames |> List.mapi (fun j frame -> if j = at then mutate frame else frame)

            let frames =
                match random.Next 5 with
                | 0 -> mutated |> List.take (random.Next frames.Length)
                | 1 -> mutated @ frames
                | 2 when at >= 2 -> mutated[0] :: fuzzer.Sign mutated[2..] :: mutated[2..]
                | _ -> mutated

            let frames = if frames.IsEmpty then [ [||] ] else frames

            if i % 3 = 0 then
                fuzzer.SendRawControl frames
            else
                fuzzer.SendRaw frames

        // And what is no message at all.
        for port in
            [
                kernel.Connection.Shell
                kernel.Connection.Control
                kernel.Connection.Heartbeat
            ] do
            use socket = new TcpClient("127.0.0.1", port)
            let garbage = Array.init 4000 (fun _ -> byte (random.Next 256))
            socket.GetStream().Write(ReadOnlySpan garbage)

        use fresh = new WireClient(kernel.Connection)
        fresh.WaitUntilReady()
        // A mutated cell that fails takes what is queued behind it along.
        let rec run () =
            match fst (fresh.Run "6 * 7") with
            | reply when reply.Text "status" = "aborted" -> run ()
            | reply -> reply

        Expect.equal ((run ()).Text "status") "ok" "a cell still runs"
        Expect.isFalse kernel.Process.HasExited "alive"
        Expect.stringContains kernel.Log "the signature is wrong" "logged"
        Expect.isLessThan kernel.Log.Length 200_000 "and not flooded")

let private orphan =
    testCase "an orphan ends" (fun () ->
        if OperatingSystem.IsWindows() then
            skiptest "Unix only"

        let connection = Connection.create ()
        let file = Path.GetTempFileName()
        File.WriteAllText(file, connection.Json)

        let words =
            PublishedKernel.arguments ".net-csharp" file |> List.map (fun word -> $"'{word}'")

        let command = String.concat " " words

        let info =
            ProcessStartInfo("/bin/sh", RedirectStandardOutput = true, RedirectStandardError = true)

        [ "-c"; $"export JPY_PARENT_PID=$$; {command} & echo $!; wait" ] |> List.iter info.ArgumentList.Add
        use parent = Process.Start info
        let kernel = parent.StandardOutput.ReadLine() |> int |> Process.GetProcessById
        use client = new WireClient(connection)
        client.WaitUntilReady()
        let _ = client.Execute "while (true) { }"
        parent.Kill()
        let ended = kernel.WaitForExit(TimeSpan.FromSeconds 30.0)

        if not ended then
            kernel.Kill()

        File.Delete file
        Expect.isTrue ended "the kernel is gone")

let private shutdown =
    testCase "a shutdown does not wait for the running cell" (fun () ->
        use kernel = new KernelProcess(".net-fsharp")
        kernel.Client.Execute "printfn \"runs\"\nwhile true do ()" |> ignore
        kernel.Client.AwaitText "runs"
        kernel.Client.SendControl("shutdown_request", """{"restart":false}""") |> ignore
        Expect.equal (kernel.Client.ControlReply().Type) "shutdown_reply" "reply"
        Expect.isTrue (kernel.Ends 20.0) "the process ends")

let private loopback =
    testCase "it listens on loopback only" (fun () ->
        if not (File.Exists "/proc/net/tcp") then
            skiptest "no /proc/net/tcp"

        use kernel = new KernelProcess(".net-csharp")
        let listening = "0A"

        let addresses = [
            for line in File.ReadLines "/proc/net/tcp" |> Seq.skip 1 do
                let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                let place = words[1].Split ':'

                if words[3] = listening && Convert.ToInt32(place[1], 16) = kernel.Connection.Shell then
                    place[0]
        ]

        Expect.equal addresses [ "0100007F" ] "127.0.0.1 and nothing else")

let private memory =
    testCase "a name that is defined again and again keeps one value" (fun () ->
        use kernel = new KernelProcess(".net-csharp")

        for define, measure in
            [
                "var big = new byte[40_000_000];", "GC.GetTotalMemory(true)"
                "#!fsharp\nlet big, size = Array.zeroCreate<byte> 40_000_000, 1", "#!fsharp\nGC.GetTotalMemory true"
            ] do
            for _ in 1..25 do
                let reply, _ = kernel.Client.Run define
                Expect.equal (reply.Text "status") "ok" define

            let _, heard = kernel.Client.Run measure
            let result = heard |> List.find (fun each -> each.Type = "execute_result")
            let size = int64 (string result.Content["data"].["text/plain"])
            Expect.isLessThan size 400_000_000L "25 values would be 1 GB")

[<Tests>]
let tests =
    testSequenced
    <| testList "kernel survival" [ broken; update; flood; fuzz; orphan; shutdown; loopback; memory ]
