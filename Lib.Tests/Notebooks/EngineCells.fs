/// Runs cells as a frontend does, and says what it heard.
module Engram.Tests.Notebooks.EngineCells

open System.Threading
open Expecto
open Engram.Notebooks

let start options =
    new Engine([| new CSharpLanguage() :> ILanguage; new FSharpLanguage() |], options)

/// One engine for all tests that need none of their own: F# takes seconds to start.
let shared = lazy (start null)

type Heard = {
    Ended: bool
    Events: CellEvent list
} with

    member heard.Text stream =
        heard.Events
        |> List.choose (fun each ->
            match each with
            | :? StreamWritten as written when written.Stream = stream -> Some written.Text
            | _ -> None)
        |> String.concat ""

    member heard.Out = heard.Text StandardStream.Out

    member heard.Value =
        heard.Events
        |> List.tryPick (fun each ->
            match each with
            | :? ValueReturned as returned -> Option.ofObj (returned.Bundle.Text "text/plain")
            | _ -> None)

    member heard.Displays =
        heard.Events
        |> List.choose (fun each ->
            match each with
            | :? ValueDisplayed as shown -> Some shown.Bundle
            | _ -> None)

    member heard.Error =
        heard.Events
        |> List.tryPick (fun each ->
            match each with
            | :? CellFailed as failed -> Some failed.Error
            | _ -> None)

let runWith (engine: Engine) input cancellation language code =
    let events = ResizeArray<CellEvent>()

    let ended =
        engine.RunAsync(code, language, (fun each -> events.Add each), cancellation, input).Result

    {
        Ended = ended
        Events = events |> List.ofSeq
    }

let runIn engine language code =
    runWith engine null CancellationToken.None language code

let csharp code = runIn shared.Value "csharp" code
let fsharp code = runIn shared.Value "fsharp" code

let succeeds (heard: Heard) =
    Expect.isTrue heard.Ended $"no error: {heard.Error}"

let returns expected (heard: Heard) =
    succeeds heard
    Expect.equal heard.Value (Some expected) "the last expression's value"
