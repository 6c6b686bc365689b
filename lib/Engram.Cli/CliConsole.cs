using System.CommandLine;
using System.Text.RegularExpressions;

namespace Engram.Cli;

/// <summary>Where a command reads and writes, so that it can be tested without a process.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">What went wrong.</param>
/// <param name="IsTerminal">Whether a person watches: progress may move.</param>
/// <param name="Folder">The folder that relative paths start from.</param>
internal sealed partial record CliConsole(TextWriter Out, TextWriter Error, bool IsTerminal, string Folder)
{
    /// <summary>The process's own.</summary>
    public static CliConsole System() => new(
        Console.Out, Console.Error, !Console.IsOutputRedirected && !Console.IsErrorRedirected, Environment.CurrentDirectory);

    /// <summary>A path as this console's user means it.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, Folder);

    /// <summary>A path as this console's user would write it.</summary>
    public string ShownPath(string path) =>
        Path.GetRelativePath(Folder, path) is var relative && relative.StartsWith("..", StringComparison.Ordinal)
            ? path
            : relative;

    /// <summary>Text without ANSI colours.</summary>
    public static string Plain(string text) => Colour().Replace(text, "");

    /// <summary>Says in one line what is wrong with a command line.</summary>
    /// <returns>The exit code.</returns>
    public int UsageError(string message, Command command)
    {
        var name = command.Name == EngramProgram.Name ? command.Name : $"{EngramProgram.Name} {command.Name}";
        Error.WriteLine($"{name}: {message.ReplaceLineEndings(" ")} ({name} --help says more.)");
        return EngramProgram.UsageError;
    }

    [GeneratedRegex(@"\x1b\[[0-9;]*m")]
    private static partial Regex Colour();
}

/// <summary>A command line that asks for what cannot be.</summary>
internal sealed class UsageException(string message) : Exception(message);
