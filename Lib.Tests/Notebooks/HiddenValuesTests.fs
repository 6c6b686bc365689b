/// A value whose name was given to another can be collected, and code that speaks of it goes on to see it.
module Engram.Tests.Notebooks.HiddenValuesTests

open Expecto
open Engram.Notebooks
open Engram.Tests.Notebooks.EngineCells

let private runs engine language code =
    let heard = runIn engine language code
    Expect.isTrue heard.Ended $"{code}: {heard.Error}"
    heard.Value

/// An engine in which both languages can watch objects: `watch "name" object`, and C# counts those that are alive.
let private watching () =
    let engine = start null

    runs engine "csharp" "var watched = new Dictionary<string, List<WeakReference>>();" |> ignore

    runs
        engine
        "csharp"
        "void watch(string name, object value) { if (!watched.ContainsKey(name)) watched[name] = new(); watched[name].Add(new(value)); }
         int count(string name) => watched[name].Count(each => each.IsAlive);
         void collect() { for (var i = 0; i < 3; i++) { GC.Collect(); GC.WaitForPendingFinalizers(); } }
         int alive(string name) { collect(); return count(name); }
         Action<string, object> watcher = watch; Func<string, int> counter = count;"
    |> ignore

    runs
        engine
        "fsharp"
        "#!share watcher --from csharp\n#!share counter --from csharp\nlet watch name (value: obj) = watcher.Invoke(name, value)"
    |> ignore

    engine

let private engine = lazy (watching ())

let private fsharp code =
    runs engine.Value "fsharp" code |> ignore

let private csharp code =
    runs engine.Value "csharp" code |> ignore

let private gives expected language code =
    Expect.equal (runs engine.Value language code) (Some expected) code

/// F# cells that define `x` (another name in each case) and watch its object; cells that hide it.
let private letGo = [
    "a value", [ "let x = obj ()"; "watch \"x\" x" ], [ "let x = 1" ]
    "hidden by the same cell", [ "let x = obj ()"; "watch \"x\" x" ], [ "let x = obj ()" ]
    "hidden by a function", [ "let x = obj ()"; "watch \"x\" x" ], [ "let x () = 1" ]
    "hidden by a value of any type", [ "let x = obj ()"; "watch \"x\" x" ], [ "let x = []" ]
    "used in the course of cells",
    [
        "let x = [| 1 .. 9 |]\nlet len = x.Length\nfor i in x do\n    ignore i\nwatch \"x\" x"
        "printf \"%d\" x[0]\nlet sum_x = Array.sum x\nwatch \"x\" x"
    ],
    [ "let x = 1" ]
    "mutable", [ "let mutable x = obj ()"; "x <- obj ()\nwatch \"x\" x" ], [ "let x = 1" ]
    "of a pattern", [ "let x, other_x = obj (), obj ()\nwatch \"x\" x" ], [ "let x = 1" ]
    "of a pattern over a call",
    [
        "let make_x () = obj (), obj ()"
        "let x, other_x = make_x ()\nwatch \"x\" x"
    ],
    [ "let x = 1" ]
    "of a pattern over a struct",
    [
        "let make_x () = struct (obj (), 1)"
        "let struct (x, n_x) = make_x ()\nwatch \"x\" x"
    ],
    [ "let x = 1" ]
    "within a struct", [ "let x = struct (obj (), 1)"; "(let struct (o, _) = x in watch \"x\" o)" ], [ "let x = 1" ]
    "of use", [ "use x = new IO.MemoryStream()\nwatch \"x\" x" ], [ "let x = 1" ]
    "a tensor", [ "let x = TorchSharp.torch.zeros 3L"; "watch \"x\" x" ], [ "let x = 1" ]
    "a tensor of many", [ "let x = [| TorchSharp.torch.zeros 3L |]"; "watch \"x\" x[0]" ], [ "let x = 1" ]
    "a last value", [ "let w_x = obj ()\nwatch \"x\" w_x\nbox w_x"; "let w_x = 2" ], [ "it.GetType()" ]
    "of cells that failed",
    [
        "let x = obj ()\nwatch \"x\" x"
        "!let x = obj ()\nwatch \"x\" x\nfailwith \"no\""
        "!let x = obj ()\nwatch \"x\" x\nfailwith \"no\""
    ],
    [ "let x = 1" ]
]

