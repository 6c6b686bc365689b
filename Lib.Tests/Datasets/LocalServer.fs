/// A web server on the loopback, for downloads that never leave the machine.
module Engram.Tests.Datasets.LocalServer

open System
open System.Net
open System.Net.Sockets

/// What was asked: the path, and the byte from which on.
type Asked = { Path: string; From: int64 option }

let private freePort () =
    use listener = new TcpListener(IPAddress.Loopback, 0)
    listener.Start()
    (listener.LocalEndpoint :?> IPEndPoint).Port

let private from (request: HttpListenerRequest) =
    match request.Headers["Range"] with
    | null -> None
    | range -> Some(int64 (range.Substring("bytes=".Length).TrimEnd '-'))

/// Serves until disposed; what was asked comes with each answer to give.
type Server(answer: Asked -> HttpListenerResponse -> unit) =
    let port = freePort ()
    let listener = new HttpListener()
    let asked = ResizeArray<Asked>()

    do
        listener.Prefixes.Add $"http://127.0.0.1:{port}/"
        listener.Start()

        let serve =
            async {
                while listener.IsListening do
                    let! context = listener.GetContextAsync() |> Async.AwaitTask

                    let request = {
                        Path = context.Request.Url.AbsolutePath.TrimStart '/'
                        From = from context.Request
                    }

                    lock asked (fun () -> asked.Add request)
                    // A client that was cut off on purpose is no fault of the server.
                    try
                        answer request context.Response
                    with
                    | :? HttpListenerException
                    | :? ObjectDisposedException
                    | :? InvalidOperationException -> ()
            }

        Async.Start(
            async {
                try
                    do! serve
                with _ when not listener.IsListening ->
                    ()
            }
        )

    member _.Address = Uri $"http://127.0.0.1:{port}/"
    member _.Asked = lock asked (fun () -> List.ofSeq asked)

    interface IDisposable with
        member _.Dispose() = listener.Close()

/// Sends all from the byte asked on, as a server that can resume does.
let whole (content: byte[]) (asked: Asked) (response: HttpListenerResponse) =
    let start = asked.From |> Option.defaultValue 0L

    if asked.From.IsSome then
        response.StatusCode <- 206
        response.AddHeader("Content-Range", $"bytes {start}-{content.Length - 1}/{content.Length}")

    response.ContentLength64 <- int64 content.Length - start
    response.OutputStream.Write(content, int start, content.Length - int start)
    response.Close()

/// Promises all, sends some, and hangs up.
let cutOff (sent: int) (content: byte[]) (asked: Asked) (response: HttpListenerResponse) =
    let start = asked.From |> Option.defaultValue 0L

    if asked.From.IsSome then
        response.StatusCode <- 206
        response.AddHeader("Content-Range", $"bytes {start}-{content.Length - 1}/{content.Length}")

    response.ContentLength64 <- int64 content.Length - start
    response.OutputStream.Write(content, int start, sent)
    response.OutputStream.Flush()
    response.Abort()

let notFound (_: Asked) (response: HttpListenerResponse) =
    response.StatusCode <- 404
    response.Close()
