/// The engine puts places to stop into the code of cells; the code means what it meant.
module Engram.Tests.Notebooks.StopPointsTests

open System
open System.Diagnostics
open System.Threading
open Expecto
open Engram.Notebooks
open Engram.Tests.Notebooks.EngineCells

/// Stops a cell 20 ms after it has said that it runs; how it ended, and how long that took.
let private stopping (engine: Engine) language code =
    use stop = new CancellationTokenSource()
    let clock = Stopwatch()
    let events = ResizeArray<CellEvent>()

    let hear (each: CellEvent) =
        events.Add each

        if each :? StreamWritten && not clock.IsRunning then
            clock.Start()
            stop.CancelAfter 20

    let run = engine.RunAsync(code, language, hear, stop.Token)
    Expect.isTrue (run.Wait(TimeSpan.FromSeconds 60.0)) $"it stops: {code}"

    match Seq.last events with
    | :? CellFailed as failed ->
        Expect.equal failed.Error.Name "Interrupted" code
        failed.Error
    | other -> failtest $"heard {other} last"

/// Loops in code that calls others: where the runtime's own way to stop a thread ended the process.
let private callers = [
    "csharp", "foreach (var x in Enumerable.Range(0, int.MaxValue).Select(i => i % 7).Where(i => i > 9)) { }"
    "csharp", "var d = new Dictionary<string, int>(); while (true) for (var i = 0; i < 999; i++) d[i.ToString()] = i;"
    "csharp", "while (true) string.Join(\",\", Enumerable.Range(0, 50).Select(i => i.ToString(\"F3\")));"
    "csharp", "System.Threading.Tasks.Parallel.For(0, 4, _ => { while (true) Math.Sin(1); });"
    "csharp", "int Odd(int n) => n == 0 ? 0 : Even(n - 1) + Even(n - 1); int Even(int n) => Odd(n) + 1; Odd(200);"
    "csharp", "again: goto again;"
    "csharp", "IEnumerable<int> Ones() { while (true) yield return 1; } Ones().Sum(x => x * 0);"
    "csharp", "var n = 0; do { try { throw new Exception(); } catch { n++; } finally { n++; } } while (true);"
    "csharp",
    "var k = 0; while (true) switch (k++ % 3) { case 0: continue; case 1: k += 2; break; default: k--; break; }"
    "fsharp", "Seq.initInfinite (fun i -> i * 2) |> Seq.filter (fun i -> i < 0) |> Seq.iter (printfn \"%d\")"
    "fsharp",
    "let rec odd n = if n = 0 then 0 else even (n - 1) + even (n - 1)\nand even n = odd n + 1\nodd 200 |> ignore"
    "fsharp",
    "let d = System.Collections.Generic.Dictionary<string, int>()\nwhile true do d[string d.Count] <- 0; d.Clear()"
    "fsharp", "seq { while true do yield 1 } |> Seq.sumBy (fun x -> x * 0) |> ignore"
    "fsharp", "async { while true do do! async { return () } } |> Async.RunSynchronously"
    "csharp", "Enumerable.Range(0, int.MaxValue).Select(i => i % 7).Where(i => i > 9)"
    "fsharp", "Seq.initInfinite id |> Seq.filter (fun i -> i < 0)"
    "fsharp", "for i in 0L .. System.Int64.MaxValue do (try failwith \"x\" with _ -> ())"
]

