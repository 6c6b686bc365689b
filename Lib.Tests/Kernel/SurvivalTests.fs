/// What the installed kernel must survive: interrupts, floods, broken messages, the end of its parent.
module Engram.Tests.Kernel.SurvivalTests

open System
open System.Diagnostics
open System.IO
open System.Net.Sockets
open System.Text
open Expecto

let private interrupt (kernel: KernelProcess) =
    kernel.Client.SendControl("interrupt_request", "{}") |> ignore
    Expect.equal (kernel.Client.ControlReply().Type) "interrupt_reply" "reply"

let private signal (kernel: KernelProcess) (name: string) =
    use kill = Process.Start("kill", [ $"-{name}"; string kernel.Process.Id ])
    kill.WaitForExit()

/// Waits until a cell says that it runs.
let private awaitText (client: WireClient) (text: string) =
    let rec wait () =
        match client.TryIOPub(TimeSpan.FromSeconds 30.0) with
        | Some heard when heard.Type = "stream" && heard.Text("text").Contains text -> ()
        | Some _ -> wait ()
        | None -> failtest $"'{text}' did not come"

    wait ()

/// Code that never ends, each after it has said that it runs.
let private endless = [
    "Console.WriteLine(\"runs\"); while (true) { }"
    "Console.WriteLine(\"runs\"); for (long i = 0; ; i++) kept += i % 2;"
    "Console.WriteLine(\"runs\"); System.Threading.Thread.Sleep(-1);"
    "Console.WriteLine(\"runs\"); Task.Delay(-1).Wait();"
    "Console.WriteLine(\"runs\"); await Task.Delay(-1);"
    "Console.WriteLine(\"runs\"); while (true) await Task.Delay(1);"
    "Console.WriteLine(\"runs\"); while (true) { try { while (true) { } } catch (Exception) { } }"
    "Console.WriteLine(\"runs\"); while (true) Console.Write(\"x\");"
    "Console.WriteLine(\"runs\"); new System.Threading.ManualResetEvent(false).WaitOne();"
    "Console.WriteLine(\"runs\"); while (true) { var waste = new byte[1000]; }"
    "Console.WriteLine(\"runs\"); foreach (var x in Enumerable.Range(0, int.MaxValue).Select(i => i % 7).Where(i => i > 9)) { }"
    "Console.WriteLine(\"runs\"); var d = new Dictionary<string, int>(); while (true) for (var i = 0; i < 999; i++) d[i.ToString()] = i;"
    "#!fsharp\nprintfn \"runs\"\nwhile true do ()"
    "#!fsharp\nprintfn \"runs\"\nlet rec loop n = loop (n + 1)\nloop 0 |> ignore"
    "#!fsharp\nprintfn \"runs\"\nThread.Sleep -1"
    "#!fsharp\nprintfn \"runs\"\nAsync.Sleep System.Threading.Timeout.Infinite |> Async.RunSynchronously"
    "#!fsharp\nprintfn \"runs\"\n(task { while true do do! System.Threading.Tasks.Task.Delay 1 }).Wait()"
    "#!fsharp\nprintfn \"runs\"\nSeq.initInfinite id |> Seq.iter ignore"
]

let private manyThreads =
    "Console.WriteLine(\"runs\"); System.Threading.Tasks.Parallel.For(0, 1000, i => { while (true) { } });"

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

let private interrupts =
    testCase "fifty endless cells stop, and variables live on" (fun () ->
        use kernel = new KernelProcess(".net-csharp")
        let client = kernel.Client
        client.Run "long kept = 41;" |> ignore
        client.Run "#!fsharp\nopen System.Threading\nlet mutable inFSharp = 41" |> ignore
        let times = ResizeArray()

        for round in 0..49 do
            let code = endless[round % endless.Length]
            let id = client.Execute code
            awaitText client "runs"
            let paused = GC.GetTotalPauseDuration()
            let watch = Stopwatch.StartNew()

            if round % 5 = 4 then
                signal kernel "INT"
            else
                interrupt kernel

            let reply =
                try
                    client.ShellReply()
                with _ ->
                    failtest $"round {round} does not stop: {code} {kernel.Log}"

            times.Add(watch.Elapsed, GC.GetTotalPauseDuration() - paused, code)
            Expect.equal (reply.Text "ename") "Interrupted" $"{code}: {reply.Content.ToJsonString()}"
            client.Broadcasts id |> ignore

        let slowest, paused, code = Seq.max times

        printfn
            $"  50 endless cells stopped; the slowest took {slowest.TotalMilliseconds:F0} ms, and of that this process's own collections {paused.TotalMilliseconds:F0}: {code}"

        let reply, heard = client.Run "kept > 0"
        Expect.equal (reply.Text "status") "ok" "C# lives"
        let reply, _ = client.Run "#!fsharp\ninFSharp + 1"
        Expect.equal (reply.Text "status") "ok" "F# lives")

let private busyPool =
    testCase "cells end, stop and speak while tasks take more threads than there are cores" (fun () ->
        use kernel = new KernelProcess(".net-csharp")
        let client = kernel.Client
        client.Run "#!fsharp\nopen System.Threading\nlet here = 1" |> ignore

        client.Run
            "for (var i = 0; i < Environment.ProcessorCount + 20; i++) Task.Run(() => System.Threading.Thread.Sleep(-1));"
        |> ignore

        let ends code =
            let reply, heard = client.Run code
            Expect.equal (reply.Text "status") "ok" code
            heard

        let heard = ends "Console.WriteLine(\"said\"); 1 + 1"

        Expect.equal
            (heard |> List.map _.Type)
            [ "status"; "execute_input"; "stream"; "execute_result"; "status" ]
            "C#"

        ends "#!fsharp\nhere + 1" |> ignore
        ends "#!fsharp\n[]" |> ignore

        for round, code in List.indexed [ endless[0]; endless[2]; endless[4]; endless[12]; endless[14]; manyThreads ] do
            client.Execute code |> ignore
            awaitText client "runs"

            if round % 2 = 0 then
                interrupt kernel
            else
                signal kernel "INT"

            Expect.equal ((client.ShellReply()).Text "ename") "Interrupted" code

        client.Execute "Console.ReadLine()" |> ignore
        client.StdinRequest() |> ignore
        client.AnswerStdin "Ada"
        Expect.equal ((client.ShellReply()).Text "status") "ok" "input"
        client.SendControl("shutdown_request", """{"restart":false}""") |> ignore
        Expect.equal (client.ControlReply().Type) "shutdown_reply" "reply"
        Expect.isTrue (kernel.Ends 20.0) "the process ends")

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
        awaitText kernel.Client "runs"
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
    <| testList "kernel survival" [
        broken
        flood
        interrupts
        busyPool
        fuzz
        orphan
        shutdown
        loopback
        memory
    ]
