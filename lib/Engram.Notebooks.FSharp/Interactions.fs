namespace Engram.Notebooks

open System
open System.Text.RegularExpressions
open FSharp.Compiler.Tokenization

/// F# Interactive takes a text up to the first <c>;;</c> and drops the rest. In a cell that sign may stand anywhere, or
/// nowhere.
module internal Interactions =

    /// The places of ;; outside of texts and comments: lines and columns, from 0.
    let private ends (lines: string[]) =
        let tokenizer = FSharpSourceTokenizer([], Some "cell.fsx", None)
        let mutable state = FSharpTokenizerLexState.Initial
        let found = ResizeArray()

        for index in 0 .. lines.Length - 1 do
            let line = tokenizer.CreateLineTokenizer lines[index]
            let mutable reads = true

            while reads do
                let token, next = line.ScanToken state
                state <- next

                match token with
                | Some token when token.TokenName = "SEMICOLON_SEMICOLON" -> found.Add(index, token.LeftColumn)
                | Some _ -> ()
                | None -> reads <- false

        List.ofSeq found

    /// Whether a line asks F# Interactive to end.
    let asksForTheEnd (code: string) =
        code.Contains "#q" && Regex.IsMatch(code, @"^\s*#q(uit)?\s*$", RegexOptions.Multiline)

    /// A cell's code in its interactions, each in its own place, with blanks before it.
    let split (code: string) =
        if not (code.Contains ";;") then
            [ code ]
        else
            let lines = code.Split '\n'
            let starts = lines |> Array.scan (fun start line -> start + line.Length + 1) 0
            let blank = String.map (fun sign -> if sign = '\n' then sign else ' ')

            let cuts = ends lines |> List.map (fun (line, column) -> starts[line] + column)

            List.zip (0 :: List.map ((+) 2) cuts) (cuts @ [ code.Length ])
            |> List.filter (fun (first, last) -> not (String.IsNullOrWhiteSpace code[first .. last - 1]))
            |> List.map (fun (first, last) -> blank code[.. first - 1] + code[first .. last - 1])
