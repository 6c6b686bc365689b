/// No value, however it is made, makes more than 256 KB of output or keeps a cell from telling what it is.
module Engram.Tests.Notebooks.FormatBoundsTests

open System
open System.Collections.Generic
open System.Text
open System.Text.Json.Nodes
open Expecto
open FsCheck.FSharp
open Microsoft.DotNet.Interactive.Formatting
open Engram.Notebooks
open Engram.Tests.Notebooks.EngineCells
open Engram.Tests.Notebooks.Shown

/// An exception that cannot even tell its message.
type Silent() =
    inherit Exception()
    override this.Message = raise this
    override this.StackTrace = raise this

type Hostile(inner: obj) =
    member _.Inner = inner
    member _.Throws: int = raise (Silent())
    member this.Me = this
    member _.Fresh = Hostile inner

type Mute() =
    override _.ToString() = ""
    member _.Number = 3

type Talker(length: int) =
    override _.ToString() = String('t', length)

type Wide = {
    ``a name that is as long as a sentence, and longer than any name should be``: obj
    B: obj
    C: obj
    D: obj
    E: obj
    F: obj
    G: obj
    H: obj
    mutable I: obj
    J: obj
}

type Drawn = Drawn

type Nested<'T> = { Value: 'T }

type Peano =
    | Zero
    | Next of Peano

let private bounded value =
    Expect.isLessThanOrEqual (bytes (MimeBundles.Of value)) MimeBundles.MaximumBytes "by itself"

    for mimeTypes in
        [
            [| "text/html" |]
            [| "application/json" |]
            [| "application/json"; "text/html" |]
        ] do
        Expect.isLessThanOrEqual (bytes (MimeBundles.Of(value, mimeTypes))) MimeBundles.MaximumBytes $"as %A{mimeTypes}"

let rec private endless () : obj seq =
    seq {
        while true do
            yield box (endless ())
    }

let private ring =
    let ring = List<obj>()
    ring.Add ring
    ring

/// What a type is called when it is a type of a type of a type.
let private longName =
    let mutable shape = typeof<int>

    for _ in 1..60 do
        shape <- typedefof<Nested<_>>.MakeGenericType shape

    Activator.CreateInstance(
        shape,
        [|
            if shape.GenericTypeArguments[0].IsValueType then
                box 0
            else
                null
        |]
    )

let private leaves: obj[] = [|
    null
    box 1
    box (String('x', 300_000))
    box (String('\001', 100_000))
    box (String('<', 100_000))
    box (String('é', 100_000))
    box "\ud800"
    box (Talker 200_000)
    box (Mute())
    box (Silent())
    box (endless ())
    box (Seq.initInfinite id)
    box ring
    box Drawn
    longName
    box (Dictionary(seq { for i in 1..10_000 -> KeyValuePair(string i + String('k', i % 300), box i) }))
    box (Array2D.create 300 300 (String('c', 200)))
    box (Array3D.create 30 30 30 '"')
    box (Exception(String('m', 100_000), AggregateException [ for i in 1..1000 -> Exception $"{i}" ]))
    box typeof<Dictionary<string, Nested<int list>>>
    box (Json.Nodes.JsonNode.Parse("[" + String.Join(",", Seq.replicate 5_000 "[\"<&>\"]") + "]"))
    box (fun x -> x + 1)
|]

let private hostile =
    let rec value depth =
        if depth = 0 then
            Gen.elements leaves
        else
            let inner = value (depth - 1)

            Gen.oneof [
                Gen.elements leaves
                Gen.listOf inner |> Gen.map box
                Gen.zip inner (Gen.choose (1, 60)) |> Gen.map (fun (v, n) -> box (Array.replicate n v))
                inner |> Gen.map (fun v -> box (Hostile v))
                inner |> Gen.map (fun v -> box (Some(Ok v: Result<obj, string>)))
                inner |> Gen.map (fun v -> box (v, struct (v, v)))
                inner |> Gen.map (fun v -> box {| Long = v; Other = {| Deep = v |} |})
                inner |> Gen.map (fun v -> box (dict [ for i in 1..30 -> $"{i}", v ]))
                inner
                |> Gen.map (fun v ->
                    box {
                        ``a name that is as long as a sentence, and longer than any name should be`` = v
                        B = v
                        C = v
                        D = v
                        E = v
                        F = v
                        G = v
                        H = v
                        I = v
                        J = v
                    })
            ]

    Arb.fromGen (value 4)

