using System.CommandLine;
using Engram.Notebooks;

namespace Engram.Cli;

/// <summary><c>engram convert A B</c></summary>
internal static class ConvertCommand
{
    public static Command Create(CliConsole console)
    {
        var source = new Argument<string>("source") { Description = "The notebook, .ipynb or .dib.", HelpName = "A" };
        var target = new Argument<string>("target") { Description = "The file to write, .dib or .ipynb.", HelpName = "B" };
        var force = new Option<bool>("--force", "-f") { Description = "Write over a file that is there." };
        var command = new Command("convert", "Turn a .dib into an .ipynb, or an .ipynb into a .dib (which holds no outputs).")
        {
            source, target, force,
        };
        command.SetAction(parsed => Convert(
            console, parsed.GetRequiredValue(source), parsed.GetRequiredValue(target), parsed.GetValue(force)));
        return command;
    }

    private static int Convert(CliConsole console, string source, string target, bool force)
    {
        var (from, to) = (console.FullPath(source), console.FullPath(target));
        foreach (var path in new[] { from, to })
            if (!Documents.IsNotebook(path))
                throw new UsageException($"'{console.ShownPath(path)}' ends neither in .ipynb nor in .dib.");
        if (!File.Exists(from)) throw new UsageException($"there is no file '{source}'.");
        if (File.Exists(to) && !force) throw new UsageException($"'{target}' is there already; --force writes over it.");
        try
        {
            var document = Documents.Open(from);
            Documents.Save(IsJupyters(to) ? document.ForJupyter() : document, to);
            var outputs = document.Cells.Sum(cell => cell.Outputs.Count);
            console.Out.WriteLine($"{console.ShownPath(to)}: {document.Cells.Count} cells"
                + (outputs > 0 && !IsJupyters(to) ? $"; {outputs} outputs have no place in a .dib and were left out." : "."));
            return 0;
        }
        catch (DocumentException e)
        {
            console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static bool IsJupyters(string path) => path.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase);
}
