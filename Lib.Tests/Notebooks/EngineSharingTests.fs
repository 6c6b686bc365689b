module Engram.Tests.Notebooks.EngineSharingTests

open Expecto
open Engram.Tests.Notebooks.EngineCells

let private said (heard: Heard) =
    heard.Displays |> List.map (fun shown -> shown.Text "text/plain" |> string) |> String.concat "\n"

/// A value's C# declaration, an F# expression over it, and what that gives.
let private toFSharp = [
    "int sharedInt = 3;", "sharedInt + 1", "4"
    "string sharedText = \"abc\";", "sharedText.Length", "3"
    "int[,] sharedGrid = { { 1, 2 }, { 3, 4 } };", "sharedGrid[1, 0]", "3"
    "double[][] sharedRows = [[1.5], [2]];", "sharedRows[0][0]", "1.5"
    "var sharedMap = new Dictionary<string, List<int>> { [\"a\"] = [1, 2] };", "sharedMap[\"a\"].Count", "2"
    "var sharedPair = (1, \"b\");", "let struct (_, b) = sharedPair in b.Length", "1"
    "Func<int, int> sharedFunction = n => n * n;", "sharedFunction.Invoke 5", "25"
    "int? sharedNothing = null;", "sharedNothing.HasValue", "false"
    "string sharedNull = null;", "isNull sharedNull", "true"
    "object sharedObject = null;", "isNull sharedObject", "true"
    "var sharedEnumerator = new List<int> { 7 }.GetEnumerator();",
    "let mutable e = sharedEnumerator in e.MoveNext()",
    "true"
]

/// A value's F# declaration, a C# expression over it, and what that gives.
let private toCSharp = [
    "let givenFloat = 2.5", "givenFloat * 2", "5"
    "let givenList = [ 1; 2; 3 ]", "givenList.Length + givenList.Head", "4"
    "let givenMap = Map [ \"a\", 1 ]", "givenMap[\"a\"]", "1"
    "let givenSome = Some 3", "givenSome.Value", "3"
    "let givenNone: int option = None", "givenNone == null", "true"
    "let givenTuple = (1, \"x\")", "givenTuple.Item2.Length", "1"
    "let givenFunction n = n + 1", "givenFunction.Invoke(2)", "3"
    "let givenArray = Array2D.init 2 3 (fun i j -> i * 10 + j)", "givenArray[1, 2]", "12"
    "let givenNull: string = null", "givenNull is null", "true"
    "let ``given name'`` = 1\nlet givenRef = ref 4", "givenRef.Value", "4"
]

let private name (declaration: string) =
    (System.Text.RegularExpressions.Regex.Match(declaration, @"(shared|given)\w+")).Value

