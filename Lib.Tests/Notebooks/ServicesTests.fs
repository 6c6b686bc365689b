/// What an editor asks about cells: completion, documentation, completeness.
module Engram.Tests.Notebooks.ServicesTests

open System
open System.Threading
open Expecto
open FsCheck
open Engram.Notebooks
open Engram.Tests.Notebooks.EngineCells

/// The engine of these tests, with a few variables of each language.
let private engine =
    lazy
        (let engine = start null

         runIn engine "csharp" "var answer = 42; int Twice(int x) => 2 * x; record Pair(int Left, int Right);"
         |> ignore

         runIn engine "csharp" "var pair = new Pair(1, 2);" |> ignore
         runIn engine "fsharp" "let question = \"six by nine\"\n/// Doubles.\nlet twice x = 2 * x" |> ignore
         engine)

let private services language =
    NotebookServices(engine.Value, language) :> ILanguageServices

/// A cell whose cursor is where the bar stands.
let private at (marked: string) =
    marked.Replace("|", ""), marked.IndexOf '|'

let private complete language marked =
    let code, position = at marked
    let found = (services language).Complete(code, position, CancellationToken.None)

    code.Substring(found.Start, found.End - found.Start), [ for item in found.Items -> item.Text ]

let private inspect language marked =
    let code, position = at marked
    (services language).Inspect(code, position, CancellationToken.None)

let private completes language marked replaced wanted =
    testCase $"{language}: {marked}" (fun () ->
        let word, items = complete language marked
        Expect.equal word replaced "what is replaced"

        for name in wanted do
            Expect.contains items name "a candidate")

/// Comments and strings name nothing; behind them and within what a string fills in, code does.
let private texts =
    testCase "comments and strings complete nothing" (fun () ->
        for language, marked in
            [
                "csharp", "// Math.Sq|"
                "csharp", "\"Math.Sq|\""
                "fsharp", "// question.|"
                "fsharp", "(* twi|"
                "fsharp", "\"question.|\""
                "fsharp", "let text = \"\"\"\ntwi|\n\"\"\""
            ] do
            Expect.isEmpty (snd (complete language marked)) marked

        for marked in [ "(* one *) twi|"; "\"\" + questi|"; "$\"{questi|}\"" ] do
            Expect.isNonEmpty (snd (complete "fsharp" marked)) marked)

let private completion =
    testList "completion" [
        texts
        completes "csharp" "Math.Sq|" "Sq" [ "Sqrt" ]
        completes "csharp" "answ|" "answ" [ "answer" ]
        completes "csharp" "var x = Tw|" "Tw" [ "Twice" ]
        completes "csharp" "pair.|" "" [ "Left"; "Right"; "ToString" ]
        completes "csharp" "Diff.Gr|" "Gr" []
        completes "csharp" "Engram.Diff.Gr|" "Gr" [ "Grad"; "GradV" ]
        completes "csharp" "using System.Te|" "Te" [ "Text" ]
        completes "csharp" "new[] { 1, 2 }.Sel|" "Sel" [ "Select"; "SelectMany" ]
        completes "csharp" "\"text\".Len|.ToString()" "Len" [ "Length" ]
        completes "csharp" "new Engram.DescentOptions { St|" "St" [ "Steps"; "StepSize" ]
        completes "csharp" "forea|" "forea" [ "foreach" ]
        completes "csharp" "var s = \"Math.Sq|\";" "" []
        completes "csharp" "#!fsharp\nquest|" "quest" [ "question" ]
        completes "fsharp" "quest|" "quest" [ "question" ]
        completes "fsharp" "List.ma|" "ma" [ "map"; "mapi" ]
        completes "fsharp" "System.Math.Sq|" "Sq" [ "Sqrt" ]
        completes "fsharp" "question.Len|" "Len" [ "Length" ]
        completes "fsharp" "open System.Te|" "Te" [ "Text" ]
        completes "fsharp" "let a = 1\n\n#!csharp\nansw|" "answ" [ "answer" ]
        completes "csharp" "#!sha|" "#!sha" [ "#!share" ]
        completes "csharp" "#!f|" "#!f" [ "#!fsharp"; "#!f#" ]

        testCase "a member's candidates are instance members only, a type's static ones" (fun () ->
            let _, ofValue = complete "csharp" "\"text\".|"
            Expect.contains ofValue "Length" "instance"
            Expect.isFalse (List.contains "IsNullOrEmpty" ofValue) "static"
            let _, ofType = complete "csharp" "string.|"
            Expect.contains ofType "IsNullOrEmpty" "static"
            Expect.isFalse (List.contains "Length" ofType) "instance")
    ]

let private says language marked wanted =
    testCase $"{language}: {marked}" (fun () ->
        let found = inspect language marked
        Expect.isNotNull found "is known"

        for part in wanted do
            Expect.stringContains found.Text part "text")

