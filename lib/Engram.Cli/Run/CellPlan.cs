using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Engram.Notebooks;

namespace Engram.Cli;

/// <summary>Which cells of a notebook run, and the one that gives its parameters other values.</summary>
internal sealed partial class CellPlan
{
    /// <summary>The tag of the cell whose variables the command line may give other values.</summary>
    public const string ParametersTag = "parameters";

    /// <summary>The tag of the cell that does so.</summary>
    public const string InjectedTag = "injected-parameters";

    private readonly NotebookDocument document;
    private readonly RunOptions options;
    private readonly NotebookCell? parameters;

    public CellPlan(NotebookDocument document, RunOptions options)
    {
        this.document = document;
        this.options = options;
        parameters = options.Parameters.Count == 0 ? null
            : document.Cells.FirstOrDefault(cell => cell.Kind == CellKind.Code && cell.Tags.Contains(ParametersTag));
        Count = document.Cells.Count(cell => Runs(cell) && !IsReplaced(cell)) + (options.Parameters.Count > 0 ? 1 : 0);
    }

    /// <summary>How many cells are to run.</summary>
    public int Count { get; }

    /// <summary>Whether a cell is to run.</summary>
    public bool Runs(NotebookCell cell) =>
        cell.Kind == CellKind.Code && !string.IsNullOrWhiteSpace(cell.Source)
        && (options.Only is not { } tag || cell.Tags.Contains(tag) || cell.Tags.Contains(ParametersTag)
            || cell.Tags.Contains(InjectedTag) || OnlyPrepares(cell.Source));

    /// <summary>
    /// The cells without outputs, with the values of the command line behind the cell tagged <c>parameters</c>, or
    /// before all where there is none. A cell is made when its turn comes: by then the variables have their types.
    /// </summary>
    public IEnumerable<NotebookCell> Cells(ICellRunner engine)
    {
        if (options.Parameters.Count > 0 && parameters is null) yield return Injected(engine);
        foreach (var cell in document.Cells)
        {
            if (IsReplaced(cell)) continue;
            yield return cell with { Outputs = [], ExecutionCount = null };
            if (cell == parameters) yield return Injected(engine);
        }
    }

    // What an earlier run put in.
    private bool IsReplaced(NotebookCell cell) => options.Parameters.Count > 0 && cell.Tags.Contains(InjectedTag);

    private static bool OnlyPrepares(string source) => source.Split('\n')
        .All(line => string.IsNullOrWhiteSpace(line) || Preparation().IsMatch(line))
        && Preparation().IsMatch(source.TrimStart());

    private NotebookCell Injected(ICellRunner engine)
    {
        var language = parameters?.Language ?? document.DefaultLanguage;
        var lines = options.Parameters.Select(parameter => Line(parameter, language, engine)).ToList();
        if (language != document.DefaultLanguage) lines.Insert(0, $"#!{language}");
        if (Other(language) is { } other && Uses(other))
        {
            lines.Add($"#!{other}");
            lines.AddRange(options.Parameters.Select(parameter => $"#!share {parameter.Name} --from {language}"));
        }

        var metadata = new JsonObject { ["tags"] = new JsonArray(InjectedTag) };
        return new NotebookCell(InjectedTag, CellKind.Code, language, string.Join('\n', lines), metadata);
    }

    private static string Line(Parameter parameter, string language, ICellRunner engine)
    {
        try
        {
            var literal = Literals.Of(parameter.Text, engine.FindType(language, parameter.Name), language);
            return language == "csharp" ? $"var {parameter.Name} = {literal};" : $"let {parameter.Name} = {literal}";
        }
        catch (FormatException e)
        {
            throw new ParameterException($"--set {parameter.Name}: {e.Message}.");
        }
    }

    private bool Uses(string language) => document.Cells.Any(cell =>
        cell.Kind == CellKind.Code && (cell.Language == language || cell.Source.Contains($"#!{language}", StringComparison.Ordinal)));

    private static string? Other(string language) => language switch
    {
        "csharp" => "fsharp",
        "fsharp" => "csharp",
        _ => null,
    };

    [GeneratedRegex(@"\A(#!import\s|#r\s|#i\s|#!csharp\s*$|#!fsharp\s*$)")]
    private static partial Regex Preparation();
}

/// <summary>A value of the command line does not fit the notebook's variable.</summary>
internal sealed class ParameterException(string message) : Exception(message);
