using System.Diagnostics;
using System.Reflection;

namespace Engram.Notebooks;

/// <summary>Makes of an exception what a reader of a cell wants to know.</summary>
public static class CellErrors
{
    private const string Red = "\e[31m";
    private const string Yellow = "\e[33m";
    private const string Dim = "\e[2m";
    private const string Plain = "\e[0m";

    // What a reader looks at of a deep stack, a long chain of causes and a cell that is wrong in every line.
    private const int FirstFrames = 40, LastFrames = 10, Causes = 10, Problems = 20;

    /// <summary>The error of code that threw.</summary>
    /// <param name="exception">What it threw.</param>
    /// <param name="cell">The name of the cell that ran.</param>
    public static CellError Of(Exception exception, string cell)
    {
        exception = Unwrap(exception);
        var traceback = new List<string> { Head(exception) };
        foreach (var each in ExceptionViews.CausesOf(exception).Take(Causes))
        {
            if (each != exception)
                traceback.Add("caused by " + Head(each));
            traceback.AddRange(Shortened([.. Frames(each, cell)]));
        }

        return new CellError(NameOf(exception), ExceptionViews.Message(exception), LineIn(exception, cell), traceback);
    }

    /// <summary>The end of code that threw. What an exception says of itself may be a cell's code: it stops when asked.</summary>
    /// <param name="exception">What it threw.</param>
    /// <param name="cell">The name of the cell that ran.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static SubmissionException Thrown(Exception exception, string cell, CancellationToken cancellation)
    {
        CellError? error = null;
        Interruptible.Run(() => error = Of(exception, cell), cancellation);
        return new SubmissionException(error!, Unwrap(exception));
    }

    /// <summary>The error of code that does not compile.</summary>
    /// <param name="problems">What the compiler says, with line and column from 1.</param>
    /// <param name="code">The code.</param>
    /// <param name="cell">The name of its cell.</param>
    /// <param name="hints">What helps; null for nothing.</param>
    public static CellError Of(
        IReadOnlyList<CompilerProblem> problems, string code, string cell, IEnumerable<string>? hints = null)
    {
        var lines = code.Split('\n');
        var told = problems.Take(Problems).ToList();
        string[] more = problems.Count > Problems ? [$"… ({problems.Count - Problems} more)"] : [];
        var message = string.Join('\n',
            [.. told.Select(problem => $"({problem.Line},{problem.Column}): error {problem.Code}: {problem.Message}"), .. more]);
        List<string> traceback = [.. told.SelectMany(problem => Lines(problem, lines, cell)), .. more, .. hints ?? []];
        return new CellError("CompilationError", message, problems[0].Line, traceback);
    }

    /// <summary>Writes what a compiler warns of to the cell's standard error.</summary>
    /// <param name="warnings">What it says, with line and column from 1.</param>
    /// <param name="code">The code.</param>
    /// <param name="cell">The name of its cell.</param>
    public static void Warn(IReadOnlyList<CompilerProblem> warnings, string code, string cell)
    {
        if (warnings.Count == 0)
            return;
        var lines = code.Split('\n');
        var told = warnings.Take(Problems).SelectMany(warning => Lines(warning, lines, cell, "warning", Yellow));
        string[] more = warnings.Count > Problems ? [$"… ({warnings.Count - Problems} more)"] : [];
        Console.Error.WriteLine(string.Join('\n', [.. told, .. more]));
    }

    /// <summary>Takes away the wrappings that reflection and tasks put around an exception.</summary>
    /// <param name="exception">The exception.</param>
    public static Exception Unwrap(Exception exception) => exception switch
    {
        TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
        TypeInitializationException { InnerException: { } inner } when IsOfScript(exception) => Unwrap(inner),
        AggregateException { InnerExceptions: [var only] } => Unwrap(only),
        _ => exception,
    };

    internal static CellError Of(Exception exception, RunningCell cell) => exception switch
    {
        SubmissionException submission => submission.Error,
        OperationCanceledException when cell.Cancellation.IsCancellationRequested => Interrupted(LineIn(exception, cell.Name), cell.Name),
        DirectiveException directive =>
            new CellError("DirectiveError", directive.Message, directive.Cell == cell.Name ? directive.Line : null,
                [$"{Red}{directive.Message}{Plain}", $"   at {directive.Cell}, line {directive.Line}"]),
        _ => Of(exception, cell.Name),
    };

    private static CellError Interrupted(int? line, string cell)
    {
        const string Message = "The cell was interrupted.";
        string[] place = line is null ? [] : [$"   at {cell}, line {line}"];
        return new CellError("Interrupted", Message, line, [$"{Red}{Message}{Plain}", .. place]);
    }

    private static bool IsOfScript(Exception exception) =>
        exception is TypeInitializationException { TypeName: { } name } && name.Contains("StartupCode$FSI", StringComparison.Ordinal);

    private static string Head(Exception exception) => $"{Red}{NameOf(exception)}{Plain}: {ExceptionViews.Message(exception)}";

    private static IEnumerable<string> Shortened(List<string> frames) =>
        frames.Count <= FirstFrames + LastFrames
            ? frames
            : [.. frames.Take(FirstFrames), $"   … ({frames.Count - FirstFrames - LastFrames} more)", .. frames.TakeLast(LastFrames)];

    // A cell's own type has a name that the cell gave, within one that the compiler gave.
    private static string NameOf(Exception exception)
    {
        var type = exception.GetType();
        return FrameNames.IsOfCell(type) ? TypeNames.Of(type) : type.FullName ?? type.Name;
    }

    private static IEnumerable<string> Lines(
        CompilerProblem problem, string[] lines, string cell, string kind = "error", string colour = Red)
    {
        yield return $"{cell}, line {problem.Line}, column {problem.Column}: {colour}{kind} {problem.Code}{Plain}: {problem.Message}";
        if (problem.Line < 1 || problem.Line > lines.Length)
            yield break;
        yield return $"{Dim}{problem.Line,4} |{Plain} {lines[problem.Line - 1]}";
        yield return $"{Dim}     |{Plain} {new string(' ', Math.Max(0, problem.Column - 1))}{colour}^{Plain}";
    }

    private static IEnumerable<string> Frames(Exception exception, string cell)
    {
        // In optimized code all bounds checks of a function share one place.
        var near = exception is IndexOutOfRangeException or OverflowException ? "near " : "";
        foreach (var frame in new StackTrace(exception, fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetMethod() is not { } method || FrameNames.IsMachinery(method))
                continue;
            var name = FrameNames.Of(method);
            yield return frame.GetFileName() is { } file && !file.Contains('\\') && frame.GetFileLineNumber() is > 0 and var line
                ? $"   at {name}{Path.GetFileName(file)}, {near}line {line}"
                : $"{Dim}   at {(name.Length > 0 ? name : cell)}{Plain}".Replace(" in ", "", StringComparison.Ordinal);
            near = "";
        }
    }

    private static int? LineIn(Exception exception, string cell)
    {
        foreach (var each in ExceptionViews.CausesOf(exception).Take(Causes))
        {
            foreach (var frame in new StackTrace(each, fNeedFileInfo: true).GetFrames())
            {
                if (Path.GetFileName(frame.GetFileName()) == cell && frame.GetFileLineNumber() > 0)
                    return frame.GetFileLineNumber();
            }
        }

        return null;
    }
}

/// <summary>What a compiler has against a piece of code.</summary>
/// <param name="Code">The compiler's name for it, such as <c>CS0103</c>.</param>
/// <param name="Message">What it says.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
public sealed record CompilerProblem(string Code, string Message, int Line, int Column);
