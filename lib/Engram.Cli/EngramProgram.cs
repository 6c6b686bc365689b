using System.CommandLine;
using System.CommandLine.Help;

namespace Engram.Cli;

/// <summary>The program's commands in one place.</summary>
internal static class EngramProgram
{
    /// <summary>What the user calls it.</summary>
    public const string Name = "engram";

    /// <summary>A command line that cannot be understood; nothing was done.</summary>
    public const int UsageError = 2;

    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">The words behind the program's name.</param>
    /// <param name="console">Where it reads and writes.</param>
    /// <param name="engines">Makes the engine of a notebook in a folder; null for the real one.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliConsole console, Func<string, ICellRunner>? engines = null)
    {
        // A RootCommand would be called by the name of its file.
        var root = new Command(Name, "Engram runs notebooks of C# and F# for the study of associative memory.")
        {
            new HelpOption(),
            new VersionOption(),
            RunCommand.Create(console, engines),
            ConvertCommand.Create(console),
            Kernel.KernelCommand.Create(console),
            Install.InstallCommand.Create(console),
            Install.InstallCommand.CreateUninstall(console),
            Doctor.DoctorCommand.Create(console),
        };
        var parsed = root.Parse(arguments.Count > 0 ? arguments : ["--help"]);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
            return console.UsageError(Problem(parsed), parsed.CommandResult.Command);
        try
        {
            // Commands end by themselves on Ctrl-C: what ran is to be written first.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = console.Out,
                Error = console.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (UsageException e)
        {
            return console.UsageError(e.Message, parsed.CommandResult.Command);
        }
    }

    // A word that is out of place says more than what is missing because of it.
    private static string Problem(ParseResult parsed) =>
        parsed.UnmatchedTokens is [var word, ..] ? $"'{word}' is not known here." : parsed.Errors[0].Message;
}
