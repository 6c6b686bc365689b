namespace Engram.Tests

open System
open System.Diagnostics
open System.IO
open System.Net.Http
open System.Net.WebSockets
open System.Text
open System.Text.Json.Nodes
open System.Threading

/// Waits for what comes by itself.
module Patience =

    /// Asks ten times a second until there is an answer.
    let until (seconds: float) (what: string) (ask: unit -> 'a option) =
        let watch = Stopwatch.StartNew()

        let rec wait () =
            match ask () with
            | Some answer -> answer
            | None when watch.Elapsed.TotalSeconds > seconds -> failwith $"Within {seconds} s there was no {what}."
            | None ->
                Thread.Sleep 100
                wait ()

        wait ()

/// The browser refused a command.
exception RefusedByBrowser of command: string * reason: string with
    override this.Message = $"{this.command}: {this.reason}"

/// The wire of Chromium's DevTools protocol: one command, one answer. What the page tells unasked is passed over.
type private DevTools(address: Uri) =
    let socket = new ClientWebSocket()
    let mutable last = 0

    let inTime (act: CancellationToken -> #Tasks.Task) =
        use limit = new CancellationTokenSource(TimeSpan.FromSeconds 30.0)
        (act limit.Token).GetAwaiter().GetResult()

    do inTime (fun limit -> socket.ConnectAsync(address, limit))

    let receive () =
        use message = new MemoryStream()
        let buffer = Array.zeroCreate 65536

        let rec read () =
            use limit = new CancellationTokenSource(TimeSpan.FromSeconds 30.0)

            let part =
                socket.ReceiveAsync(ArraySegment buffer, limit.Token).GetAwaiter().GetResult()

            message.Write(buffer, 0, part.Count)

            if not part.EndOfMessage then
                read ()

        read ()
        JsonNode.Parse(ReadOnlySpan(message.GetBuffer(), 0, int message.Length))

    /// Sends a command and waits for its result.
    member _.Call(command: string, parameters: (string * obj) list) =
        last <- last + 1
        let request = JsonObject()
        request["id"] <- JsonValue.Create last
        request["method"] <- JsonValue.Create command
        request["params"] <- JsonObject()

        for name, value in parameters do
            request["params"][name] <- JsonValue.Create value

        let bytes = Encoding.UTF8.GetBytes(request.ToJsonString())
        inTime (fun limit -> socket.SendAsync(ArraySegment bytes, WebSocketMessageType.Text, true, limit))

        let rec answer () =
            match receive () with
            | message when not (isNull message["id"]) && message["id"].GetValue<int>() = last -> message
            | _ -> answer ()

        match answer () with
        | refused when not (isNull refused["error"]) ->
            raise (RefusedByBrowser(command, refused["error"].ToJsonString()))
        | answered -> answered["result"]

    interface IDisposable with
        member _.Dispose() = socket.Dispose()

/// One page of a headless Chromium of its own: read by scripts, used by the mouse.
type Browser(width: int, height: int) =
    let profile = Directory.CreateTempSubdirectory "engram-browser-"

    let run =
        let info =
            ProcessStartInfo(Requirements.chromium (), RedirectStandardError = true, RedirectStandardOutput = true)

        for argument in
            [
                "--headless"
                "--no-sandbox"
                "--disable-gpu"
                "--disable-quic"
                "--no-first-run"
                "--disable-background-networking"
                "--disable-component-update"
                "--disable-sync"
                "--remote-debugging-port=0"
                $"--window-size={width},{height}"
                $"--user-data-dir={profile.FullName}"
                "about:blank"
            ] do
            info.ArgumentList.Add argument

        let run = Process.Start info
        run.OutputDataReceived.Add ignore
        run.ErrorDataReceived.Add ignore
        run.BeginOutputReadLine()
        run.BeginErrorReadLine()
        run

    let stop () =
        if not run.HasExited then
            run.Kill true

        run.WaitForExit()
        run.Dispose()

        // Its children end a little later than itself, and write until then.
        Patience.until 10.0 "end of the browser's files" (fun () ->
            try
                profile.Delete true
                Some()
            with :? IOException ->
                None)

    /// The page's own address for commands. The browser writes the port that it was given into its profile.
    let address () =
        let file = Path.Combine(profile.FullName, "DevToolsActivePort")
        use http = new HttpClient()

        Patience.until 30.0 "page in Chromium" (fun () ->
            match (if File.Exists file then File.ReadAllLines file else [||]) with
            | [| port; _ |] ->
                let pages = http.GetStringAsync($"http://127.0.0.1:{port}/json/list").Result

                JsonNode.Parse(pages).AsArray()
                |> Seq.tryFind (fun target -> string target["type"] = "page")
                |> Option.map (fun page -> Uri(string page["webSocketDebuggerUrl"]))
            | _ -> None)

    let wire =
        try
            new DevTools(address ())
        with _ ->
            stop ()
            reraise ()

    /// The value of a script's expression, or of what it promises.
    member _.Evaluate(script: string) =
        let answer =
            wire.Call("Runtime.evaluate", [ "expression", script; "returnByValue", true; "awaitPromise", true ])

        match answer["exceptionDetails"] with
        | null -> answer["result"].["value"]
        | thrown -> failwith $"{script}: {thrown.ToJsonString()}"

    member this.Text(script: string) =
        string (this.Evaluate $"String({script})")

    member this.Number(script: string) = float (this.Text script)
    member this.Holds(script: string) = this.Text $"!!({script})" = "true"

    /// How many elements there are of a kind.
    member this.Count(selector: string) =
        let quoted = JsonValue.Create(selector).ToJsonString()
        int (this.Text $"document.querySelectorAll({quoted}).length")

    /// Waits until a condition holds. A page that is just being left has none.
    member this.WaitFor(seconds: float, what: string, condition: string) =
        Patience.until seconds what (fun () ->
            try
                if this.Holds condition then Some() else None
            with RefusedByBrowser _ ->
                None)

    member _.Open(address: string) =
        wire.Call("Page.navigate", [ "url", address ]) |> ignore

    /// Presses the left button of the mouse over an element, which must not lie under another.
    member this.Click(selector: string) =
        let quoted = JsonValue.Create(selector).ToJsonString()

        let place =
            this.Text
                $$"""(() => {
                    const element = document.querySelector({{quoted}});
                    if (!element) return "it is not there";
                    element.scrollIntoView({ block: "center" });
                    const box = element.getBoundingClientRect();
                    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
                    const top = document.elementFromPoint(x, y);
                    return element.contains(top) ? `${x} ${y}` : "it is hidden";
                })()"""

        match place.Split ' ' |> Array.map Double.TryParse with
        | [| true, x; true, y |] ->
            for event in [ "mouseMoved"; "mousePressed"; "mouseReleased" ] do
                wire.Call(
                    "Input.dispatchMouseEvent",
                    [ "type", event; "x", x; "y", y; "button", "left"; "clickCount", 1 ]
                )
                |> ignore
        | _ -> failwith $"{selector} cannot be clicked: {place}"

    /// Writes what is in the window as a PNG.
    member _.Save(file: string) =
        let picture = wire.Call("Page.captureScreenshot", [])
        Directory.CreateDirectory(Path.GetDirectoryName file) |> ignore
        File.WriteAllBytes(file, Convert.FromBase64String(string picture["data"]))

    interface IDisposable with
        member _.Dispose() =
            (wire :> IDisposable).Dispose()
            stop ()
