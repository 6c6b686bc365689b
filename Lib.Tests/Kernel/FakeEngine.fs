namespace Engram.Tests.Kernel

open System
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Engram.Cli.Kernel
open Engram.Notebooks

/// An engine whose cells are commands to itself, so that the protocol can be tested alone.
type FakeEngine() =
    let between: Action<CellEvent> array = [| null |]

    let error name message =
        CellError(name, message, Nullable 1, [| $"\u001b[31m{name}\u001b[0m: {message}" |])

    let shown (text: string) = MimeBundle.Plain text

    let run (code: string) (hear: CellEvent -> unit) (input: IInput) (cancellation: CancellationToken) =
        match code.Split(' ', 2) with
        | [| "print"; text |] ->
            hear (StreamWritten(StandardStream.Out, text))
            true
        | [| "warn"; text |] ->
            hear (StreamWritten(StandardStream.Error, text))
            true
        | [| "value"; text |] ->
            hear (ValueReturned(shown text))
            true
        | [| "show"; text |] ->
            hear (ValueDisplayed(shown text, "the-display"))
            true
        | [| "update"; text |] ->
            hear (DisplayUpdated(shown text, "the-display"))
            true
        | [| "clear" |] ->
            hear (OutputCleared true)
            true
        | [| "ask"; prompt |] ->
            match input with
            | null ->
                hear (CellFailed(error "NoInput" "nobody can be asked"))
                false
            | asker ->
                hear (ValueReturned(shown (string (asker.ReadLine(prompt, false, cancellation)))))
                true
        | [| "fail-when-told" |] ->
            hear (CellFailed(error "System.Exception" (string (input.ReadLine("", false, cancellation)))))
            false
        | [| "fail"; message |] ->
            hear (CellFailed(error "System.Exception" message))
            false
        | [| "throw" |] -> failwith "the engine itself broke"
        | [| "flood"; count |] ->
            for _ in 1 .. int count do
                hear (StreamWritten(StandardStream.Out, String('x', 999) + "\n"))

            true
        | [| "alternate"; count |] ->
            for i in 1 .. int count do
                hear (StreamWritten(StandardStream.Out, $"o{i} "))
                hear (StreamWritten(StandardStream.Error, $"e{i} "))

            true
        | [| "wait" |] ->
            cancellation.WaitHandle.WaitOne() |> ignore
            hear (CellFailed(error "Interrupted" "stopped"))
            false
        | [| "poison" |] ->
            hear (
                ValueReturned(
                    MimeBundle(
                        JsonObject [ Collections.Generic.KeyValuePair("x/json", JsonValue.Create nan :> JsonNode) ]
                    )
                )
            )

            true
        | [| "later"; text |] ->
            Task.Run(fun () ->
                Thread.Sleep 100
                between[0].Invoke(StreamWritten(StandardStream.Out, text)))
            |> ignore

            true
        | _ -> true

    interface IKernelEngine with
        member _.Language = "csharp"
        member engine.Services = engine

        member _.Between
            with get () = between[0]
            and set value = between[0] <- value

        member _.Run(cell, hear, input, cancellation) =
            if not (isNull cell.Begun) then
                cell.Begun.Invoke()

            run cell.Code hear.Invoke input cancellation

        member _.Dispose() = ()

    interface ILanguageServices with
        member _.Complete(code, position, _) =
            Completions(
                position - 1,
                position,
                [| CompletionChoice("cos", "function"); CompletionChoice("cosh", "function") |]
            )

        member _.Inspect(code, position, _) =
            if code.StartsWith "cos" then
                Inspection([| "double cos(double x)" |], "The cosine.")
            else
                null

        member _.Check code =
            if code.EndsWith "{" then
                CodeStatus(Completeness.Incomplete, "    ")
            elif code.EndsWith ")" then
                CodeStatus.Invalid
            else
                CodeStatus.Complete
