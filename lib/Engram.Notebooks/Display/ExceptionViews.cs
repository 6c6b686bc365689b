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

    public static DetailsView Of(Exception exception)
    {
        var body = new StringBuilder();
        var cause = exception;
        for (var i = 0; cause is not null && i < Causes; cause = cause.InnerException, i++)
        {
            if (i > 0) body.Append($"caused by {Head(cause)}\n");
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
