namespace Engram.Tests.Kernel

open System
open System.Diagnostics
open System.IO
open System.Net
open System.Net.Sockets
open System.Text.Json.Nodes
open Engram.Tests

/// Jupyter's notebook server on the loopback, with the installed kernel and nothing of the user's.
type JupyterServer() =
    let folder = Directory.CreateTempSubdirectory "engram-notebook-page-"
    let inside name = Path.Combine(folder.FullName, name)
    let notebooks = Directory.CreateDirectory(inside "notebooks").FullName
    let token = Guid.NewGuid().ToString "N"

    let freePort () =
        use listener = new TcpListener(IPAddress.Loopback, 0)
        listener.Start()
        (listener.LocalEndpoint :?> IPEndPoint).Port

    let run =
        let info =
            ProcessStartInfo(
                Requirements.jupyterNotebook (),
                WorkingDirectory = notebooks,
                RedirectStandardError = true,
                RedirectStandardOutput = true
            )

        for argument in
            [
                "--no-browser"
                "--allow-root"
                "--ip=127.0.0.1"
                $"--port={freePort ()}"
                $"--NotebookApp.token={token}"
                $"--notebook-dir={notebooks}"
            ] do
            info.ArgumentList.Add argument

        info.Environment["JUPYTER_PATH"] <- PublishedKernel.jupyterPath ()

        for kind in [ "CONFIG"; "DATA"; "RUNTIME" ] do
            info.Environment[$"JUPYTER_{kind}_DIR"] <- inside (kind.ToLowerInvariant())

        Process.Start info

    let said = Text.StringBuilder()

    let hear (line: DataReceivedEventArgs) =
        lock said (fun () -> said.AppendLine line.Data |> ignore)

    do
        run.OutputDataReceived.Add hear
        run.ErrorDataReceived.Add hear
        run.BeginOutputReadLine()
        run.BeginErrorReadLine()

    /// The server tells its address in a file; the port is another where the asked one was taken meanwhile.
    let address =
        lazy
            (Patience.until 60.0 "notebook server" (fun () ->
                if run.HasExited then
                    failwith $"The notebook server has ended: {said}"

                try
                    Directory.GetFiles(inside "runtime", "nbserver-*.json")
                    |> Array.tryHead
                    |> Option.map (fun file -> string (JsonNode.Parse(File.ReadAllText file)["url"]))
                with
                | :? IOException
                | :? System.Text.Json.JsonException -> None))

    /// The folder of the notebooks that it shows.
    member _.Notebooks = notebooks

    /// A notebook's page.
    member _.Page(notebook: string) =
        $"{address.Value}notebooks/{notebook}?token={token}"

    /// What the server and its kernels have written.
    member _.Log = lock said (fun () -> string said)

    interface IDisposable with
        // Its kernels are its children.
        member _.Dispose() =
            if not run.HasExited then
                run.Kill true

            run.WaitForExit()
            run.Dispose()
            folder.Delete true