/// F# cells that define `x` and speak of it, and then, though its name is another's, an expression and what it gives.
let private kept = [
    "a function of the cell", [ "let x = [| 7 |]\nlet f_x () = x" ], "f_x().[0]", "7"
    "a function of a later cell", [ "let x = [| 7 |]"; "let f_x () = x" ], "f_x().[0]", "7"
    "an inline function", [ "let x = [| 7 |]\nlet inline f_x () = x" ], "f_x().[0]", "7"
    "an inline function of any type", [ "let x = [| 7 |]"; "let inline f_x n = (n + n) * x[0]" ], "f_x 3", "42"
    "an inline function of members",
    [
        "let x = [| 7 |]"
        "let inline f_x (a: ^T) = (^T: (member Length: int) a) * x[0]"
    ],
    "f_x \"abc\"",
    "21"
    "an inline function that an inline function calls",
    [
        "let x = [| 7 |]"
        "let inline f_x n = n * x[0]"
        "let inline g_x n = f_x (n + 1)"
    ],
    "g_x 2",
    "21"
    "a constant", [ "let x = 7"; "let f_x () = x" ], "f_x ()", "7"
    "a function over a mutable value",
    [
        "let mutable x = [| 7 |]\nlet next_x () =\n    x <- [| x[0] + 1 |]\n    x[0]"
    ],
    "next_x () + next_x ()",
    "17"
    "an active pattern",
    [ "let x = [| 7 |]\nlet (|Seven_x|_|) n = if n = x[0] then Some() else None" ],
    "match 7 with Seven_x -> 1 | _ -> 0",
    "1"
    "a member", [ "let x = [| 7 |]\ntype T_x() =\n    member _.It = x[0]" ], "T_x().It", "7"
    "a static value of a type",
    [
        "let x = [| 7 |]\ntype T_x() =\n    static let mine = x\n    static member It = mine[0]"
    ],
    "T_x.It",
    "7"
    "an object",
    [
        "let x = [| 7 |]\nlet o_x = { new Object() with member _.ToString() = string x[0] }"
    ],
    "string o_x",
    "7"
    "a lazy value", [ "let x = [| 7 |]"; "let l_x = lazy x[0]" ], "l_x.Value", "7"
    "a sequence", [ "let x = [| 7 |]"; "let s_x = seq { for i in 0..1 -> x[0] + i }" ], "Seq.sum s_x", "15"
    "an async", [ "let x = [| 7 |]"; "let a_x = async { return x[0] }" ], "Async.RunSynchronously a_x", "7"
    "work that still runs",
    [
        "let x = [| 7 |]\nlet t_x = Threading.Tasks.Task.Run(fun () -> Threading.Thread.Sleep 100; x[0])"
    ],
    "t_x.Result",
    "7"
    "a task that still runs",
    [
        "let x = [| 7 |]\nlet t_x = task {\n    do! Threading.Tasks.Task.Delay 100\n    return x[0] }"
    ],
    "t_x.Result",
    "7"
    "a handler",
    [
        "let x = [| 7 |]\nlet e_x = Event<int>()\nlet mutable sum_x = 0\ne_x.Publish.Add(fun n -> sum_x <- n + x[0])"
    ],
    "e_x.Trigger 1\nsum_x",
    "8"
    "a delegate", [ "let x = [| 7 |]\nlet d_x = Func<int>(fun () -> x[0])" ], "d_x.Invoke()", "7"
    "a partial application", [ "let x = [| 7 |]\nlet p_x = Array.map2 (+) x" ], "(p_x [| 1 |])[0]", "8"
    "a function of a module",
    [
        "let x = [| 7 |]\nmodule M_x =\n    let own = x\n    let f () = x[0] + own[0]"
    ],
    "M_x.f ()",
    "14"
    "a quotation",
    [ "let x = [| 7 |]"; "let q_x = <@ x[0] @>" ],
    "Linq.RuntimeHelpers.LeafExpressionConverter.EvaluateQuotation q_x :?> int",
    "7"
    "a quotation of the cell",
    [ "let x = [| 7 |]\nlet q_x = <@ x @>" ],
    "(Linq.RuntimeHelpers.LeafExpressionConverter.EvaluateQuotation q_x :?> int[])[0]",
    "7"
    "a query", [ "let x = [| 7 |]\nlet many_x = query { for n in x do select (n + x[0]) }" ], "Seq.head many_x", "14"
    "another name", [ "let x = [| 7 |]\nlet y_x = x"; "let z_x = y_x" ], "z_x[0]", "7"
    "a tuple", [ "let x = [| 7 |]\nlet p_x = x, 1" ], "(fst p_x)[0]", "7"
    "a struct",
    [ "let x = [| 7 |]"; "let p_x = struct (x, 1)"; "let x2 = p_x"; "let p_x = 1" ],
    "let struct (a, _) = x2 in a[0]",
    "7"
    "a record", [ "type R_x = { V: int[] }\nlet x = [| 7 |]"; "let r_x = { V = x }" ], "r_x.V[0]", "7"
    "a list", [ "let x = [| 7 |]"; "let many_x = [ x ]" ], "many_x.Head[0]", "7"
    "a reference", [ "let x = ref 7"; "let r_x = x"; "r_x.Value <- 8" ], "r_x.Value", "8"
    "a disposable", [ "let x = TorchSharp.torch.ones 7L"; "let t_x = x" ], "t_x.sum().item<float32>()", "7"
]

