using System.Text;

namespace Engram.Notebooks;

/// <summary>An exception that is shown as a value: its message first, then where it came from.</summary>
internal static class ExceptionViews
{
    private const int Frames = 20, Causes = 5, Bytes = 16 * 1024;

    /// <summary>The message of an exception, cut where it is long; one that fails to tell it is said to.</summary>
    public static string Message(Exception exception)
    {
        try
        {
            return Cost.Clip(exception.Message, Bytes);
        }
        catch (Exception e) when (e is not (OperationCanceledException or ThreadInterruptedException))
        {
            return $"(its message fails with {TypeNames.Of(e.GetType())})";
        }
    }

    /// <summary>An exception and what caused it; one of several causes is followed by all of each.</summary>
    public static IEnumerable<Exception> CausesOf(Exception exception)
    {
        yield return exception;
        IEnumerable<Exception> causes = exception is AggregateException several ? several.InnerExceptions
            : exception.InnerException is { } one ? [one]
            : [];
        foreach (var cause in causes.SelectMany(CausesOf)) yield return cause;
    }

    public static DetailsView Of(Exception exception)
    {
        var body = new StringBuilder();
        foreach (var cause in CausesOf(exception).Take(Causes))
        {
            if (cause != exception) body.Append($"caused by {Head(cause)}\n");
            var frames = Trace(cause).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            foreach (var frame in frames.Take(Frames)) body.Append(frame.TrimEnd()).Append('\n');
            if (frames.Length > Frames) body.Append($"   … ({frames.Length - Frames} more)\n");
        }

        return new DetailsView(Cost.Clip(Head(exception), Bytes), Cost.Clip(body.ToString().TrimEnd('\n'), Bytes));
    }

    private static string Head(Exception exception) => $"{TypeNames.Of(exception.GetType())}: {Message(exception)}";

    private static string Trace(Exception exception)
    {
        try
        {
            return exception.StackTrace ?? "";
        }
        catch (Exception e) when (e is not (OperationCanceledException or ThreadInterruptedException))
        {
            return "";
        }
    }
}
