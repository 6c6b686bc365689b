namespace Engram.Notebooks

open System
open System.Collections.Generic
open System.IO
open System.Threading
open FSharp.Compiler.Diagnostics
open FSharp.Compiler.Interactive.Shell
open FSharp.Compiler.Syntax

/// F# as F# Interactive takes it: declarations, and a last expression.
type FSharpLanguage() =

    let session = Lazy<FsiEvaluationSession>(FsiSession.start)

    let hidden = HiddenValues()

    /// Lets F# Interactive compile and run something, which may hide values.
    let settling (defines: 'T -> bool) (run: unit -> 'T) =
        let mutable defined = false

        try
            let outcome = CellCode.Hearing(hidden.Hear, run)
            defined <- defines outcome
            outcome
        finally
            hidden.End defined

    /// What was referenced and no cell has seen yet: a session starts only when an F# cell comes.
    let pending = Queue<string>()

    // Behind each thing that the parser stumbles over, F# Interactive says once more that it stumbled.
    let ofSeverity severity (diagnostics: FSharpDiagnostic[]) =
        diagnostics
        |> Array.filter (fun each -> each.Severity = severity && each.Message <> "parse error")
        |> Array.map (fun each ->
            CompilerProblem(each.ErrorNumberText, each.Message, each.StartLine, each.StartColumn + 1))

    let problems = ofSeverity FSharpDiagnosticSeverity.Error
    let warnings = ofSeverity FSharpDiagnosticSeverity.Warning

    let endsWell (outcome, diagnostics) =
        match outcome with
        | Choice1Of2 _ -> Array.isEmpty (problems diagnostics)
        | Choice2Of2 _ -> false

    let fail (submission: Submission) (found: CompilerProblem[]) =
        raise (SubmissionException(CellErrors.Of(found, submission.Code, submission.Cell), null))

    let mutable late = FsiSession.late

    /// One at a time lets the session evaluate: a cell, or an editor that wants to see more.
    let turn = obj ()

    /// Lets the next submission see all that this program carries.
    let awaitLate () =
        late |> List.iter pending.Enqueue
        late <- []

    let awaitNamedIn code =
        if LateReferences.areNamedIn code then
            awaitLate ()

    let reference () =
        if pending.Count > 0 then
            let submission = LateReferences.submission pending
            pending.Clear()

            match session.Value.EvalInteractionNonThrowing(submission.Code, submission.Cell) with
            | _, diagnostics when Array.isEmpty (problems diagnostics) -> ()
            | _, diagnostics -> fail submission (problems diagnostics)

    /// An editor sees all, unless a cell runs: nobody waits for it.
    let show () =
        if Monitor.TryEnter turn then
            try
                awaitLate ()
                reference ()
            finally
                Monitor.Exit turn

    let services = FSharpServices(session, show)

    let value code (found: FsiValue option) =
        let value =
            match found with
            | Some value -> SubmissionValue(true, value.ReflectionValue, value.ReflectionType)
            | None -> UnboundValue.find session.Value code

        if value.HasValue && value.Type = typeof<unit> then
            SubmissionValue.None
        else
            value

    /// Errors speak of the lines of what is shown, which is what runs unless a file is loaded.
    let rec evaluate (shown: Submission) (submission: Submission) (cancellation: CancellationToken) =
        let session = session.Value
        reference ()

        let interact () =
            let mutable outcome = Unchecked.defaultof<_>

            Interruptible.Run(
                (fun () ->
                    outcome <- session.EvalInteractionNonThrowing(submission.Code, submission.Cell, cancellation)),
                cancellation
            )

            outcome

        let outcome, diagnostics = settling endsWell interact

        if Array.isEmpty (problems diagnostics) then
            CellErrors.Warn(warnings diagnostics, shown.Code, shown.Cell)

        match outcome with
        | Choice1Of2 found ->
            match problems diagnostics with
            | [||] -> settling (fun _ -> true) (fun () -> value submission.Code found)
            | found -> fail shown found
        | Choice2Of2 thrown when cancellation.IsCancellationRequested ->
            raise (OperationCanceledException("The cell was interrupted.", thrown, cancellation))
        | Choice2Of2 thrown ->
            match problems diagnostics with
            | [| problem |] when GenericValue.isLast problem ->
                run (GenericValue.boxed submission diagnostics) cancellation
            | [||] -> raise (CellErrors.Thrown(thrown, submission.Cell, cancellation))
            | _ when not late.IsEmpty ->
                // It may name what the session does not see yet, and nothing of it has run.
                awaitLate ()
                evaluate shown submission cancellation
            | found -> fail shown found

    and run submission cancellation =
        if Interactions.asksForTheEnd submission.Code then
            raise (SubmissionException(CellErrors.Of(CellExit 0, submission.Cell), null))

        evaluate submission submission cancellation

    /// A file becomes a module of its name, or the one that it declares.
    let load (path: string) (code: string) (cancellation: CancellationToken) =
        let shown = Submission(code, FileInfo(path).Name)
        awaitLate ()

        let from (file: string) =
            evaluate shown (Submission($"#load @\"{file}\"", shown.Cell)) cancellation |> ignore

        if code = File.ReadAllText(path).ReplaceLineEndings "\n" then
            from path
        else
            // Without the lines that are the engine's.
            let folder = Directory.CreateTempSubdirectory "engram-load-"

            try
                let copy = Path.Combine(folder.FullName, shown.Cell)
                File.WriteAllText(copy, $"# 1 @\"{path}\"\n{code}")
                from copy
            finally
                folder.Delete true

    /// Functions are methods, not values; as an expression their name gives a closure.
    let findFunction (name: string) =
        if not session.IsValueCreated || not (FSharpTypeName.isIdentifier name) then
            None
        else
            let evaluate () =
                session.Value.EvalExpressionNonThrowing name

            match settling (fun _ -> false) evaluate with
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

        member _.Run(submission, cancellation) =
            lock turn (fun () ->
                hidden.Settle()
                awaitNamedIn submission.Code

                (SubmissionValue.None, Interactions.split submission.Code)
                ||> List.fold (fun _ code -> run (Submission(code, submission.Cell)) cancellation))

        member _.Load(path, code, cancellation) =
            lock turn (fun () -> load path code cancellation)

        member _.WarmUp() = session.Force() |> ignore

        member _.Prepare() = lock turn hidden.Settle

        member _.SetValue(name, value, shape) =
            let typeName, seen =
                match FSharpTypeName.tryFind shape with
                | Some found -> found, shape
                | None -> "obj", typeof<obj>

            let slot = Exchange.Put value
            let name = PrettyNaming.NormalizeIdentifierBackticks name

            let code =
                $"let {name} : {typeName} = Engram.Notebooks.Exchange.Take<{typeName}>(\"{slot}\")"

            lock turn (fun () ->
                awaitNamedIn typeName
                run (Submission(code, "shared value")) CancellationToken.None |> ignore)

            seen

        member _.Reference paths =
            let unseen = paths |> Seq.filter (FsiSession.sees >> not) |> List.ofSeq

            if not unseen.IsEmpty then
                lock turn (fun () ->
                    // They may speak of anything that this program carries.
                    awaitLate ()
                    unseen |> List.except FsiSession.late |> List.iter pending.Enqueue)

        member _.Dispose() =
            if session.IsValueCreated then
                (session.Value :> IDisposable).Dispose()
