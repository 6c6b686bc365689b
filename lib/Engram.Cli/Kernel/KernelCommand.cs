using System.CommandLine;

namespace Engram.Cli.Kernel;

/// <summary><c>engram kernel</c>: what Jupyter starts.</summary>
internal static class KernelCommand
{
    public static Command Create(CliConsole console)
    {
        var connection = new Option<string>("--connection-file", "-f")
        {
            Description = "The connection file that the client has written.",
            HelpName = "FILE",
            Required = true,
        };
        var language = new Option<string>("--language")
        {
            Description = "The language of cells that name none: csharp or fsharp.",
            HelpName = "LANGUAGE",
            DefaultValueFactory = _ => "csharp",
        };
        language.AcceptOnlyFromAmong("csharp", "fsharp");
        var command = new Command("kernel", "Be a Jupyter kernel. Jupyter starts it; 'engram install' tells Jupyter how.")
        {
            connection, language,
        };
        command.SetAction(parsed => Run(
            console, console.FullPath(parsed.GetRequiredValue(connection)), parsed.GetRequiredValue(language)));
        return command;
    }

    private static int Run(CliConsole console, string connection, string language)
    {
        KeepThreadsForTheWire();
        try
        {
            var file = ConnectionFile.Read(connection);
            var log = KernelLog.OnStandardError();
            // Its language warms up while the server binds its ports.
            var engine = new NotebookKernel(language, log);
            using var server = new KernelServer(file, log);
            using (engine) server.Run(engine);
        }
        catch (ConnectionFileException error)
        {
            console.Error.WriteLine(error.Message);
            return EngramProgram.UsageError;
        }

        // A cell's own thread may still run, and nobody waits for it any more.
        Environment.Exit(0);
        return 0;
    }

    /// <summary>
    /// Sockets speak on threads of the pool. Where a cell's parallel loop or its tasks take as many threads as there are
    /// cores, .NET adds one or two a second, and an interrupt would wait for them; up to its minimum it adds them at once.
    /// </summary>
    private static void KeepThreadsForTheWire()
    {
        const int Spare = 32;
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + Spare), ports);
    }
}