/// The cells with a name of their own instead of x.
let private named (name: string) (cells: string list) =
    cells
    |> List.map (fun cell ->
        System.Text.RegularExpressions.Regex.Replace(cell, @"\bx\b|_x\b", fun found -> found.Value.Replace("x", name)))

[<Tests>]
let tests =
    testSequenced
    <| testList "hidden values" [

        testCase "F#: what nothing speaks of is let go" (fun () ->
            let name i = $"gone{i}"

            for i, (_, cells, hiding) in List.indexed letGo do
                for cell in named (name i) cells do
                    if cell.StartsWith '!' then
                        Expect.isFalse (runIn engine.Value "fsharp" cell[1..]).Ended "it fails"
                    else
                        fsharp cell

                gives "true" "fsharp" $"counter.Invoke \"{name i}\" > 0"
                named (name i) hiding |> List.iter fsharp

            csharp "collect();"

            for i, (label, _, _) in List.indexed letGo do
                Expect.equal (runs engine.Value "fsharp" $"counter.Invoke \"{name i}\"") (Some "0") label)

        testCase "F#: what something speaks of is kept" (fun () ->
            let name i = $"kept{i}"

            for i, (_, cells, _, _) in List.indexed kept do
                named (name i) cells |> List.iter fsharp
                fsharp $"let {name i} = \"another\""

            csharp "collect();"

            for i, (label, _, expression, expected) in List.indexed kept do
                let code = named (name i) [ expression ] |> List.head
                Expect.equal (runs engine.Value "fsharp" code) (Some expected) label
                gives "another" "fsharp" (name i))

        testCase "F#: what is not hidden, though it looks so" (fun () ->
            fsharp "[<CompiledName \"compiled\">]\nlet source = [| 5 |]"
            fsharp "let compiled = [| 6 |]"
            fsharp "let compiled = [| 7 |]"
            gives "5" "fsharp" "source[0]"
            fsharp "module Opened =\n    let inOpened = [| 1 |]"
            fsharp "open Opened"
            fsharp "module Opened =\n    let inOpened = [| 2 |]"
            gives "1" "fsharp" "inOpened[0]"
            fsharp "let twice = [| 3 |]"
            let failed = runIn engine.Value "fsharp" "let twice = [| 4 |]\nfailwith \"no\""
            Expect.isFalse failed.Ended "it fails"
            gives "3" "fsharp" "twice[0]")

        testCase "what a name was shared as is let go" (fun () ->
            for _ in 1..3 do
                csharp "var given = new object(); watch(\"given\", given);"
                fsharp "#!share given --from csharp"
                fsharp "let given2 = given\nwatch \"given2\" given2"
                csharp "#!share given2 --from fsharp"

            gives "1" "csharp" "alive(\"given\")")

        testCase "a cell that runs again and again keeps the values of its last run" (fun () ->
            for _ in 1..20 do
                fsharp "let again, beside = Array.zeroCreate<byte> 10, obj ()\nwatch \"again\" again\nagain.Length"
                csharp "var again = new byte[10]; int Length(int n) => again.Length * n; watch(\"C#\", again);"
                csharp "Enumerable.Range(0, 3).Sum(i => again[i]) + Length(3)"

            gives "1" "csharp" "alive(\"again\")"
            gives "1" "csharp" "alive(\"C#\")"
            gives "60" "csharp" "Length(6)")

        testCase "C#: a hidden variable lives as long as what speaks of it" (fun () ->
            csharp "var held = new object(); Func<object> read = () => held; watch(\"held\", held);"
            csharp "var reading = read;"
            csharp "var held = 1; var read = 1;"
            gives "Object" "csharp" "reading().GetType().Name"
            gives "1" "csharp" "alive(\"held\")"
            csharp "var reading = 1;"
            gives "0" "csharp" "alive(\"held\")")

        testCase "C#: a function is hidden by one that takes the same" (fun () ->
            csharp "var inside = new[] { 7 }; int Of(int n) => inside[0] + n; watch(\"inside\", inside);"
            csharp "var inside = 1;"
            gives "9" "csharp" "Of(2)"
            gives "1" "csharp" "alive(\"inside\")"
            csharp "int Of(int n) => n;"
            gives "0" "csharp" "alive(\"inside\")"
            gives "2" "csharp" "Of(2)")

        testCase "C#: a cell that is stopped before it begins leaves the next ones whole" (fun () ->
            let stopped =
                runWith engine.Value null (System.Threading.CancellationToken true) "csharp" "var never = 1;"

            Expect.isFalse stopped.Ended "stopped"
            csharp "var after = 5;"
            gives "5" "csharp" "after"
            fsharp "#!share after --from csharp"
            gives "5" "fsharp" "after")
    ]