/// Recursion without end that no compiler makes a loop of, by the names of functions and by names that others call: of objects, sequences, constructors.
let private withoutEnd = [
    "csharp", "int Deep(int n) => Deep(n + 1) + 1; Deep(0)"
    "csharp", "Func<int, int> deep = null; deep = n => deep(n + 1) + 1; deep(0)"
    "csharp", "class Told { public override string ToString() => $\"{this}!\"; } new Told().ToString()"
    "csharp",
    "class Node { public Node Parent; public List<Node> Children = new(); public override string ToString() => $\"{Parent}[{string.Join(\",\", Children)}]\"; } var root = new Node(); root.Children.Add(new Node { Parent = root }); root.ToString()"
    "csharp", "class Nested { public Nested Inner = new Nested(); } new Nested()"
    "csharp",
    "class Same { public override bool Equals(object other) => !other.Equals(this); public override int GetHashCode() => 1; } new Same().Equals(new Same())"
    "csharp",
    "class Hashed { public override int GetHashCode() => new HashSet<Hashed> { this }.Count; } new Hashed().GetHashCode()"
    "csharp", "IEnumerable<int> Down(int n) { foreach (var each in Down(n + 1)) yield return each; } Down(0).First()"
    "csharp",
    "int Try(int n) { try { return Try(n + 1) + 1; } finally { Even(9); } } int Even(int n) => n < 2 ? n : Odd(n - 2); int Odd(int n) => n < 2 ? n : Even(n - 2); Try(0)"
    "csharp", "async Task<int> Await(int n) => await Await(n + 1) + 1; await Await(0)"
    "fsharp",
    "let rec wait n : System.Threading.Tasks.Task<int> = task {\n    let! later = wait (n + 1)\n    return later }\n(wait 0).Result"
    "fsharp", "let rec deep n = 1 + deep (n + 1)\ndeep 0"
    "fsharp", "type Told() =\n  override this.ToString() = sprintf \"%O\" this\nTold() |> string"
    "fsharp",
    "type Ring = { Value: int; mutable Next: Ring option }\nlet ring = { Value = 1; Next = None }\nring.Next <- Some ring\nhash ring"
    "fsharp", "let rec down n : seq<int> = seq { for each in down (n + 1) do yield each }\ndown 0 |> Seq.head"
    "fsharp", "let rec down n : seq<int> =\n  seq {\n    yield! down (n + 1)\n    yield n\n  }\ndown 0 |> Seq.head"
    "fsharp", "type Inner() =\n  let inner = Inner()\n  member _.It = inner\nInner()"
]

/// Code, and what it gives by the language's own rules.
let private meanings = [
    "csharp",
    "var a = 0; for (var i = 0; i < 300; i++) { if (i % 2 == 0) continue; if (i > 99) break; a += i; } a",
    "2500"
    "csharp", "int F(int n) => n < 2 ? n : F(n - 1) + F(n - 2); F(20)", "6765"
    "csharp",
    "async Task<int> G() { var s = 0; for (var i = 0; i < 9; i++) { await Task.Yield(); s += i; } return s; } await G()",
    "36"
    "csharp",
    "IEnumerable<int> H() { for (var i = 0; ; i++) { try { yield return i; } finally { } } } H().Skip(5).First()",
    "5"
    "csharp", "var c = 0; foreach (ref readonly var x in new[] { 1, 2, 3 }.AsSpan()) c += x; c", "6"
    "csharp", "var t = 0; while (true) { try { if (t++ > 3) break; continue; } finally { t += 10; } } t", "22"
    "csharp",
    "unsafe int Sum() { var s = 0; int* p = stackalloc int[4] { 1, 2, 3, 4 }; for (var i = 0; i < 4; i++) s += p[i]; return s; } Sum()",
    "10"
    "csharp", "Func<int, int>? fact = null; fact = n => n < 2 ? 1 : n * fact!(n - 1); fact(10)", "3628800"
    "csharp",
    "enum Size { Small, Large = 7 } int Of(Size size = Size.Large) { while (true) return (int)size; } Of()",
    "7"
    "csharp",
    "int In(StringComparison how = StringComparison.Ordinal, Size size = Size.Small) { while (true) return (int)how; } In()",
    "4"
    "fsharp", "let rec fib n = if n < 2 then n else fib (n - 1) + fib (n - 2)\nfib 20", "6765"
    "fsharp", "let rec sum acc n = if n = 0 then acc else sum (acc + n) (n - 1)\nsum 0 1000000 % 1000", "664"
    "fsharp", "let rec even n = n = 0 || odd (n - 1)\nand odd n = n <> 0 && even (n - 1)\neven 1000000", "true"
    "fsharp", "[ for i in 1..5 do if i % 2 = 1 then yield! [ i; i * i ] ] |> List.sum", "44"
    "fsharp", "(task {\n    let mutable s = 0\n    for i in 1..4 do s <- s + i\n    return s\n}).Result", "10"
    "fsharp", "<@ fun x -> x + 1 @>.ToString().Length > 10", "true"
    "fsharp", "let mutable i = 0 in (while i < 10 do (try i <- i + 3 finally i <- i - 1)); i", "10"
]

