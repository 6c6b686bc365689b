/// What the README shows, run as a reader would run it.
module Engram.Tests.ReadmeTests

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open Engram.Tests.Notebooks

let private readme =
    lazy (File.ReadAllText(Path.Combine(Repository.root, "README.md")))

let private blocks language =
    Regex.Matches(readme.Value, $"```{language}\n(.*?)```", RegexOptions.Singleline)
    |> Seq.map (fun found -> found.Groups[1].Value)
    |> List.ofSeq

let private runs language =
    testCase $"every {language} block runs and prints" (fun () ->
        let found = blocks language
        Expect.isNonEmpty found $"```{language} blocks"

        use engine = EngineCells.start null

        for code in found do
            let heard = EngineCells.runIn engine language code
            Expect.isNone heard.Error code
            Expect.isNotEmpty heard.Out "what it prints")

[<Tests>]
let tests =
    testList "readme" [
        runs "csharp"
        runs "fsharp"

        testCase "every file that it links to is there" (fun () ->
            for link in Regex.Matches(readme.Value, @"\]\((?!http)([^)#]+)\)") do
                let path = Path.Combine(Repository.root, link.Groups[1].Value)
                Expect.isTrue (File.Exists path || Directory.Exists path) link.Value)
    ]
