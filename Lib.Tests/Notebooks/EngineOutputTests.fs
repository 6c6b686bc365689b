module Engram.Tests.Notebooks.EngineOutputTests

open System
open System.Threading
open Expecto
open Engram.Notebooks
open Engram.Tests.Notebooks.EngineCells

[<Tests>]
let tests =
    testList "engine" [
        testList "output" [
            testCase "streams are heard, and in order with displays" (fun () ->
                let heard =
                    csharp "Console.Write(\"a\"); display(1); Console.Write(\"b\"); Console.Error.Write(\"c\"); 2"

                succeeds heard

                let told =
                    heard.Events
                    |> List.map (fun each ->
                        match each with
                        | :? StreamWritten as written -> written.Text
                        | :? ValueDisplayed as shown -> shown.Bundle.Text "text/plain" |> string
                        | :? ValueReturned as value -> value.Bundle.Text "text/plain" |> string
                        | other -> other.GetType().Name)

                Expect.equal told [ "a"; "1"; "b"; "c"; "2" ] "order")

            testCase "printf is heard" (fun () -> Expect.equal (fsharp "printfn \"%d\" 3").Out "3\n" "text")

            testCase "what other threads write belongs to the cell" (fun () ->
                let heard =
                    csharp "var t = new System.Threading.Thread(() => Console.Write(\"there\")); t.Start(); t.Join();"

                Expect.equal heard.Out "there" "text")

            testCase "a thread that fails does not end the process" (fun () ->
                let heard =
                    csharp
                        "var failing = new System.Threading.Thread(() => throw new Exception(\"alone\")); failing.Start(); failing.Join();"

                succeeds heard
                Expect.stringContains (heard.Text StandardStream.Error) "alone" "it is told")

            // What a timer throws is told to the engine that ran last.
            testSequenced
            <| testCase "work that fails where nobody waits for it does not end the process, and is told" (fun () ->
                for work, reason in
                    [
                        "async void Soon() { await Task.Delay(1); throw new Exception(\"soon\"); }\nSoon();", "soon"
                        "async void AtOnce() => throw new Exception(\"at once\");\nAtOnce();", "at once"
                        "async void There() { await Task.Delay(1).ConfigureAwait(false); throw new Exception(\"there\"); }\nThere();",
                        "there"
                        "new System.Threading.Timer(_ => throw new Exception(\"timer\"), null, 1, -1);", "timer"
                        "System.Threading.ThreadPool.UnsafeQueueUserWorkItem(_ => throw new Exception(\"pool\"), null);",
                        "pool"
                    ] do
                    // The failure comes during this cell, or is kept for the next.
                    let mutable told = (csharp work).Text StandardStream.Error
                    let patience = Diagnostics.Stopwatch.StartNew()

                    while not (told.Contains reason) && patience.Elapsed.TotalSeconds < 30.0 do
                        told <- told + (csharp "await Task.Delay(20);").Text StandardStream.Error

                    Expect.stringContains told "Work in the background failed" work
                    Expect.stringContains told reason work)

            testCase "a cell goes on when an async function fails that gives no task" (fun () ->
                let heard =
                    csharp
                        "async void Falls() { await Task.Yield(); throw new Exception(\"alone\"); }\nFalls(); await Task.Delay(100); \"after\""

                returns "after" heard)

            testCase "a cell that exits ends, and the process lives on" (fun () ->
                csharp "var beforeExit = 5; Environment.Exit(3); beforeExit = 6;" |> ignore
                csharp "beforeExit" |> returns "5"

                for code in
                    [
                        "exit 3"
                        "let leaves () : int = exit 3\nleaves () + 1"
                        "System.Environment.Exit 3"
                        "#quit"
                    ] do
                    let heard = fsharp code
                    Expect.isFalse heard.Ended code
                    Expect.stringContains heard.Error.Value.Message "exit" code)

            testCase "a display is updated by its name" (fun () ->
                let heard = csharp "var d = display(1); d.Update(2);"

                match heard.Events with
                | [ :? ValueDisplayed as shown; :? DisplayUpdated as updated ] ->
                    Expect.equal updated.DisplayId shown.DisplayId "the same name"
                    Expect.equal (updated.Bundle.Text "text/plain") "2" "the new value"
                | other -> failtest $"heard {other}")

            testCase "HTML is shown as html, from both languages" (fun () ->
                for heard in [ csharp "HTML(\"<b>x</b>\")"; fsharp "HTML \"<b>x</b>\"" ] do
                    match heard.Events with
                    | [ :? ValueReturned as value ] -> Expect.equal (value.Bundle.Text "text/html") "<b>x</b>" "html"
                    | other -> failtest $"heard {other}")

            testCase "a formatter registered in one language serves both" (fun () ->
                csharp "Formatter.Register<Version>(v => \"version \" + v.Major, \"text/plain\");" |> succeeds
                fsharp "Version(7, 1)" |> returns "version 7")

            testCase "a flood is cut, with a notice" (fun () ->
                use engine = start (EngineOptions(StreamLimit = 1000L))

                let heard =
                    runIn engine "csharp" "for (var i = 0; i < 1000; i++) Console.WriteLine(\"0123456789\");"

                Expect.equal heard.Out.Length 1000 "up to the limit"
                Expect.stringContains (heard.Text StandardStream.Error) "cut" "notice")
        ]
    ]
