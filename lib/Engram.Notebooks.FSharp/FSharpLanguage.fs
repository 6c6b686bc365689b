namespace Engram.Notebooks

open System
open System.Collections.Generic
open System.Threading
open FSharp.Compiler.Diagnostics
open FSharp.Compiler.Interactive.Shell

/// F# as F# Interactive takes it: declarations, and a last expression.
type FSharpLanguage() =

    let session = Lazy<FsiEvaluationSession>(FsiSession.start)

    let services = FSharpServices session

    /// What was referenced and no cell has seen yet: a session starts only when an F# cell comes.
    let pending = Queue<string>()

    let problems (diagnostics: FSharpDiagnostic[]) =
        diagnostics
        |> Array.filter (fun each -> each.Severity = FSharpDiagnosticSeverity.Error)
        |> Array.map (fun each ->
            CompilerProblem(each.ErrorNumberText, each.Message, each.StartLine, each.StartColumn + 1))

    let value (found: FsiValue option) =
        match found with
        | Some value when value.ReflectionType <> typeof<unit> ->
            SubmissionValue(true, value.ReflectionValue, value.ReflectionType)
        | _ -> SubmissionValue.None

    let rec run (submission: Submission) (cancellation: CancellationToken) =
        let session = session.Value
        reference ()
        let mutable outcome = Unchecked.defaultof<_>

        Interruptible.Run(
            (fun () -> outcome <- session.EvalInteractionNonThrowing(submission.Code, submission.Cell, cancellation)),
            cancellation
        )

        match outcome with
        | Choice1Of2 found, _ -> value found
        | Choice2Of2 _, _ when cancellation.IsCancellationRequested ->
            raise (OperationCanceledException("The cell was interrupted.", cancellation))
        | Choice2Of2 thrown, diagnostics ->
            match problems diagnostics with
            | [| problem |] when GenericValue.isLast problem ->
                run (GenericValue.boxed submission diagnostics) cancellation
            | [||] -> raise (SubmissionException(CellErrors.Of(thrown, submission.Cell), CellErrors.Unwrap thrown))
            | found -> raise (SubmissionException(CellErrors.Of(found, submission.Code, submission.Cell), null))

    and reference () =
        let found, path = pending.TryDequeue()

        if found then
            run (Submission($"#r @\"{path}\"", "reference")) CancellationToken.None |> ignore

    /// Functions are methods, not values; as an expression their name gives a closure.
    let findFunction (name: string) =
        if not session.IsValueCreated || not (FSharpTypeName.isIdentifier name) then
            None
        else
            match session.Value.EvalExpressionNonThrowing name with
            | Choice1Of2(Some value), _ -> Some(NamedValue(name, value.ReflectionValue, value.ReflectionType))
            | _ -> None

    interface ILanguage with

        member _.Name = "fsharp"

        member _.Aliases = [| "f#"; "fs" |]

        member _.Services = services

        member _.Values =
            if not session.IsValueCreated then
                [||] :> IReadOnlyList<NamedValue>
            else
                session.Value.GetBoundValues()
                |> List.filter (fun bound -> bound.Name <> "it")
                |> List.map (fun bound ->
                    NamedValue(bound.Name, bound.Value.ReflectionValue, bound.Value.ReflectionType))
                |> Array.ofList
                :> IReadOnlyList<NamedValue>

        member this.Find name =
            (this :> ILanguage).Values
            |> Seq.tryFind (fun value -> value.Name = name)
            |> Option.orElseWith (fun () -> findFunction name)
            |> Option.toObj

        member _.Run(submission, cancellation) = run submission cancellation

        member _.WarmUp() = session.Force() |> ignore

        member _.SetValue(name, value, shape) =
            let typeName, seen =
                match FSharpTypeName.tryFind shape with
                | Some found -> found, shape
                | None -> "obj", typeof<obj>

            let slot = Exchange.Put value

            let code =
                $"let {name} : {typeName} = Engram.Notebooks.Exchange.Take<{typeName}>(\"{slot}\")"

            run (Submission(code, "shared value")) CancellationToken.None |> ignore
            seen

        member _.Reference paths = paths |> Seq.iter pending.Enqueue

        member _.Dispose() =
            if session.IsValueCreated then
                (session.Value :> IDisposable).Dispose()
