module Engram.Tests.Notebooks.EngineInterruptTests

open System
open System.Threading
open Expecto
open Engram.Notebooks
open Engram.Tests.Notebooks.EngineCells

/// Runs a cell that never ends by itself, and stops it once it has said that it runs.
let private stops (engine: Engine) language code =
    use stop = new CancellationTokenSource()
    let events = ResizeArray<CellEvent>()
    // Once: a cell that never ceases to write must not put the stop off.
    let stopSoon = lazy (stop.CancelAfter 20)

    let hear (each: CellEvent) =
        events.Add each

        match each with
        | :? StreamWritten -> stopSoon.Force()
        | _ -> ()

    let run = engine.RunAsync(code, language, hear, stop.Token)
    Expect.isTrue (run.Wait(TimeSpan.FromSeconds 60.0)) $"it stops: {code}"
    Expect.isFalse run.Result "it did not succeed"

    match Seq.last events with
    | :? CellFailed as failed -> Expect.equal failed.Error.Name "Interrupted" code
    | other -> failtest $"heard {other} last"

let private says = "System.Console.Write(\"on\");"

[<Tests>]
let tests =
    testSequenced
    <| testList "interrupt" [

        testCase "C# that never ends is stopped, and its names live on" (fun () ->
            use engine = start null
            Expect.isTrue (runIn engine "csharp" "var kept = 11; long n = 0; var gate = new object();").Ended "start"

            for code in
                [
                    "while (true) n++;"
                    "while (true) try { n++; } catch { }"
                    "System.Threading.Thread.Sleep(-1);"
                    "await Task.Delay(-1);"
                    "while (true) await Task.Delay(1);"
                    "while (true) { await Task.Yield(); n++; }"
                    "Task.Delay(-1).Wait();"
                    "new System.Threading.SemaphoreSlim(0).Wait();"
                    "var inner = Task.Run(() => { System.Threading.Thread.Sleep(-1); }); await inner;"
                ] do
                stops engine "csharp" (says + code)

            Expect.equal (runIn engine "csharp" "kept + 1").Value (Some "12") "its names")

        testCase "F# that never ends is stopped, and its names live on" (fun () ->
            use engine = start null
            Expect.isTrue (runIn engine "fsharp" "let kept = 11").Ended "start"

            for code in
                [
                    "while true do ()"
                    "let rec forever n = forever (n + 1)\nforever 0 |> ignore"
                    "Seq.initInfinite id |> Seq.iter ignore"
                    "Threading.Thread.Sleep -1"
                    "Async.Sleep -1 |> Async.RunSynchronously"
                    "(task { do! Threading.Tasks.Task.Delay -1 }).Wait()"
                ] do
                stops engine "fsharp" ("printf \"on\"\n" + code)

            Expect.equal (runIn engine "fsharp" "kept + 1").Value (Some "12") "its names")

        testCase "a flood of text is stopped" (fun () ->
            use engine = start null
            stops engine "csharp" "while (true) Console.WriteLine(\"on and on\");")

        testCase "what a cell does on its way out is done, and is heard" (fun () ->
            use engine = start null

            for code in
                [
                    "while (true) { }"
                    "System.Threading.Thread.Sleep(-1);"
                    "new[] { 1 }.ToList().ForEach(i => { while (true) { } });"
                    "while (true) await Task.Delay(1);"
                    "async Task Forever() { while (true) await Task.Delay(1); }\nawait Forever();"
                    "await Task.Delay(-1, Engram.Notebooks.Engine.Current.Cancellation);"
                    "await Task.Delay(-1, Engram.Notebooks.Engine.Current.Cancellation).ConfigureAwait(false);"
                ] do
                use stop = new CancellationTokenSource()
                let events = ResizeArray<CellEvent>()

                let hear (each: CellEvent) =
                    events.Add each

                    match each with
                    | :? StreamWritten as written when written.Text = "on" -> stop.CancelAfter 20
                    | _ -> ()

                let cell =
                    "try { "
                    + says
                    + code
                    + " } finally { foreach (var i in new[] { 1, 2 }) Console.Write(i); Console.Write(\"out\"); }"

                Expect.isFalse (engine.RunAsync(cell, "csharp", hear, stop.Token).Result) "it did not succeed"

                let heard = {
                    Ended = false
                    Events = List.ofSeq events
                }

                Expect.equal heard.Out "on12out" code
                Expect.equal heard.Error.Value.Name "Interrupted" code)

        testCase "a catch of everything does not keep a cell from stopping" (fun () ->
            use engine = start null
            stops engine "csharp" (says + "while (true) { try { while (true) { } } catch (Exception) { } }"))

        testCase "a cell that catches what stops it was stopped all the same" (fun () ->
            use engine = start null

            for language, code in
                [
                    "csharp", says + "try { while (true) { } } catch { }"
                    "csharp", says + "try { System.Threading.Thread.Sleep(-1); } catch (Exception) { }"
                    "csharp", says + "try { await Task.Delay(-1); } catch (Exception) { }"
                    "csharp",
                    says
                    + "try { await Task.Delay(-1, Engram.Notebooks.Engine.Current.Cancellation); } catch (OperationCanceledException) { }"
                    "fsharp", "printf \"on\"\ntry\n    while true do ()\nwith _ -> ()"
                    "fsharp", "printf \"on\"\ntry Threading.Thread.Sleep -1 with _ -> ()"
                ] do
                stops engine language code)

        testCase "the kit's own long work is stopped, without a token of its own" (fun () ->
            use engine = Engram.Cli.Engines.Create Environment.CurrentDirectory

            let states =
                "using Engram; var q = PrngKey.Create(2).Normal([100, 30]); var xi = PrngKey.Create(1).Normal([20, 30]); var steps = new DescentOptions { Steps = 2_000_000_000, RecordEnergies = false };"

            Expect.isTrue (runIn engine "csharp" states).Ended "start"

            for work in
                [
                    "EnergyDescent.Run(new LogSumExpEnergy(xi, 1), q, steps);"
                    "EnergyDescent.Run(new LogSumExpEnergy(xi, 1), q[..1], steps);"
                    "EnergyDescent.Run(Energy.Of(v => v.square().sum(-1)), q, steps);"
                    "KeyValueMemory.Fit(q, q, new KeyValueMemoryOptions { Prototypes = 4, Iterations = 2_000_000_000 });"
                ] do
                stops engine "csharp" (says + work))

        testCase "a value that computes without end while it is shown is stopped" (fun () ->
            use engine = start null

            stops
                engine
                "csharp"
                "class Endless { public int Member { get { Console.Write(\"on\"); while (true) { } } } }\nnew Endless()")

        testCase "a cell does not wait for packages once it is stopped" (fun () ->
            use never = new ManualResetEventSlim()

            let slow = {
                new IPackageResolver with
                    member _.Resolve(_, _) =
                        never.Wait()
                        ResolvedPackages([], [])
            }

            use engine = start (EngineOptions(Packages = slow))
            stops engine "csharp" (says + "\n#r \"nuget: Some.Package.That.Is.Nowhere\"")
            never.Set())

        testCase "a cell that is stopped before it begins does not run" (fun () ->
            use engine = start null

            let heard =
                runWith engine null (CancellationToken true) "csharp" "Console.Write(1);"

            Expect.isFalse heard.Ended "stopped"
            Expect.equal heard.Out "" "silent")
    ]
