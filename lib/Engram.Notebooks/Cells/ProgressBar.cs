using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace Engram.Notebooks.Cells;

/// <summary>How far work has come, as one display: count, rate and time left.</summary>
public sealed class ProgressBar : IProgress<long>, IDisposable
{
    private const int TimesASecond = 10;

    private readonly Engine? engine = Engine.Current;
    private readonly string displayId = Guid.NewGuid().ToString("N");
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly Lock gate = new();
    private readonly ProgressText text;
    private TimeSpan shown = TimeSpan.MinValue;
    private long done;
    private bool ended;

    internal ProgressBar(long? total, string label)
    {
        text = new ProgressText(total, label);
        Show();
    }

    /// <summary>Tells how far the work has come.</summary>
    /// <param name="value">The number of steps done.</param>
    public void Report(long value)
    {
        Volatile.Write(ref done, value);
        if (value == text.Total)
            Dispose();
        else if (watch.Elapsed - shown >= TimeSpan.FromSeconds(1.0 / TimesASecond))
            Show();
    }

    /// <summary>Shows where the work ended.</summary>
    public void Dispose()
    {
        if (ended)
            return;
        ended = true;
        Show();
    }

    private void Show()
    {
        if (engine is null)
            return;
        lock (gate)
        {
            var isFirst = shown == TimeSpan.MinValue;
            shown = watch.Elapsed;
            var bundle = text.Bundle(Volatile.Read(ref done), shown, ended);
            engine.Tell(isFirst ? new ValueDisplayed(bundle, displayId) : new DisplayUpdated(bundle, displayId));
        }
    }
}

/// <summary>The words and the picture of a progress bar.</summary>
/// <param name="Total">The number of steps; null where it is not known.</param>
/// <param name="Label">What is under way.</param>
internal sealed record ProgressText(long? Total, string Label)
{
    private const int Width = 24;

    /// <summary>The bar as text and as HTML.</summary>
    /// <param name="done">The number of steps done.</param>
    /// <param name="elapsed">The time so far.</param>
    /// <param name="ended">Whether the work has ended.</param>
    public MimeBundle Bundle(long done, TimeSpan elapsed, bool ended)
    {
        var words = Words(done, elapsed, ended);
        var label = Label.Length > 0 ? Label + " " : "";
        var drawn = Total is > 0 and var total ? new string('█', (int)(Width * Math.Min(done, total) / total)).PadRight(Width, '░') + " " : "";
        var html = Total is { } all
            ? $"<progress value=\"{done}\" max=\"{Math.Max(all, 1)}\" style=\"vertical-align: middle\"></progress> "
            : "";
        return new MimeBundle(new JsonObject
        {
            ["text/html"] = $"{WebUtility.HtmlEncode(label)}{html}{WebUtility.HtmlEncode(words)}",
            ["text/plain"] = label + drawn + words,
        });
    }

    /// <summary>Such as <c>450/1000 (45 %), 36.1/s, 0:15 left</c>.</summary>
    /// <param name="done">The number of steps done.</param>
    /// <param name="elapsed">The time so far.</param>
    /// <param name="ended">Whether the work has ended.</param>
    internal string Words(long done, TimeSpan elapsed, bool ended)
    {
        var rate = done / Math.Max(elapsed.TotalSeconds, 1e-9);
        var words = Total is { } total ? $"{done}/{total} ({(total == 0 ? 100 : 100 * done / total)} %)" : $"{done}";
        if (done > 0 && elapsed > TimeSpan.FromMilliseconds(100))
            words += rate >= 1 ? $", {rate:0.#}/s" : $", {1 / rate:0.#} s each";
        if (ended)
            return words + (Total is { } all && done < all ? $", stopped after {Clock(elapsed)}" : $", {Clock(elapsed)}");
        return done > 0 && Total is { } rest ? words + $", {Clock(TimeSpan.FromSeconds((rest - done) / rate))} left" : words;
    }

    private static string Clock(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(long)time.TotalHours}:{time:mm\\:ss}" : $"{time:m\\:ss}";
}
