module Engram.Tests.Notebooks.FormatTests

open System
open System.Collections.Generic
open Expecto
open FsCheck.FSharp
open Microsoft.DotNet.Interactive.Formatting
open Engram.Notebooks
open Engram.Tests.Notebooks.Shown

type Shape =
    | Circle of radius: float
    | Rectangle of width: float * height: float
    | Nothing

type Tree =
    | Leaf
    | Node of Tree * int * Tree

type Wrapper = Wrapper of string

type Spoken() =
    member _.Hidden = 1
    override _.ToString() = "spoken <for> itself"

type Broken() =
    member _.Fine = 1

    member _.Bad: int = raise (InvalidOperationException "not now")

/// The names of tags that a text opens and closes, void ones apart.
let private tagsBalance (text: string) =
    let tags = Text.RegularExpressions.Regex.Matches(text, "<(/?)([a-z]+)[^>]*>")

    let rest =
        (Some [], tags)
        ||> Seq.fold (fun stack tag ->
            match stack, tag.Groups[1].Value, tag.Groups[2].Value with
            | Some open', "", name -> Some(name :: open')
            | Some(top :: open'), "/", name when top = name -> Some open'
            | _ -> None)

    rest = Some []

[<Tests>]
let tests =
    testList "formats" [
        testCase "scalars are plain text, the same in every culture" (fun () ->
            let shown: (obj * string) list = [
                box 3, "3"
                box 2.5, "2.5"
                box 0.1f, "0.1"
                box nan, "NaN"
                box true, "true"
                box 'c', "'c'"
                box "a\n<b>", "a\n<b>"
                box (DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc)), "2026-01-02 03:04:05Z"
                box (DateOnly(2026, 1, 2)), "2026-01-02"
                box (TimeOnly(3, 4, 5)), "03:04:05"
                box DayOfWeek.Friday, "Friday"
                box typeof<Dictionary<string, int[]>>, "Dictionary<string, int[]>"
                box 12345678901234567890I, "12345678901234567890"
                null, "null"
            ]

            for value, text in shown do
                Expect.equal (plain value) text $"{text}"
                Expect.isNull (html value) "plain text says it all")

        testCase "F# lists, options, results, unions, records and tuples read as in F#" (fun () ->
            let shown: (obj * string) list = [
                box [ 1; 2; 3 ], "[1, 2, 3]"
                box (Some 3), "Some 3"
                box (ValueSome "a"), "ValueSome \"a\""
                box (Ok 1: Result<int, string>), "Ok 1"
                box (Error "no": Result<int, string>), "Error \"no\""
                box (Circle 2.5), "Circle 2.5"
                box (Rectangle(1.0, 2.0)), "Rectangle (1, 2)"
                box Nothing, "Nothing"
                box (Wrapper "w"), "Wrapper \"w\""
                box (Node(Leaf, 1, Leaf)), "Node (Leaf, 1, Leaf)"
                box { X = 1; Y = 2.5 }, "Point { X = 1, Y = 2.5 }"
                box (1, "a", Option<int>.None), "(1, \"a\", null)"
                box [ Some [ 1 ]; None ], "[Some [1], None]"
                box (set [ 2; 1 ]), "[1, 2]"
                box [| Ok 1; Error "x" |], "[Ok 1, Error \"x\"]"
            ]

            for value, text in shown do
                Expect.equal (plain value) text text)

        testCase "null is None where the type is known" (fun () ->
            let shown = MimeBundles.Of(null, typeof<int option>)
            Expect.equal (shown.Text "text/plain") "None" "option"
            Expect.equal ((MimeBundles.Of(null, typeof<string>)).Text "text/plain") "null" "string")

        testCase "an F# list of two takes no 200 KB" (fun () -> Expect.isLessThan (size [ 1; 2 ]) 1000 "bytes")

        testCase "a record is a table of its members" (fun () ->
            let shown = html { X = 1; Y = 2.5 }
            has shown "<code>Point</code>"
            has shown "<tr><th>X</th><td><pre>1</pre></td></tr>"
            has shown "<tr><th>Y</th><td><pre>2.5</pre></td></tr>")

        testCase "records in a sequence are rows of one table" (fun () ->
            let points = [ { X = 1; Y = 2.0 }; { X = 3; Y = 4.0 } ]
            has (html points) "<th></th><th>X</th><th>Y</th>"
            has (html points) "<tr><th>1</th><td><pre>3</pre></td><td><pre>4</pre></td></tr>"

            Expect.equal
                (plain points)
                "list<Point> (2 items)\n   X  Y\n0  1  2\n1  3  4"
                "plain text is a table as well")

        testCase "anonymous records are shown by their members" (fun () ->
            has (plain {| Name = "Ada"; Age = 36 |}) "Name = \"Ada\"")

        testCase "dictionaries and maps are tables of keys and values" (fun () ->
            for map in
                [
                    box (dict [ "a", 1 ])
                    box (Map [ "a", 1 ])
                    box (Dictionary(dict [ "a", 1 ]))
                ] do
                has (html map) "<th>key</th><th>value</th>"
                has (html map) "<tr><th>a</th><td><pre>1</pre></td></tr>")

        testCase "groups and lookups are tables of keys and values" (fun () ->
            let words = [| "a"; "bb"; "cc" |]
            let table = "key  value\n1    [\"a\"]\n2    [\"bb\", \"cc\"]"
            let grouped = System.Linq.Enumerable.GroupBy(words, fun word -> word.Length)
            Expect.equal (plain grouped) $"IEnumerable<IGrouping<int, string>>\n{table}" "a sequence of groups"
            has (html grouped) "<tr><th>2</th><td><pre>[&quot;bb&quot;, &quot;cc&quot;]</pre></td></tr>"

            let lookup = System.Linq.Enumerable.ToLookup(words, fun word -> word.Length)
            has (plain lookup) $"Lookup<int, string> (2 items)\n{table}"

            Expect.equal
                (plain (Seq.last grouped))
                "IGrouping<int, string>\nkey  value\n2    [\"bb\", \"cc\"]"
                "one group"

            Expect.equal (plain (1, grouped)) "(1, {1: [\"a\"], 2: [\"bb\", \"cc\"]})" "within another value"

            let byFirst = System.Linq.Enumerable.GroupBy(grouped, fun group -> group.Key > 0)
            has (plain byFirst) "true  [{1: [\"a\"]}, {2: [\"bb\", \"cc\"]}]")

        testCase "F#'s dictionaries go by the interface that they are known as" (fun () ->
            let title (bundle: MimeBundle) =
                bundle.Text("text/plain").Split('\n')[0]

            Expect.stringStarts (plain (dict [ 1, 2 ])) "IDictionary<int, int>" "dict"
            Expect.stringStarts (plain (dict [ "a", 2 ])) "IDictionary<string, int>" "of references"

            Expect.stringStarts
                (title (MimeBundles.Of(readOnlyDict [ 1, 2 ], typeof<IReadOnlyDictionary<int, int>>)))
                "IReadOnlyDictionary<int, int>"
                "readOnlyDict"

            Expect.stringStarts
                (title (MimeBundles.Of(Dictionary(dict [ 1, 2 ]), typeof<IDictionary<int, int>>)))
                "Dictionary<int, int>"
                "a type with a name of its own")

        testCase "a two-dimensional array is a grid" (fun () ->
            let matrix = Array2D.init 2 3 (fun i j -> 10 * i + j)
            Expect.equal (plain matrix) "int[2, 3]\n   0   1   2\n0  0   1   2\n1  10  11  12" "plain"
            has (html matrix) "<tr><th>1</th><td><pre>10</pre></td><td><pre>11</pre></td><td><pre>12</pre></td></tr>"
            let wide = plain (Array2D.zeroCreate<float> 500 500)
            has wide "double[500, 500]"
            has wide "… (480 more)")

        testCase "an array of three dimensions is nested" (fun () ->
            Expect.equal (plain (Array3D.init 2 1 2 (fun i _ k -> i + k))) "int[2, 1, 2] [[[0, 1]], [[1, 2]]]" "nested")

        testCase "twenty items of a sequence, then …" (fun () ->
            has (plain [ 1..20 ]) "20]"
            Expect.isFalse ((plain [ 1..20 ]).Contains "…") "all of twenty"
            has (plain [ 1..21 ]) "20, … (1 more)"
            has (plain (Array.zeroCreate<float> 1000000)) "… (999,980 more)"
            Expect.stringEnds (plain (Seq.initInfinite id)) ", …]" "a sequence without an end"
            let points = [ for i in 1..30 -> { X = i; Y = 0.0 } ]
            Expect.stringEnds (plain points) "\n… (10 more)" "rows as well")

        testCase "a sequence that fails shows what came before, and why" (fun () ->
            let failing =
                seq {
                    yield 1
                    failwith "broken pipe"
                }

            Expect.equal (plain failing) "[1, (Exception: broken pipe)]" "plain"
            has (plain (Seq.skip 1 failing)) "broken pipe")

        testCase "a task that failed shows why" (fun () ->
            let failed = Threading.Tasks.Task.FromException(Exception "broken pipe")
            Expect.equal (plain failed) "Task (Faulted: Exception: broken pipe)" "plain")

        testCase "a data table is a table, bounded" (fun () ->
            use table = new Data.DataTable("Sales")
            table.Columns.Add("Year", typeof<int>) |> ignore
            table.Columns.Add("Note") |> ignore
            table.Rows.Add(2025, "good") |> ignore
            table.Rows.Add(2026, DBNull.Value) |> ignore

            Expect.equal
                (plain table)
                "DataTable Sales (2 rows)\n   Year  Note\n0  2025  \"good\"\n1  2026  null"
                "plain"

            for year in 1..100 do
                table.Rows.Add(year, "") |> ignore

            Expect.stringEnds (plain table) "… (82 more)" "twenty rows")

        testCase "a sequence that is awaited is shown by its type" (fun () ->
            let awaited = {
                new IAsyncEnumerable<int> with
                    member _.GetAsyncEnumerator _ = null
            }

            has (plain awaited) "IAsyncEnumerable<int>")

        testCase "exceptions: message first, the stack to unfold, bounded" (fun () ->
            let thrown =
                try
                    invalidArg "x" "too small"
                with e ->
                    e

            Expect.stringStarts (plain thrown) "ArgumentException: too small" "plain"
            has (html thrown) "<details><summary>ArgumentException: too small"
            Expect.isLessThan (size thrown) 8000 "bytes"
            has (plain (Exception("outer", Exception "inner"))) "caused by Exception: inner")

        testCase "a member that throws does not hide the others" (fun () ->
            let shown = plain (Broken())
            has shown "Fine = 1"
            has shown "Bad = (InvalidOperationException: not now)")

        testCase "a type's own text is used, safely" (fun () ->
            Expect.equal (plain (Spoken())) "spoken <for> itself" "plain")

        testCase "text is made safe for HTML" (fun () ->
            let shown =
                html {|
                    Text = "<script>alert('x')</script>"
                |}

            has shown "&lt;script&gt;"
            Expect.isFalse (shown.Contains "<script") "no tag of the value's")

        testCase "HTML has no colours of its own" (fun () ->
            let shown = html (Map [ "a", box { X = 1; Y = 1.0 } ])
            Expect.isFalse (Text.RegularExpressions.Regex.IsMatch(shown, "#[0-9a-f]{3}|black|white")) shown)

        testCase "cycles and depth come to an end" (fun () ->
            let ring = List<obj>()
            ring.Add ring
            has (plain ring) "(itself)"

            let deep = (box 0, [ 1..100_000 ]) ||> List.fold (fun inner _ -> box [| inner |])

            Expect.isLessThan (size deep) 10_000 "deep arrays"
            let tree = (Leaf, [ 1..100_000 ]) ||> List.fold (fun tree i -> Node(tree, i, Leaf))
            Expect.isLessThan (size tree) (256 * 1024) "a deep union")

        testProperty "the HTML of anything is well formed and bounded" (fun () ->
            let leaf =
                Gen.elements [ box 1; box "<a & 'b'>"; box 2.5; null; box (Some 1); box { X = 1; Y = 0.0 } ]

            let rec value depth =
                if depth = 0 then
                    leaf
                else
                    Gen.oneof [
                        leaf
                        value (depth - 1) |> Gen.listOf |> Gen.map box
                        value (depth - 1) |> Gen.map (fun v -> box (Map [ "<k>", v ]))
                        value (depth - 1) |> Gen.map (fun v -> box {| Inner = v; Name = "n" |})
                        value (depth - 1) |> Gen.map (fun v -> box (Ok v: Result<obj, string>))
                        value (depth - 1) |> Gen.map (fun v -> box (v, 1))
                    ]

            Prop.forAll (Arb.fromGen (value 4)) (fun value ->
                let shown = html value
                Expect.isTrue (isNull shown || tagsBalance shown) (string shown)
                Expect.isLessThan (size value) (256 * 1024) "bytes"))

        testCase "HTML is shown as HTML, whatever its size, and as the text that a reader sees" (fun () ->
            let content = Html.ToHtmlContent "<b>a &amp; b</b><script>unseen()</script>"
            Expect.equal (html content) "<b>a &amp; b</b><script>unseen()</script>" "html"
            Expect.equal (plain content) "a & b" "text"
            let library = $"<script>{String('x', 4_000_000)}</script>"
            Expect.equal (html (Html.ToHtmlContent library)) library "a script library"
            Expect.equal (plain (Html.ToHtmlContent library)) "(HTML)" "nothing to see")
    ]
