module Engram.Tests.Notebooks.EngineTests

open System
open System.Globalization
open System.Threading
open Expecto
open Engram.Notebooks
open Engram.Tests.Notebooks.EngineCells

let private succeeds (heard: Heard) =
    Expect.isTrue heard.Ended $"no error: {heard.Error}"

let private returns expected (heard: Heard) =
    succeeds heard
    Expect.equal heard.Value (Some expected) "the last expression's value"

[<Tests>]
let tests =
    testList "engine" [

        testList "C# cells" [
            testCase "the last expression is the cell's value" (fun () -> csharp "1 + 2" |> returns "3")

            testCase "a statement has none" (fun () ->
                let heard = csharp "var quiet = 1;"
                succeeds heard
                Expect.equal heard.Events [] "nothing is heard")

            testCase "names live on from cell to cell" (fun () ->
                csharp "int Twice(int n) => 2 * n; var five = 5;" |> succeeds
                csharp "Twice(five)" |> returns "10")

            testCase "a later definition hides an earlier one" (fun () ->
                csharp "var again = 1;" |> succeeds
                csharp "var again = \"one\";" |> succeeds
                csharp "again.Length" |> returns "3")

            testCase "awaits stand at the top level" (fun () ->
                csharp "await Task.Delay(1); var later = await Task.Run(() => 7); later" |> returns "7")

            testCase "waiting for one's own task does not lock the cell" (fun () ->
                csharp "async Task<int> Slow() { await Task.Delay(5); return 4; } Slow().Result" |> returns "4")

            testCase "null is a value" (fun () ->
                let heard = csharp "(string)null"
                succeeds heard
                Expect.isSome heard.Value "null is shown")

            testCase "the usual namespaces are open" (fun () ->
                csharp
                    "Enumerable.Range(1, 3).Select(i => new StringBuilder().Append(i).ToString()).Aggregate(string.Concat)"
                |> returns "123")

            testCase "usings hold in all later cells" (fun () ->
                use engine = start null
                let run = runIn engine "csharp"
                run "using System.IO;" |> succeeds
                run "var name = Path.GetFileName(\"a/b\");" |> succeeds
                run "name + Path.GetExtension(\"c.d\") + new List<int> { 1 }.Sum()" |> returns "b.d1")

            testCase "what the program carries is there for the cell that names it" (fun () ->
                use engine = start null
                let run = runIn engine "csharp"
                run "var before = 1; before" |> returns "1"

                let seen =
                    engine.Languages[0].Services.Complete("Newtonsoft.Json.JsonC", 21, CancellationToken.None)

                Expect.exists seen.Items (fun each -> each.Text = "JsonConvert") "an editor sees it"

                Expect.stringContains
                    (run "before + unknownName").Error.Value.Message
                    "unknownName"
                    "errors are told as ever"

                run "using Plotly.NET;" |> succeeds
                run "nameof(StyleParam.Mode) + before" |> returns "Mode1"
                run "new System.Xml.XmlDocument().ChildNodes.Count" |> returns "0")

            testCase "a cell that names it runs once, and sees earlier types as they are" (fun () ->
                use engine = start null
                let run = runIn engine "csharp"
                run "record Pair(int A, Uri B); var pairs = new[] { new Pair(1, new(\"http://a/\")) };" |> succeeds

                let heard =
                    run "Console.Write(\"once\"); new System.Net.Mail.MailAddress(\"a@\" + pairs[0].B.Host).Host"

                Expect.equal heard.Out "once" "text"
                returns "a" heard
                run "pairs.Single(p => p.A == 1) is Pair { A: 1 }" |> returns "true")

            testCase "unsafe code is for the cells that say so" (fun () ->
                use engine = start null
                let run = runIn engine "csharp"
                run "unsafe int First(int[] a) { fixed (int* p = a) return *p; }" |> succeeds
                run "First([7, 8])" |> returns "7"
                run "unsafe { int x = 5; int* p = &x; Console.Write(*p); }" |> succeeds)

            testCase "an error at compile time names line and column" (fun () ->
                let heard = csharp "var fine = 1;\nvar bad = unknownName;"
                Expect.isFalse heard.Ended "it fails"
                let error = heard.Error.Value
                Expect.equal error.Name "CompilationError" "name"
                Expect.equal error.Line (System.Nullable 2) "line"
                Expect.stringContains error.Message "(2,11): error CS0103" "message")

            testCase "an error at run time has its own type, and the line" (fun () ->
                let heard = csharp "int Third(int[] a) => a[3];\n\nThird([1]);"
                let error = heard.Error.Value
                Expect.equal error.Name "System.IndexOutOfRangeException" "type"
                Expect.equal error.Line (System.Nullable 1) "line"
                let text = String.concat "\n" error.Traceback
                Expect.stringContains text "Third in cell" "the function is named"
                Expect.stringContains text ", line 3" "and where it was called")

            testCase "an error in a function of an earlier cell tells that cell's line" (fun () ->
                csharp "\n\nvoid Fails() => throw new InvalidOperationException(\"no\");" |> succeeds
                let error = (csharp "\nFails();").Error.Value
                Expect.equal error.Message "no" "message"
                Expect.equal error.Line (System.Nullable 2) "the line of this cell"
                Expect.stringContains (String.concat "\n" error.Traceback) ", line 3" "and of the other")

            testCase "a hidden value is let go, unless something still speaks of it" (fun () ->
                let collected name code =
                    csharp $"var weak_{name} = (WeakReference)null; object {name} = new byte[10];" |> succeeds
                    csharp $"weak_{name} = new WeakReference({name}); {code}" |> succeeds
                    csharp $"object {name} = null;" |> succeeds
                    (csharp $"GC.Collect(); weak_{name}.IsAlive").Value

                Expect.equal (collected "loose" "") (Some "false") "let go"
                Expect.equal (collected "held" "Func<object> read = () => held;") (Some "true") "kept for the lambda"
                csharp "read().GetType().Name" |> returns "Byte[]")

            testCase "a lambda is shown by its type, a method with its name" (fun () ->
                csharp "(Func<int, int>)(n => n + 1)" |> returns "Func<int, int>"
                csharp "(Func<int, int>)Math.Abs" |> returns "Func<int, int> Abs")

            testCase "discards are discards" (fun () ->
                csharp "int kept; (kept, _) = (int.TryParse(\"4\", out _) ? 4 : 0, 5); _ = \"text\"; kept"
                |> returns "4"

                csharp
                    "using static Microsoft.DotNet.Interactive.Formatting.PocketViewTags;\n_ = 1; div(\"x\").ToString()"
                |> returns "<div>x</div>")

            testCase "what the compiler warns of is told, with its place" (fun () ->
                let heard = csharp "int Warned()\n{\n    int unused;\n    return 2;\n}\nWarned()"
                returns "2" heard
                let told = heard.Text StandardStream.Error
                Expect.stringContains told "line 3, column 9" "place"
                Expect.stringContains told "warning" "kind"
                Expect.stringContains told "CS0168" "the compiler's code"

                let suppressed =
                    csharp "#pragma warning disable CS0168\nint Unwarned() { int unused; return 2; }"

                Expect.equal suppressed.Events [] "nothing is heard"

                let older =
                    csharp "var twice = 2 * TorchSharp.torch.ones(3); Task.Run(() => 1); string? none = null;"

                Expect.equal older.Events [] "nor what is no news")

            testCase "where a cell's C# differs from a program's, the error says what to write" (fun () ->
                for refused, hint, instead in
                    [
                        "static class More { public static int Twice(this int n) => 2 * n; }",
                        "static int Twice(this int n) => 2 * n;",
                        "static int Twice(this int n) => 2 * n; 4.Twice().ToString()"
                        "namespace Mine { class Thing { } }", "no namespaces", "class Thing { } \"8\""
                        "Span<int> few = new int[8];",
                        "{ braces }",
                        "string eight; { Span<int> few = new int[8]; eight = few.Length.ToString(); } eight"
                        "using var text = new System.IO.StringReader(\"8\");",
                        "using (var x = …) { … }",
                        "string held; using (var text = new System.IO.StringReader(\"8\")) { held = text.ReadLine(); } held"
                        "using var text = new System.IO.StringReader(\"8\");",
                        "{ braces }",
                        "string held2; { using var text = new System.IO.StringReader(\"8\"); held2 = text.ReadLine(); } held2"
                    ] do
                    let traceback = (csharp refused).Error.Value.Traceback
                    Expect.exists traceback (fun line -> line.Contains hint) refused
                    csharp instead |> returns "8"

                let ordinary =
                    (csharp "using System.IO;\nvar a = unknownName;").Error.Value.Traceback

                Expect.equal ordinary.Count 3 "the error, its line and its place: no hint where none helps")

            testCase "a cell's own type of exception has the name that the cell gave it" (fun () ->
                let error = (csharp "class TooHot : Exception { }\nthrow new TooHot();").Error.Value

                Expect.equal error.Name "TooHot" "name")

            testCase "all that an exception of several tasks holds is told" (fun () ->
                let error =
                    (csharp
                        "throw new AggregateException(new Exception(\"first\"), new Exception(\"second\", new ArgumentException(\"third\")));")
                        .Error.Value

                let causes =
                    error.Traceback |> Seq.filter _.StartsWith("caused by") |> String.concat "\n"

                for cause in [ "first"; "second"; "System.ArgumentException\u001b[0m: third" ] do
                    Expect.stringContains causes cause "a cause")

            testCase "names defined before an error are kept" (fun () ->
                (csharp "var before = 8; throw new Exception();").Ended |> Flip.Expect.isFalse "it fails"
                csharp "before" |> returns "8")
        ]

        testCase "a cell may use any culture, and numbers are as the texts print them" (fun () ->
            if CultureInfo.GetCultureInfo("de-DE").NumberFormat.NumberDecimalSeparator = "." then
                skiptest "the environment asks .NET to know no cultures"

            use engine = start null
            let value code = (runIn engine "csharp" code).Value

            Expect.equal
                (value "1234.5.ToString(\"N1\", new System.Globalization.CultureInfo(\"de-DE\"))")
                (Some "1.234,5")
                "German"

            Expect.equal
                (value "\"caf\\u00e9\".Normalize(System.Text.NormalizationForm.FormD).Length")
                (Some "5")
                "an accent of its own"

            Expect.equal (value "1.5.ToString()") (Some "1.5") "and a number")

        testList "F# cells" [
            testCase "the last expression is the cell's value" (fun () -> fsharp "1 + 2" |> returns "3")

            testCase "a declaration has none" (fun () ->
                let heard = fsharp "let quietly = 1"
                succeeds heard
                Expect.equal heard.Events [] "nothing is heard")

            testCase "unit is no value" (fun () ->
                for code in [ "ignore 1"; "ignore 1\nignore 2"; "let a = 1\nignore a"; "open System\n()" ] do
                    Expect.equal (fsharp code).Value None code)

            testCase "names live on from cell to cell" (fun () ->
                fsharp "let twice n = 2 * n\nlet six = 6" |> succeeds
                fsharp "twice six" |> returns "12")

            testCase "declarations and a last expression" (fun () ->
                fsharp "let a = [ 1 .. 4 ]\nlet b = List.sum a\nb * 2" |> returns "20")

            testCase "an error at compile time names line and column" (fun () ->
                let error = (fsharp "let fine = 1\nlet bad = unknownName").Error.Value
                Expect.equal error.Name "CompilationError" "name"
                Expect.equal error.Line (System.Nullable 2) "line"
                Expect.stringContains error.Message "(2,11): error FS0039" "message")

            testCase "an error at run time has its own type, and the line" (fun () ->
                let error =
                    (fsharp
                        "let sum (a: int list) =\n    let mutable s = 0\n    for i in a do\n        s <- s + List.find (fun j -> j = i + 1) a\n    s\n\nlet x = sum [ 1 ]")
                        .Error.Value

                Expect.equal error.Name "System.Collections.Generic.KeyNotFoundException" "type"
                Expect.equal error.Line (System.Nullable 4) "line"
                Expect.stringContains (String.concat "\n" error.Traceback) ", line 7" "where it was called")

            testCase "failwith at the top level" (fun () ->
                let error = (fsharp "\nfailwith \"so it is\"").Error.Value
                Expect.equal error.Message "so it is" "message"
                Expect.equal error.Line (System.Nullable 2) "line")

            testCase "what the compiler warns of is told, with its place" (fun () ->
                let heard =
                    fsharp "let warned (x: int option) =\n    match x with\n    | Some v -> v\n\nwarned (Some 2)"

                returns "2" heard
                let told = heard.Text StandardStream.Error
                Expect.stringContains told "line 2, column 11" "place"
                Expect.stringContains told "FS0025" "the compiler's code"

                let suppressed =
                    fsharp "#nowarn \"25\"\nlet unwarned (x: int option) = match x with Some v -> v"

                Expect.equal suppressed.Events [] "nothing is heard")

            testCase "a cell's own exception has the name that the cell gave it" (fun () ->
                let error =
                    (fsharp "exception TooCold of string\nraise (TooCold \"x\")").Error.Value

                Expect.equal error.Name "TooCold" "name")

            // It holds for the cells of other tests as well.
            testSequenced
            <| testCase "#time times what follows" (fun () ->
                fsharp "#time \"on\"" |> succeeds

                try
                    Expect.stringContains (fsharp "List.sum [ 1..9 ]").Out "Real: " "time"
                finally
                    fsharp "#time \"off\"" |> succeeds)

            // Another test's cell would be 'it'.
            testSequenced
            <| testCase "a function, and what is of any type, is a value; it stays itself" (fun () ->
                fsharp "fun x -> x + 1" |> returns "int -> int"
                fsharp "it 3" |> returns "4"
                fsharp "None" |> returns "None"
                fsharp "[]" |> returns "[]"
                fsharp "let pair = 1, 2\nfst" |> returns "(object, object) -> object"
                Expect.equal (fsharp "let three = 3").Value None "a declaration has none, whatever it was before"
                Expect.equal (fsharp "let it = 41").Value None "also of the name that a last value has"
                Expect.equal (fsharp "it + 1").Value (Some "42") "which can be said")

            testCase "an error behind a whole expression is no reason to drop the cell in silence" (fun () ->
                for code, line in [ "3 : int", 1; "let whole = (3)\n]", 2; "let other = 1\n\n:> obj", 3 ] do
                    let heard = fsharp code
                    Expect.isFalse heard.Ended code
                    Expect.equal heard.Error.Value.Line (System.Nullable line) code
                    Expect.stringContains heard.Error.Value.Message "FS0010" "the compiler's own word, once")

            testCase "F# Interactive's ;; may stand anywhere" (fun () ->
                let heard =
                    fsharp "let first = 1;; let text = \"a;;b\" // c;;d\n(* ;; *)\nprintf \"%s\" text;;\n\nfirst + 1;;"

                Expect.equal heard.Out "a;;b" "all of it ran"
                returns "2" heard
                let error = (fsharp "let fine = 1;;\n fine + \"x\"").Error.Value
                Expect.equal error.Line (System.Nullable 2) "line")

            testCase "a generic last expression" (fun () ->
                let heard = fsharp "let once = 1\nif once = 1 then\n    []\nelse\n    []"
                succeeds heard
                Expect.isSome heard.Value "an empty list is shown")

            testCase "what the program carries is there for the cell that names it" (fun () ->
                use engine = start null
                let run = runIn engine "fsharp"
                run "1 + 2" |> returns "3"
                run "nameof Plotly.NET.StyleParam.Mode" |> returns "Mode"

                let seen =
                    engine.Languages[1].Services.Complete("Newtonsoft.Json.JsonC", 21, CancellationToken.None)

                Expect.exists seen.Items (fun each -> each.Text = "JsonConvert") "an editor sees it as well")

            testCase "and for one that has it by a name of the framework, which runs once" (fun () ->
                use engine = start null
                // A class of System.ServiceModel, in a namespace that each cell knows.
                let heard =
                    runIn
                        engine
                        "fsharp"
                        "printf \"once\"\nlet found = System.Collections.Generic.SynchronizedCollection<int>()\nfound.Count"

                Expect.equal heard.Out "once" "text"
                returns "0" heard)
        ]

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
