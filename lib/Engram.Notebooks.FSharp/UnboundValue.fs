namespace Engram.Notebooks

open FSharp.Compiler.CodeAnalysis
open FSharp.Compiler.Interactive.Shell
open FSharp.Compiler.Syntax
open FSharp.Compiler.Text

/// A last expression whose value F# Interactive does not hand out: a function, such as <c>fun x -> x + 1</c>, and what
/// is of any type, such as <c>[]</c> and <c>None</c>, become methods named <c>it</c>. They are asked for by that name.
module internal UnboundValue =

    /// Whether a cell ends in an expression.
    let private endsInExpression (session: FsiEvaluationSession) (code: string) =
        let options = {
            FSharpParsingOptions.Default with
                SourceFiles = [| "cell.fsx" |]
                IsInteractive = true
        }

        let parsed =
            session.InteractiveChecker.ParseFile("cell.fsx", SourceText.ofString code, options)
            |> Async.RunSynchronously

        match parsed.ParseTree with
        | ParsedInput.ImplFile file ->
            file.Contents
            |> List.tryLast
            |> Option.bind (fun (SynModuleOrNamespace(decls = declarations)) -> List.tryLast declarations)
            |> function
                | Some(SynModuleDecl.Expr _) -> true
                | _ -> false
        | _ -> false

    /// The value of a cell that ran without handing out any.
    let find (session: FsiEvaluationSession) (code: string) =
        // A binding without a name leaves the cell's own it in place.
        if endsInExpression session code then
            session.EvalInteractionNonThrowing "let _ = Engram.Notebooks.LastValue.Keep it" |> ignore

        LastValue.Take()
