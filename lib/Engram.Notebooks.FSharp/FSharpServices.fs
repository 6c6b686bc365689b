namespace Engram.Notebooks

open System
open System.Xml.Linq
open FSharp.Compiler.Diagnostics
open FSharp.Compiler.EditorServices
open FSharp.Compiler.Interactive.Shell
open FSharp.Compiler.Symbols
open FSharp.Compiler.Tokenization

/// <summary>Completion, documentation and completeness of F# cells, by the compiler's own services within F# Interactive.</summary>
/// <param name="session">The session that cells run in.</param>
/// <param name="show">Lets the session see all that code may name.</param>
type internal FSharpServices(session: Lazy<FsiEvaluationSession>, show: unit -> unit) =

    let check (code: string) =
        show ()
        let parsed, check, _ = session.Value.ParseAndCheckInteraction code
        parsed, check

    /// The line of a position, from 1, its text, and the column.
    let place (code: string) position =
        let before = code.Substring(0, Math.Clamp(position, 0, code.Length))
        let line = before.Split '\n' |> Array.length
        line, (code.Split '\n').[line - 1].TrimEnd '\r', before.Length - (before.LastIndexOf '\n' + 1)

    /// Whether a position is within a comment or a string.
    let isText (code: string) position =
        let line, _, column = place code position
        let tokenizer = FSharpSourceTokenizer([], Some "cell.fsx", None)

        let rec scan (lexer: FSharpLineTokenizer) state (found: FSharpTokenInfo list) =
            match lexer.ScanToken state with
            | Some token, next -> scan lexer next (token :: found)
            | None, next -> found, next

        let scanLine (_, state) (text: string) =
            scan (tokenizer.CreateLineTokenizer text) state []

        let tokens, _ =
            code.Split '\n' |> Array.take line |> Array.fold scanLine ([], FSharpTokenizerLexState.Initial)

        let before = max 0 (column - 1)

        tokens
        |> List.exists (fun token ->
            (token.ColorClass = FSharpTokenColorKind.Comment || token.ColorClass = FSharpTokenColorKind.String)
            && token.LeftColumn <= before
            && before <= token.RightColumn)

    let kind (glyph: FSharpGlyph) =
        match glyph with
        | FSharpGlyph.Method
        | FSharpGlyph.OverridenMethod
        | FSharpGlyph.ExtensionMethod -> "function"
        | FSharpGlyph.Property -> "property"
        | FSharpGlyph.Field
        | FSharpGlyph.EnumMember
        | FSharpGlyph.Constant -> "field"
        | FSharpGlyph.Module
        | FSharpGlyph.NameSpace -> "module"
        | FSharpGlyph.Interface -> "interface"
        | FSharpGlyph.Enum -> "enum"
        | FSharpGlyph.Struct -> "struct"
        | FSharpGlyph.Variable -> "instance"
        | FSharpGlyph.Event -> "event"
        | FSharpGlyph.Error -> "keyword"
        | _ -> "class"

    let documentation (doc: FSharpXmlDoc) =
        match doc with
        | FSharpXmlDoc.FromXmlText written ->
            let lines = String.concat "\n" written.UnprocessedLines

            if lines.TrimStart().StartsWith '<' then
                try
                    DocumentationText.Of(XElement.Parse $"<member>{lines}</member>")
                with :? Xml.XmlException ->
                    lines.Trim()
            else
                lines.Trim()
        | FSharpXmlDoc.FromXmlFile(assembly, id) -> DocumentationText.Of(DocumentationFiles.Find(assembly, id))
        | FSharpXmlDoc.None -> ""

    let elements (ToolTipText tips) =
        tips
        |> List.collect (function
            | ToolTipElement.Group found -> found
            | _ -> [])

    let tooltip code position =
        let line, lineText, column = place code position

        match QuickParse.GetCompleteIdentifierIsland true lineText column with
        | Some(island, finish, _) when not (isText code position) ->
            let _, check = check code
            let names = island.Split '.' |> List.ofArray
            elements (check.GetToolTip(line, finish, lineText, names, FSharpTokenTag.Identifier))
        | _ -> []

    /// Within a call's parentheses the call is meant.
    let call (code: string) position =
        let rec find index depth =
            if index < 0 then
                None
            else
                match code[index] with
                | ')' -> find (index - 1) (depth + 1)
                | '(' when depth = 0 -> if index > 0 then Some index else None
                | '(' -> find (index - 1) (depth - 1)
                | _ -> find (index - 1) depth

        find (min position code.Length - 1) 0

    let errors code =
        let parsed, _, _ = session.Value.ParseAndCheckInteraction code

        parsed.Diagnostics |> Array.filter (fun each -> each.Severity = FSharpDiagnosticSeverity.Error)

    /// What an unfinished block ends with.
    let openEnds = [
        "="
        "->"
        "then"
        "else"
        "do"
        "with"
        "try"
        "("
        "["
        "{"
        "[|"
        "|>"
        "finally"
        "begin"
    ]

    let indent (code: string) =
        let last =
            code.Split '\n'
            |> Array.filter (String.IsNullOrWhiteSpace >> not)
            |> Array.tryLast
            |> Option.defaultValue ""

        let here = last.Length - last.TrimStart().Length

        let opens =
            openEnds
            |> List.exists (fun (ending: string) -> last.TrimEnd().EndsWith(ending, StringComparison.Ordinal))

        String(' ', (if opens then here + 4 else here))

    /// Whether it says that no #endif ends an #if, whether that leaves the rest out or not.
    let isOpenIf (error: FSharpDiagnostic) =
        error.ErrorNumber = 513 || error.ErrorNumber = 521

    /// Whether more lines could mend it: the parser ran out of text, or a bracket or a string is still open.
    let wantsMore (code: string) (found: FSharpDiagnostic[]) =
        let last = code.TrimEnd().Split('\n').Length

        // "Expected incomplete structured construct" is said of a symbol too many, which no further line mends.
        let ranOut (message: string) =
            (message.Contains "ncomplete" || message.Contains "end of input")
            && not (message.Contains "Expected incomplete")

        let atEnd = found |> Array.filter (fun each -> each.EndLine >= last)

        let endsOpen =
            openEnds
            |> List.exists (fun (ending: string) -> code.TrimEnd().EndsWith(ending, StringComparison.Ordinal))

        found
        |> Array.exists (fun each ->
            (each.ErrorNumber >= 514 && each.ErrorNumber <= 517) || each.Message.Contains "Unmatched")
        || atEnd |> Array.exists (fun each -> ranOut each.Message)
        || (endsOpen && atEnd.Length = found.Length)

    let complete code position =
        let line, lineText, column = place code position
        let partial = QuickParse.GetPartialLongNameEx(lineText, column - 1)
        let parsed, check = check code
        let found = check.GetDeclarationListInfo(Some parsed, line, lineText, partial)
        let typed = partial.PartialIdent

        let choices =
            found.Items
            |> Array.filter (fun item -> item.NameInList.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            |> Array.sortBy (fun item ->
                not (item.NameInList.StartsWith(typed, StringComparison.Ordinal)), item.NameInList.ToLowerInvariant())
            |> Array.map (fun item -> CompletionChoice(item.NameInCode, kind item.Glyph))
            |> Array.distinctBy (fun choice -> choice.Text)

        Completions(position - typed.Length, position, choices)

    /// Where the blanks before a position begin.
    let beforeBlanks (code: string) position =
        code.Substring(0, Math.Clamp(position, 0, code.Length)).TrimEnd(' ').Length

    interface ILanguageServices with

        member _.Complete(code, position, _) =
            if isText code position then
                Completions(position, position, [||])
            else
                complete code position

        member _.Inspect(code, position, _) =
            let found =
                match tooltip code position, call code position with
                | [], Some opening -> tooltip code opening
                | [], None -> tooltip code (beforeBlanks code position)
                | found, _ -> found

            match found with
            | [] -> null
            | found ->
                let signatures =
                    found |> List.map (fun each -> each.MainDescription.Text) |> List.distinct

                let described =
                    found
                    |> List.map (fun each -> documentation each.XmlDoc)
                    |> List.tryFind (String.IsNullOrWhiteSpace >> not)

                Inspection(Array.ofList signatures, defaultArg described "")

        member _.Check code =
            let unended, others = errors code |> Array.partition isOpenIf

            match unended, others with
            | [||], [||] -> CodeStatus.Complete
            | _, found when found.Length = 0 || wantsMore code found -> CodeStatus(Completeness.Incomplete, indent code)
            | _ -> CodeStatus.Invalid
