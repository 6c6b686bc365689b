module Engram.Tests.Notebooks.EngineCSharpTests

open System
open System.Globalization
open System.Threading
open Expecto
open Engram.Notebooks
open Engram.Tests.Notebooks.EngineCells

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
    ]