[<Tests>]
let tests =
    testList "formats: bounds" [
        testCase "long texts and large collections take no more than 256 KB" (fun () ->
            let bad = String('\001', 1_000_000)

            let values: obj list = [
                box (String('é', 1_000_000))
                box (String('"', 1_000_000))
                box bad
                box [ for _ in 1..50 -> bad ]
                box [
                    for _ in 1..30 -> [ for _ in 1..30 -> [ for _ in 1..30 -> "<&>" + String('<', 500) ] ]
                ]
                box (Dictionary(dict [ for i in 1..1000 -> string i, Array.init 100 (fun j -> {| A = bad; B = j |}) ]))
                box (Array2D.create 100 100 bad)
                box (Array3D.create 50 50 50 bad)
                box (Exception bad)
                box (JsonNode.Parse("[" + String.Join(",", Seq.replicate 100_000 "\"x\"") + "]"))
                box (StringBuilder bad)
                box (bad, bad, bad)
                box (Some bad)
            ]

            for value in values do
                Expect.isLessThanOrEqual (size value) (256 * 1024) $"{value.GetType()}")

        testPropertyWithConfig
            {
                FsCheckConfig.defaultConfig with
                    maxTest = 25
            }
            "no value takes more than 256 KB"
            (fun () ->
                Formatter.Register<Drawn>((fun (_: Drawn) -> String('h', 15_000)), "text/html")
                Formatter.Register<Drawn>((fun (_: Drawn) -> String('p', 1_900)), "text/plain")
                Prop.forAll hostile bounded)

        testCase "each of the worst, by itself" (fun () ->
            for value in leaves do
                if not (value :? Drawn) then
                    bounded value)

        testCase "a million levels of a union" (fun () ->
            bounded ((Zero, seq { 1..1_000_000 }) ||> Seq.fold (fun tower _ -> Next tower)))

        testCase "JSON of a sequence without an end is not asked for more than it may take" (fun () ->
            let data = (MimeBundles.Of(Seq.initInfinite id, [| "application/json" |])).Data

            Expect.isFalse (data.ContainsKey "application/json") "none"
            Expect.stringEnds (string data["text/plain"]) ", …]" "and the text")

        testCase "an exception that cannot tell its message is shown all the same" (fun () ->
            Expect.stringContains (plain (Silent())) "Silent" "its type"
            Expect.stringContains (plain (Hostile 1)) "Throws: (Silent" "as a member"

            for code in [ "csharp", "throw new SilentHere();"; "fsharp", "raise (SilentThere())" ] do
                csharp "class SilentHere : Exception { public override string Message => throw this; }" |> ignore

                fsharp "type SilentThere() =\n    inherit System.Exception()\n    override this.Message = raise this"
                |> ignore

                let heard = code ||> runIn shared.Value
                Expect.stringContains heard.Error.Value.Name "Silent" "as an error"
                Expect.equal (csharp "1 + 1").Value (Some "2") "and the next cell runs")

        testCase "what says nothing is shown by its members" (fun () ->
            Expect.equal (plain (Mute())) "Mute { Number = 3 }" "at the top"
            Expect.equal (plain [| Mute() |]) "[Mute]" "within others")

        testCase "functions, anonymous types and mutable fields are named as a reader would" (fun () ->
            Expect.equal
                (plain (fun (x: int) (f: int -> string) -> f x))
                "int -> (int -> string) -> string"
                "functions"

            Expect.equal (plain (Map [ 1, {| A = 1 |} ])) "map<int, { … }> (1 item)\nkey  value\n1    { A = 1 }" "map"

            Expect.equal
                (fsharp "type Changing = { mutable X: int }\n{ X = 1 }").Value
                (Some "Changing { X = 1 }")
                "F#"

            Expect.equal
                (plain (KeyValuePair("k", [ 1 ])))
                "KeyValuePair<string, list<int>> { Key = \"k\", Value = [1] }"
                "pair")

        testCase "an error takes no more than it needs" (fun () ->
            let size (heard: Heard) =
                let error = heard.Error.Value
                error.Message.Length + Seq.sumBy String.length error.Traceback

            let heard = csharp "throw new Exception(new string('x', 10_000_000));"
            Expect.isLessThan (size heard) 100_000 "a long message"

            let heard =
                csharp
                    "int Deep(int n) { if (n == 0) throw new Exception(\"bottom\"); return Deep(n - 1) + 1; } Deep(2000)"

            Expect.isLessThan (size heard) 10_000 "a deep stack"
            Expect.exists heard.Error.Value.Traceback _.Contains("more)") "and says so"
            let heard = csharp (String.replicate 200 "nothing.At.All();\n")
            Expect.isLessThan (size heard) 20_000 "a cell that is wrong in every line"
            Expect.stringEnds heard.Error.Value.Message "… (180 more)" "and says so")
    ]
