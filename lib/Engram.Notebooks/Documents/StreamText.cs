using System.Text;
using System.Text.Json.Nodes;

namespace Engram.Notebooks;

/// <summary>How much of a stream is kept, and how much came after.</summary>
internal sealed class StreamBudget(int limit)
{
    private int left = limit;

    /// <summary>The last piece of the stream, which carries the notice.</summary>
    public StreamText? Last { get; set; }

    /// <summary>How many characters were cut.</summary>
    public long Cut { get; private set; }

    /// <summary>The part of a text that there is still room for.</summary>
    public string Take(string text)
    {
        var kept = Math.Min(left, text.Length);
        if (kept > 0 && kept < text.Length && char.IsHighSurrogate(text[kept - 1])) kept--;
        left = kept < text.Length ? 0 : left - kept;
        Cut += text.Length - kept;
        return text[..kept];
    }
}

/// <summary>Text of one stream that was written without anything in between.</summary>
internal sealed class StreamText
{
    private readonly StringBuilder text;
    private readonly StreamBudget budget;

    public StreamText(StandardStream stream, string text, StreamBudget budget)
    {
        Stream = stream;
        this.text = new StringBuilder(text);
        this.budget = budget;
        budget.Last = this;
    }

    /// <summary>Which of the two.</summary>
    public StandardStream Stream { get; }

    public void Append(string more) => text.Append(more);

    /// <summary>nbformat's form; a line that was overwritten by carriage returns is kept as it was left.</summary>
    public JsonObject ToOutput()
    {
        var shown = Overwritten(text.ToString());
        if (budget.Cut > 0 && budget.Last == this) shown += $"\n… {budget.Cut:N0} more characters were cut.\n";
        return new JsonObject
        {
            ["name"] = Stream == StandardStream.Out ? "stdout" : "stderr",
            ["output_type"] = "stream",
            ["text"] = MultilineText.Lines(shown),
        };
    }

    private static string Overwritten(string text)
    {
        if (!text.Contains('\r')) return text;
        var lines = text.Replace("\r\n", "\n").Split('\n');
        return string.Join('\n', lines.Select(line => line.TrimEnd('\r') is var kept && kept.LastIndexOf('\r') is >= 0 and var at
            ? kept[(at + 1)..]
            : kept));
    }
}
