using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Engram.Cli;

/// <summary><c>engram run PATH…</c></summary>
internal static class RunCommand
{
    public static Command Create(CliConsole console, Func<string, ICellRunner>? engines = null)
    {
        var paths = new Argument<string[]>("paths")
        {
            Description = "Notebooks (.ipynb, .dib), or folders whose notebooks run in the order of their names. In a folder, "
                + "a file that another of its notebooks imports is no notebook of its own, nor is one whose name starts with _ or .",
            HelpName = "PATH",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--out")
        {
            Description = "The folder for the executed notebooks.",
            HelpName = "DIR",
            DefaultValueFactory = _ => Path.Combine("artifacts", "notebooks"),
        };
        var timeout = new Option<double?>("--timeout")
        {
            Description = "Stop a cell that runs longer.",
            HelpName = "SECONDS",
            CustomParser = Seconds,
        };
        var keepGoing = new Option<bool>("--keep-going") { Description = "Run the cells after a failing one as well." };
        var set = new Option<string[]>("--set")
        {
            Description = "A parameter's value, in place of the one that the cell tagged 'parameters' gives it: steps=100, "
                + "beta=0.5, name=text, sizes=[1,2,3]. The value takes the type that the variable has there. May be repeated.",
            HelpName = "NAME=VALUE",
            Arity = ArgumentArity.OneOrMore,
        };
        var only = new Option<string?>("--only")
        {
            Description = "Run only the cells with this tag, beside cells that do nothing but import and reference.",
            HelpName = "TAG",
        };
        var images = new Option<bool>("--images")
        {
            Description = "Put a PNG beside each chart, for readers that run no script, such as GitHub. Needs Chromium.",
        };
        var traceback = new Option<bool>("--traceback") { Description = "Show where an error came from, line by line." };
        var command = new Command("run", "Run notebooks and write them, executed, into a folder.")
        {
            paths, output, timeout, keepGoing, set, only, images, traceback,
        };
        command.SetAction((parsed, _) =>
        {
            var options = new RunOptions
            {
                Timeout = parsed.GetValue(timeout),
                KeepGoing = parsed.GetValue(keepGoing),
                Parameters = Parameter.ParseAll(parsed.GetValue(set) ?? []),
                Only = parsed.GetValue(only),
                Images = parsed.GetValue(images),
                Traceback = parsed.GetValue(traceback),
            };
            var folder = parsed.GetRequiredValue(output);
            var chapters = Chapters.Find(parsed.GetRequiredValue(paths), folder, console);
            if (options.Only is { } tag) Chapters.RequireTag(chapters, tag);
            Chapters.PrepareOutput(folder, console);
            return RunSession.RunAsync(chapters, options, console, engines ?? EngineRunner.Create);
        });
        return command;
    }

    private static double? Seconds(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e6)
            return seconds;
        result.AddError($"--timeout takes a number of seconds greater than 0, not '{text}'.");
        return null;
    }
}
