/// The stop button, by message and by signal, at the installed kernel.
module Engram.Tests.Kernel.StopTests

open System
open System.Diagnostics
open Expecto

let private interrupt (kernel: KernelProcess) =
    kernel.Client.SendControl("interrupt_request", "{}") |> ignore
    Expect.equal (kernel.Client.ControlReply().Type) "interrupt_reply" "reply"

let private signal (kernel: KernelProcess) (name: string) =
    use kill = Process.Start("kill", [ $"-{name}"; string kernel.Process.Id ])
    kill.WaitForExit()

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
            client.AwaitText "runs"
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
            client.AwaitText "runs"

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

[<Tests>]
let tests = testSequenced <| testList "kernel stops" [ interrupts; busyPool ]
