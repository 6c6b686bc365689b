module Engram.Tests.Notebooks.EngineProgressTests

open System
open Expecto
open Engram.Notebooks
open Engram.Notebooks.Cells
open Engram.Tests.Notebooks.EngineCells

let private bars (heard: Heard) =
    Expect.isTrue heard.Ended $"no error: {heard.Error}"

    heard.Events
    |> List.choose (fun each ->
        match each with
        | :? ValueDisplayed as shown -> Some(shown.DisplayId, shown.Bundle)
        | :? DisplayUpdated as updated -> Some(updated.DisplayId, updated.Bundle)
        | _ -> None)

[<Tests>]
let tests =
    testList "progress" [
        testCase "a loop is one display, updated a few times, in both languages" (fun () ->
            for heard in
                [
                    csharp
                        "var sum = 0; foreach (var i in Progress.Over(100_000, \"count\")) sum += i; if (sum == 0) throw new Exception();"
                    fsharp "for i in seq { 1 .. 100000 } |> Seq.toArray |> Progress.over \"count\" do ignore i"
                ] do
                let shown = bars heard
                Expect.equal (shown |> List.map fst |> List.distinct |> List.length) 1 "one display"
                Expect.isLessThan shown.Length 1000 "no flood"
                let last = snd (List.last shown)
                Expect.stringContains (last.Text "text/plain" |> string) "100000/100000 (100 %)" "the end"
                Expect.stringContains (last.Text "text/html" |> string) "<progress value=\"100000\"" "drawn")

        testCase "the length is known of a list, of F# too, and of nothing that would have to be counted" (fun () ->
            for heard, words in
                [
                    csharp "foreach (var i in Progress.Over(new List<int> { 1, 2 }, \"list\")) { }", "2/2 (100 %)"
                    fsharp "for i in [ 1; 2 ] |> Progress.over \"list\" do ()", "2/2 (100 %)"
                    fsharp "for i in set [ 1; 2 ] |> Progress.over \"set\" do ()", "2/2 (100 %)"
                    fsharp "for i in seq { 1 .. 2 } |> Progress.over \"seq\" do ()", "seq 2,"
                ] do
                Expect.stringContains ((snd (List.last (bars heard))).Text "text/plain" |> string) words "the end")

        testCase "a loop that is left says where" (fun () ->
            let shown =
                bars (csharp "foreach (var i in Progress.Over(10, \"some\")) if (i == 4) break;")

            Expect.stringContains ((snd (List.last shown)).Text "text/plain" |> string) "4/10 (40 %), stopped" "where")

        testCase "a library reports its steps" (fun () ->
            let shown =
                bars (
                    csharp
                        "var reports = Progress.Of<(int Step, string Name)>(3, r => r.Step, \"fit\"); reports.Report((1, \"a\")); reports.Report((3, \"c\"));"
                )

            Expect.stringContains ((snd (List.last shown)).Text "text/plain" |> string) "3/3" "the end")

        testCase "count, rate and time left" (fun () ->
            let words done' (seconds: float) ended total =
                ProgressText(total, "").Words(done', TimeSpan.FromSeconds seconds, ended)

            Expect.equal (words 450L 12.5 false (Nullable 1000L)) "450/1000 (45 %), 36/s, 0:15 left" "half way"
            Expect.equal (words 2L 8.0 false (Nullable 1000L)) "2/1000 (0 %), 4 s each, 1:06:32 left" "slow"
            Expect.equal (words 7L 1.0 false (Nullable())) "7, 7/s" "of unknown length"
            Expect.equal (words 0L 0.0 true (Nullable 0L)) "0/0 (100 %), 0:00" "nothing to do")
    ]
