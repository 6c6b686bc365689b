using System.Globalization;
using System.Text.RegularExpressions;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Engram.Cli;

/// <summary>One line a notebook with a bar, the running cell and the seconds; errors stand above.</summary>
internal sealed partial class LiveProgress : RunProgress
{
    private readonly IAnsiConsole screen;
    private readonly Dictionary<Chapter, ProgressTask> tasks = [];
    private readonly TaskCompletionSource over = new();
    private readonly Task drawing;
    private ProgressTask? current;
    private string name = "";

    public LiveProgress(CliConsole console, RunOptions options, IReadOnlyList<Chapter> chapters)
        : base(console, options)
    {
        // It moves although nobody is asked anything here.
        screen = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(console.Out),
            Interactive = InteractionSupport.Yes,
        });
        var ready = new TaskCompletionSource();
        drawing = screen.Progress().AutoClear(true).HideCompleted(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 30 },
                new CountColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                foreach (var chapter in chapters)
                    tasks[chapter] = context.AddTask(Escaped(chapter), autoStart: false);
                ready.SetResult();
                await over.Task;
            });
        ready.Task.Wait();
    }

    public override void Start(Chapter chapter, int cells)
    {
        name = Escaped(chapter);
        current = tasks[chapter];
        current.MaxValue = Math.Max(cells, 1);
        current.StartTask();
    }

    public override void StartCell(int ordinal, string source)
    {
        var lines = source.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var line = lines.FirstOrDefault(line => !Language().IsMatch(line)) ?? lines.FirstOrDefault() ?? "";
        var shown = line.Length > 40 ? line[..39] + "…" : line;
        if (current is not null) current.Description = $"{name} [grey]{ordinal}: {Markup.Escape(shown)}[/]";
    }

    public override void EndCell(CellResult cell)
    {
        base.EndCell(cell);
        current?.Increment(1);
    }

    public override void Dispose()
    {
        over.TrySetResult();
        drawing.Wait();
    }

    protected override void End(NotebookResult result, IReadOnlyList<string> problems)
    {
        foreach (var problem in problems) screen.Write(new Text(problem + "\n", new Style(Color.Red)));
        if (current is null) return;
        var colour = result.State == NotebookState.Succeeded ? "green" : "red";
        current.Description = $"[{colour}]{name}[/]";
        current.StopTask();
        current = null;
    }

    private static string Escaped(Chapter chapter) => Markup.Escape(Path.GetFileName(chapter.Source));

    [GeneratedRegex(@"\A#!\S+\z")]
    private static partial Regex Language();

    private sealed class CountColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(task.IsStarted ? string.Create(CultureInfo.InvariantCulture, $"{task.Value,3}/{task.MaxValue}") : "");
    }
}
