namespace Engram.Tests.Kernel

open System
open System.Collections.Generic
open System.Diagnostics
open System.IO
open System.Text.Json.Nodes
open System.Threading
open Engram.Cli

/// The kernel as `engram install` leaves it, published once for all tests of a run. ENGRAM_KERNEL_PREFIX names one
/// that is installed already.
module PublishedKernel =

    let private install () =
        let prefix =
            Path.Combine(Path.GetTempPath(), $"engram-kernel-{Environment.ProcessId}")

        use out = new StringWriter()
        let console = CliConsole(out, out, false, Environment.CurrentDirectory)

        let code =
            EngramProgram.RunAsync([| "install"; "--prefix"; prefix |], console).GetAwaiter().GetResult()

        if code <> 0 then
            failwith $"engram install failed: {out}"

        AppDomain.CurrentDomain.ProcessExit.Add(fun _ -> Directory.Delete(prefix, true))
        prefix

    let private prefix =
        lazy
            (match Environment.GetEnvironmentVariable "ENGRAM_KERNEL_PREFIX" with
             | null
             | "" -> install ()
             | named -> Path.GetFullPath named)

    /// The environment into which the kernel is installed.
    let folder () = prefix.Value

    /// The folder that JUPYTER_PATH names, so that Jupyter finds the kernel.
    let jupyterPath () =
        Path.Combine(prefix.Value, "share", "jupyter")

    /// The folder of what runs.
    let program () =
        Path.Combine(prefix.Value, "share", "engram", "kernel")

    /// The words by which Jupyter starts a kernel.
    let arguments (spec: string) (connectionFile: string) =
        let file = Path.Combine(jupyterPath (), "kernels", spec, "kernel.json")

        [
            for word in JsonNode.Parse(File.ReadAllText file).["argv"].AsArray() ->
                (string word).Replace("{connection_file}", connectionFile)
        ]

/// A kernel's own process and a client of it. It runs what is published, or a copy of that, by the `dotnet` of its
/// kernelspec or another one.
type KernelProcess(spec: string, ?copy: string, ?dotnet: string) =
    let connection = Connection.create ()
    let folder = Directory.CreateTempSubdirectory "engram-kernel-test-"
    let file = Path.Combine(folder.FullName, "connection.json")
    do File.WriteAllText(file, connection.Json)

    let run =
        match PublishedKernel.arguments spec file with
        | program :: words ->
            let info =
                ProcessStartInfo(
                    defaultArg dotnet program,
                    WorkingDirectory = folder.FullName,
                    RedirectStandardError = true,
                    RedirectStandardOutput = true
                )

            let published = PublishedKernel.program ()

            for word in words do
                info.ArgumentList.Add(word.Replace(published, defaultArg copy published))

            info.Environment["JPY_PARENT_PID"] <- string Environment.ProcessId
            Process.Start info
        | [] -> failwith "the kernelspec has no argv"

    let said = Text.StringBuilder()

    let log text =
        lock said (fun () -> said.AppendLine(text: string) |> ignore)

    do
        run.ErrorDataReceived.Add(fun line ->
            if not (isNull line.Data) then
                log line.Data)

        run.OutputDataReceived.Add(fun line ->
            if not (isNull line.Data) then
                log line.Data)

        run.BeginErrorReadLine()
        run.BeginOutputReadLine()

    let client = new WireClient(connection)
    do client.WaitUntilReady()

    member _.Client = client
    member _.Process = run
    member _.Connection = connection
    member _.Folder = folder.FullName

    /// What the process itself has written.
    member _.Log = lock said (fun () -> string said)

    /// Whether it ends in time.
    member _.Ends(seconds: float) =
        run.WaitForExit(TimeSpan.FromSeconds seconds)

    interface IDisposable with
        member _.Dispose() =
            (client :> IDisposable).Dispose()

            if not run.HasExited then
                run.Kill()

            run.WaitForExit()
            run.Dispose()
            folder.Delete true
