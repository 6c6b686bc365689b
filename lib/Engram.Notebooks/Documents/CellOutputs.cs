using System.Text.Json.Nodes;

namespace Engram.Notebooks;

/// <summary>The outputs of one cell, as they grow.</summary>
internal sealed class CellOutputs(OutputLimits limits)
{
    private readonly List<object> items = [];
    private readonly Dictionary<StandardStream, StreamBudget> budgets = [];
    private long displayed;
    private int dropped;
    private bool clearBeforeNext;

    /// <summary>Adds text to a stream.</summary>
    public void Write(StandardStream stream, string text)
    {
        if (text.Length == 0) return;
        ClearIfAsked();
        if (!budgets.TryGetValue(stream, out var budget))
            budgets[stream] = budget = new StreamBudget(limits.StreamCharacters);
        var kept = budget.Take(text);
        if (items.LastOrDefault() is StreamText last && last.Stream == stream)
            last.Append(kept);
        else if (kept.Length > 0 && HasRoom())
            items.Add(new StreamText(stream, kept, budget));
    }

    /// <summary>Adds a value.</summary>
    /// <returns>False where the cell has shown too much.</returns>
    public bool Add(JsonObject output)
    {
        ClearIfAsked();
        displayed += Size(output["data"]);
        if (!HasRoom()) return false;
        items.Add(output);
        return true;
    }

    /// <summary>Adds the error that ended the cell; there is always room for it.</summary>
    public void AddError(JsonObject output)
    {
        ClearIfAsked();
        items.Add(output);
    }

    /// <summary>Drops everything, at once or when something comes.</summary>
    public void Clear(bool wait)
    {
        clearBeforeNext = wait;
        if (!wait) Clear();
    }

    /// <summary>All of them in nbformat's form.</summary>
    public List<JsonObject> Finish()
    {
        List<JsonObject> outputs = [.. items.Select(item => item as JsonObject ?? ((StreamText)item).ToOutput())];
        if (dropped > 0)
        {
            var notice = new StreamText(
                StandardStream.Error, $"… {dropped} more outputs were cut.\n", new StreamBudget(int.MaxValue));
            outputs.Add(notice.ToOutput());
        }

        return outputs;
    }

    private bool HasRoom()
    {
        if (items.Count < limits.Outputs && displayed <= limits.DisplayCharacters) return true;
        dropped++;
        return false;
    }

    private void ClearIfAsked()
    {
        if (clearBeforeNext) Clear();
        clearBeforeNext = false;
    }

    private void Clear()
    {
        items.Clear();
        budgets.Clear();
        displayed = 0;
        dropped = 0;
    }

    private static long Size(JsonNode? node) => node switch
    {
        JsonObject fields => fields.Sum(field => field.Key.Length + Size(field.Value)),
        JsonArray values => values.Sum(value => 4 + Size(value)),
        null => 4,
        _ => node.ToString().Length,
    };
}