let private inspection =
    testList "inspection" [
        says "csharp" "Engram.Diff.Grad|" [ "Func<Tensor, Tensor> Diff.Grad("; "∇f of a scalar-valued f" ]
        says "csharp" "Engram.Diff.Gr|ad(x => x)" [ "Diff.Grad("; "∇f of a scalar-valued f" ]
        says "csharp" "Engram.Diff.Grad(|" [ "Diff.Grad(" ]
        says "csharp" "Math.Sqrt(2|)" [ "double Math.Sqrt(double d)"; "square root" ]
        says "csharp" "answ|er" [ "int answer" ]
        says "csharp" "Twice|(2)" [ "int Twice(int x)" ]
        says "csharp" "Console.WriteLine|" [ "Console.WriteLine()"; "Console.WriteLine(string" ]
        says "csharp" "#!fsharp\ntwi|ce 2" [ "twice"; "int -> int"; "Doubles." ]
        says "fsharp" "question|" [ "question"; "string" ]
        says "fsharp" "List.map|" [ "map"; "'T list"; "applying the given function" ]
        says "fsharp" "Engram.Diff.grad|" [ "grad"; "∇f of a scalar-valued f" ]
        says "fsharp" "System.Math.Sqrt(2.0|)" [ "Sqrt"; "square root" ]
        says "fsharp" "twice |" [ "twice"; "Doubles." ]

        testCase "nothing is known of what there is not" (fun () ->
            Expect.isNull (inspect "csharp" "thereIsNone|") "C#"
            Expect.isNull (inspect "fsharp" "thereIsNone|") "F#"
            Expect.isNull (inspect "fsharp" "\"of a quest|ion\"") "F#, in a string"
            Expect.isNull (inspect "csharp" "|") "an empty cell")
    ]

let private completeness =
    let check language code =
        ((services language).Check code).Completeness

    testList "completeness" [
        for language, code, verdict in
            [
                "csharp", "1 + 1", Completeness.Complete
                "csharp", "var x = 1;", Completeness.Complete
                "csharp", "foreach (var i in new[] { 1 }) {", Completeness.Incomplete
                "csharp", "Math.Sqrt(", Completeness.Incomplete
                "csharp", "var x = );", Completeness.Invalid
                "csharp", "", Completeness.Complete
                "csharp", "\"\"\"", Completeness.Incomplete
                "csharp", "var x = 1;\nx = \"\"\"\"\none \"\"\" two\n", Completeness.Incomplete
                "csharp", "\"\"\"\none\n\"\"\"", Completeness.Complete
                "csharp", "\"\"\"one", Completeness.Invalid
                "csharp", "\"\"\"one\n1", Completeness.Invalid
                "csharp", "var x = );\n\"\"\"", Completeness.Invalid
                "fsharp", "1 + 1", Completeness.Complete
                "fsharp", "let f x =", Completeness.Incomplete
                "fsharp", "let f x = (x +", Completeness.Incomplete
                "fsharp", "[ 1; 2", Completeness.Incomplete
                "fsharp", "let = 3", Completeness.Invalid
                "fsharp", "#if INTERACTIVE", Completeness.Incomplete
                "fsharp", "#if INTERACTIVE\n1", Completeness.Incomplete
                "fsharp", "#if COMPILED\n1", Completeness.Incomplete
                "fsharp", "#if COMPILED\n1\n#else\n2", Completeness.Incomplete
                "fsharp", "#if INTERACTIVE\n#if COMPILED\n2\n#endif", Completeness.Incomplete
                "fsharp", "#if INTERACTIVE\n1\n#endif", Completeness.Complete
                "fsharp", "#if INTERACTIVE\nlet = 3", Completeness.Invalid
                "fsharp", "let = 3\n#if INTERACTIVE\n", Completeness.Invalid
                "fsharp", "#endif", Completeness.Invalid
                "csharp", "var a = 1;\n#!fsharp\nlet f x =", Completeness.Incomplete
            ] do
            testCase $"{language}: {code}" (fun () -> Expect.equal (check language code) verdict "")

        testCase "the next line is indented by what is open" (fun () ->
            let indent language code = ((services language).Check code).Indent
            Expect.equal (indent "csharp" "class A {\n    void B() {") "        " "C#"
            Expect.equal (indent "fsharp" "let f x =") "    " "F#")
    ]

let private cells = [|
    "csharp", "var xs = new[] { 1, 2 }.Select(x => $\"{x:F2}\").ToList(); // text"
    "csharp", "#!share question --from fsharp\nConsole.WriteLine(question.Len);\n#!fsharp\nquestion.Length"
    "fsharp", "let rec f (x: int) = match x with 0 -> [] | n -> n :: f (n - 1)\n[ for i in 1 .. 3 -> f i ]"
    "fsharp", "#r \"nuget: Nothing\"\nlet ``a b`` = \"\"\"x\"\"\" + 'c'.ToString()"
|]

let private robustness =
    testList "robustness" [
        testPropertyWithConfig
            {
                FsCheckConfig.defaultConfig with
                    maxTest = 60
            }
            "any part of a cell is answered, whatever it breaks off"
        <| fun (NonNegativeInt choice) (NonNegativeInt first) (NonNegativeInt length) (NonNegativeInt place) ->
            let language, cell = cells[choice % cells.Length]
            let first = first % cell.Length
            let part = cell.Substring(first, length % (cell.Length - first + 1))
            let position = place % (part.Length + 1)
            let services = services language
            let found = services.Complete(part, position, CancellationToken.None)
            services.Inspect(part, position, CancellationToken.None) |> ignore
            services.Check part |> ignore
            found.Start >= 0 && found.Start <= found.End && found.End <= part.Length

        testCase "a running cell keeps nobody waiting" (fun () ->
            use stop = new CancellationTokenSource()
            let cell = engine.Value.RunAsync("while (true) { }", "csharp", ignore, stop.Token)
            let _, items = complete "csharp" "Math.Sq|"
            Expect.contains items "Sqrt" "answered meanwhile"
            Expect.isFalse cell.IsCompleted "the cell still runs"
            stop.Cancel()
            cell.Wait())
    ]

[<Tests>]
let tests =
    testSequenced (testList "services" [ completion; inspection; completeness; robustness ])
