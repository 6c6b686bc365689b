module Engram.Tests.Cli.RunFakes

open System
open System.IO
open System.Threading
open System.Threading.Tasks
open System.Text.Json.Nodes
open Expecto
open Engram.Cli
open Engram.Notebooks

/// Runs a language of one word a line: print, fail, wait, stuck, throw, text of what is returned.
type FakeRunner(ran: ResizeArray<string>, types: Map<string, Type>) =
    member val IsDisposed = false with get, set

    interface ICellRunner with
        member _.ReadyAsync _ = Task.CompletedTask

        member _.RunAsync(code, language, hear, cancellation) =
            task {
                lock ran (fun () -> ran.Add $"{language}: {code}")

                let error name line =
                    CellError(name, $"it {name}s", line, [| "\u001b[31mtrace\u001b[0m" |])

                match code.Trim() with
                | "fail" ->
                    hear.Invoke(StreamWritten(StandardStream.Out, "before"))
                    hear.Invoke(CellFailed(error "fail" (Nullable 2)))
                    return false
                | "wait" ->
                    try
                        do! Task.Delay(Timeout.Infinite, cancellation)
                        return true
                    with :? OperationCanceledException ->
                        hear.Invoke(CellFailed(error "stop" (Nullable())))
                        return false
                | "throw" -> return raise (InvalidOperationException "the engine broke")
                | code ->
                    hear.Invoke(ValueReturned(MimeBundle.Plain $"{language} {code}"))
                    return true
            }

        member _.FindType(_, name) =
            match types.TryGetValue name with
            | true, found -> found
            | _ -> null

        member this.Dispose() = this.IsDisposed <- true

let cell kind tags (source: string) =
    let metadata = JsonObject()

    if not (List.isEmpty tags) then
        let names = [| for tag: string in tags -> JsonValue.Create tag :> JsonNode |]
        metadata["tags"] <- JsonArray names

    NotebookCell("", kind, "csharp", source, metadata)

let code source = cell CellKind.Code [] source
let tagged tag source = cell CellKind.Code [ tag ] source
let prose source = cell CellKind.Markdown [] source

/// A folder of notebooks and what came of a command line in it.
type Outcome = {
    Code: int
    Out: string
    Error: string
    Ran: string list
    Folder: string
} with

    /// An executed notebook.
    member this.Executed name =
        Ipynb.Read(Path.Combine(this.Folder, "artifacts", "notebooks", name))

/// Writes notebooks into a folder, runs a command line there with fake engines, and hands on what came of it.
let running types (notebooks: (string * NotebookCell list) list) (arguments: string list) (check: Outcome -> unit) =
    Engram.Tests.Notebooks.Samples.inFolder (fun folder ->
        for name, cells in notebooks do
            let document = NotebookDocument(Array.ofList cells, JsonObject(), "csharp")
            Documents.Save(document, Path.Combine(folder, name))

        let out, error = new StringWriter(), new StringWriter()
        let console = CliConsole(out, error, false, folder)
        let ran = ResizeArray()

        let engines = Func<string, ICellRunner>(fun _ -> new FakeRunner(ran, Map types))

        let code =
            EngramProgram.RunAsync(arguments, console, engines).GetAwaiter().GetResult()

        check {
            Code = code
            Out = string out
            Error = string error
            Ran = List.ofSeq ran
            Folder = folder
        })

let run = running []

let has (text: string) (part: string) = Expect.stringContains text part part

let counts (document: NotebookDocument) = [ for cell in document.Cells -> Option.ofNullable cell.ExecutionCount ]