[<Tests>]
let tests =
    testSequenced
    <| testList "places to stop" [

        testCase "loops that call others stop, and names live on" (fun () ->
            use engine = start null
            Expect.isTrue (runIn engine "csharp" "var kept = 11;").Ended "C# starts"
            Expect.isTrue (runIn engine "fsharp" "let kept = 12").Ended "F# starts"

            for language, code in callers do
                let says =
                    if language = "csharp" then
                        "Console.Write(\"on\"); "
                    else
                        "printf \"on\"\n"

                stopping engine language (says + code) |> ignore

            Expect.equal (runIn engine "csharp" "kept").Value (Some "11") "C#"
            Expect.equal (runIn engine "fsharp" "kept").Value (Some "12") "F#")

        testCase "code gives what it gave" (fun () ->
            use engine = start null

            for language, code, value in meanings do
                let heard = runIn engine language code
                Expect.isTrue heard.Ended $"{code}: {heard.Error}"
                Expect.equal heard.Value (Some value) code)

        testCase "recursion without end is an error, not the end of the process" (fun () ->
            use engine = start null

            for language, code in withoutEnd do
                let error = (runIn engine language code).Error |> Option.get
                Expect.equal error.Name "System.InsufficientExecutionStackException" $"{code}: {error.Message}")

        testCase "a value or an error that recurs without end when it is shown is said to" (fun () ->
            use engine = start null

            let shown =
                runIn engine "csharp" "class Told { public override string ToString() => ToString() + 1; } new Told()"

            Expect.stringContains shown.Value.Value "InsufficientExecutionStackException" "a value"

            let error =
                (runIn
                    engine
                    "csharp"
                    "class Bad : Exception { public override string Message => Message + 1; } throw new Bad();")
                    .Error

            Expect.stringContains error.Value.Message "InsufficientExecutionStackException" "an error")

        testCase "what an error says of itself stops" (fun () ->
            use engine = start null

            for language, code in
                [
                    "csharp",
                    "class Bad : Exception { public override string Message { get { while (true) { } } } } Console.Write(\"on\"); throw new Bad();"
                    "fsharp",
                    "type Bad() =\n  inherit System.Exception()\n  override _.Message = (while true do ()); \"\"\nprintf \"on\"\nraise (Bad())"
                ] do
                stopping engine language code |> ignore

            Expect.equal (runIn engine "csharp" "6 * 7").Value (Some "42") "lives")

        testCase "what a cell does on its way out is done, waits and all" (fun () ->
            use engine = start null
            Expect.isTrue (runIn engine "csharp" "var cleaned = 0;").Ended "starts"

            stopping
                engine
                "csharp"
                "try { Console.Write(\"on\"); System.Threading.Thread.Sleep(-1); } finally { System.Threading.Thread.Sleep(120); cleaned = 1; }"
            |> ignore

            Expect.equal (runIn engine "csharp" "cleaned").Value (Some "1") "cleaned")

        testCase "a stopped cell tells where it was" (fun () ->
            use engine = start null

            let looping =
                stopping engine "csharp" "Console.Write(\"on\");\nvar n = 0;\nwhile (true)\n    n++;"

            Expect.isTrue (looping.Line.Value >= 3) $"C#: {looping.Line}"
            Expect.stringContains looping.Traceback[1] $"line {looping.Line}" "and says so"

            let sleeping =
                stopping engine "csharp" "Console.Write(\"on\");\nSystem.Threading.Thread.Sleep(-1);"

            Expect.equal sleeping.Line (Nullable 2) "C#, asleep"

            let looping =
                stopping engine "fsharp" "printf \"on\"\nlet mutable n = 0\nwhile true do\n    n <- n + 1"

            Expect.isTrue (looping.Line.Value >= 3) $"F#: {looping.Line}")

        testCase "errors still tell their lines" (fun () ->
            use engine = start null

            let looping =
                "for (var i = 0; i < 3; i++)\n{\n    if (i == 2)\n        throw new Exception(\"third\");\n}"

            Expect.equal (runIn engine "csharp" looping).Error.Value.Line (Nullable 4) "C#"
            let looping = "for i in 0..3 do\n    if i = 2 then\n        failwith \"third\""
            Expect.equal (runIn engine "fsharp" looping).Error.Value.Line (Nullable 3) "F#")

        testCase
            "what a stopped cell left running on other threads stops too, and what an earlier cell started does not"
            (fun () ->
                use engine = start null

                let first =
                    runIn
                        engine
                        "csharp"
                        "long mine = 0, its = 0; Task.Run(() => { while (mine >= 0) System.Threading.Interlocked.Increment(ref mine); });"

                Expect.isTrue first.Ended $"{first.Error}"

                stopping
                    engine
                    "csharp"
                    "var other = Task.Run(() => { while (true) System.Threading.Interlocked.Increment(ref its); }); Console.Write(\"on\"); while (true) { }"
                |> ignore

                Thread.Sleep 300

                let grows name =
                    (runIn engine "csharp" $"{{ var before = {name}; await Task.Delay(100); }} {name}").Value

                Expect.equal (grows "its") (grows "its") "the stopped cell's thread"
                Expect.notEqual (grows "mine") (grows "mine") "the earlier cell's"
                runIn engine "csharp" "mine = long.MinValue;" |> ignore)
    ]