[<Tests>]
let tests =
    testList "sharing" [

        testCase "values from C# keep their types in F#" (fun () ->
            for declaration, expression, expected in toFSharp do
                csharp declaration |> succeeds
                fsharp $"#!share {name declaration} --from csharp\n{expression}" |> returns expected)

        testCase "values from F# keep their types in C#" (fun () ->
            for declaration, expression, expected in toCSharp do
                fsharp declaration |> succeeds

                csharp $"#!share {name (declaration.Split('\n') |> Array.last)} --from fsharp\n{expression}"
                |> returns expected)

        testCase "another name" (fun () ->
            csharp "var oldName = 1;" |> succeeds
            fsharp "#!share oldName --from csharp --as newName\nnewName" |> returns "1")

        testCase "the object itself is shared" (fun () ->
            csharp "var sameList = new List<int>();" |> succeeds
            fsharp "#!share sameList --from csharp\nsameList.Add 5" |> succeeds
            csharp "sameList.Count" |> returns "1")

        testCase "tensors and the kit's own types are the same in both" (fun () ->
            csharp "using TorchSharp; var ones = torch.ones(2, 3);" |> succeeds

            fsharp
                "#!share ones --from csharp\nopen TorchSharp\nlet total = (ones + ones).sum().item<float32>()\ntotal"
            |> returns "12"

            csharp "#!share total --from fsharp\ntotal + 1" |> returns "13")

        testCase "a cell's own type is an object elsewhere, and that is said" (fun () ->
            csharp "record Person(string Name); var ada = new Person(\"Ada\"); var anonymous = new { A = 1 };"
            |> succeeds

            let heard = fsharp "#!share ada --from csharp\nada.ToString()"
            returns "Person { Name = Ada }" heard
            Expect.stringContains (said heard) "object" "said"
            fsharp "#!share anonymous --from csharp\nanonymous.ToString()" |> returns "{ A = 1 }")

        testCase "records of F# cells, anonymous ones too, are dynamic in C#" (fun () ->
            fsharp
                "type Point = { X: float; Y: float }\nlet points = [| { X = 1.0; Y = 2.0 } |]\nlet unnamed = {| Z = 3 |}"
            |> succeeds

            csharp "#!share points --from fsharp\npoints[0].X + points[0].Y" |> returns "3"
            csharp "#!share unnamed --from fsharp\nunnamed.Z + 1" |> returns "4")

        testCase
            "types of cells within generic types, arrays and tuples are objects elsewhere, and that is said"
            (fun () ->
                csharp
                    "record Seen(int X); class Held<T> { public T V { get; set; } }\nvar seenList = new List<Seen> { new(1) }; var seenArray = new[] { new Seen(2) }; var seenHeld = new Held<int> { V = 3 }; var seenPair = (new Seen(4), 5); Seen seenNull = null;"
                |> succeeds

                for name, typeName, expression, expected in
                    [
                        "seenList", "List<Seen>", "(seenList :?> System.Collections.IList).Count", "1"
                        "seenArray", "Seen[]", "(seenArray :?> System.Array).Length", "1"
                        "seenHeld", "Held<int>", "seenHeld.GetType().Name", "Held`1"
                        "seenPair", "(Seen, int)", "string seenPair", "(Seen { X = 4 }, 5)"
                        "seenNull", "Seen", "isNull seenNull", "true"
                    ] do
                    let heard = fsharp $"#!share {name} --from csharp\n{expression}"
                    returns expected heard

                    Expect.equal
                        (said heard)
                        $"{name} is an object here: fsharp cannot name its type {typeName}."
                        "said"

                fsharp
                    "type Kept<'T> = { V: 'T }\nlet keptOption = Some { V = 3 }\nlet keptNone: Kept<int> option = None"
                |> succeeds

                let heard = csharp "#!share keptOption --from fsharp\nkeptOption.Value.V"
                returns "3" heard
                Expect.stringContains (said heard) "cannot name its type option<Kept<int>>" "said in C# too"
                csharp "#!share keptNone --from fsharp\nkeptNone == null" |> returns "true")

        testCase "names that are words of the other language" (fun () ->
            csharp "var type = 5;" |> succeeds
            fsharp "#!share type --from csharp\n``type`` + 1" |> returns "6"
            fsharp "let int = 7\nlet ``two words`` = 8\nlet prime' = 9" |> succeeds
            csharp "#!share int --from fsharp\n@int + 1" |> returns "8"
            csharp "#!share \"two words\" --from fsharp --as words\nwords + 1" |> returns "9"
            csharp "#!share prime' --from fsharp --as prime\nprime + 1" |> returns "10"
            let error = (csharp "\n#!share prime' --from fsharp").Error.Value
            Expect.stringContains error.Message "--as" "what helps"
            Expect.equal error.Line (System.Nullable 2) "line")

        testCase "what is not there is named" (fun () ->
            Expect.stringContains (csharp "#!share nobody --from fsharp").Error.Value.Message "nobody" "value"
            Expect.stringContains (csharp "#!share nobody --from cobol").Error.Value.Message "cobol" "language")

        testCase "gradients of lambdas in both languages" (fun () ->
            csharp "using Engram; using TorchSharp; Diff.Grad(x => x.pow(3).sum())(torch.tensor(2.0)).item<double>()"
            |> returns "12"

            fsharp
                "open Engram\nopen TorchSharp\nDiff.Grad(fun x -> x * x * x).Invoke(torch.tensor 2.0).item<double>()"
            |> returns "12")

        testCase "grad mode is kept from cell to cell" (fun () ->
            csharp "TorchSharp.torch.set_grad_enabled(false);" |> succeeds
            let kept = (csharp "TorchSharp.torch.is_grad_enabled()").Value
            csharp "TorchSharp.torch.set_grad_enabled(true);" |> succeeds
            Expect.equal kept (Some "false") "as the earlier cell set it")
    ]
