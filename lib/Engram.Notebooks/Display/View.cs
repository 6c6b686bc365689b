using System.Text.Json.Nodes;

namespace Engram.Notebooks;

/// <summary>What is to be seen of a value, already bounded; plain text and HTML are drawn from the same view.</summary>
internal abstract record View;

/// <summary>Text as it is.</summary>
/// <param name="Value">The text.</param>
internal sealed record TextView(string Value) : View
{
    /// <summary>Where the view was cut.</summary>
    public static TextView More { get; } = new("…");
}

/// <summary>A value that a registered formatter draws.</summary>
/// <param name="Html">Its HTML; null where it gives none.</param>
/// <param name="Plain">Its plain text.</param>
internal sealed record DrawnView(string? Html, string Plain) : View;

/// <summary>A JSON value.</summary>
/// <param name="Json">The value.</param>
/// <param name="Text">It as indented text, cut to what may be shown.</param>
/// <param name="IsWhole">Whether nothing was cut.</param>
internal sealed record JsonView(JsonNode Json, string Text, bool IsWhole) : View
{
    /// <summary>Any value as JSON; null where it has no such form, or takes more than the given bytes.</summary>
    public static JsonNode? Serialize(object? value, int bytes)
    {
        try
        {
            var buffer = new byte[Math.Max(0, bytes)];
            using var full = new MemoryStream(buffer);
            System.Text.Json.JsonSerializer.Serialize(full, value, Options);
            return JsonNode.Parse(buffer.AsSpan(0, (int)full.Position));
        }
        catch (Exception e) when (e is not (OperationCanceledException or ThreadInterruptedException))
        {
            return null;
        }
    }

    private static System.Text.Json.JsonSerializerOptions Options { get; } = new()
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        ReferenceHandler = System.Text.Json.Serialization.ReferenceHandler.IgnoreCycles,
    };
}

/// <summary>Items one behind the other.</summary>
/// <param name="Open">What stands before them.</param>
/// <param name="Items">The items.</param>
/// <param name="Close">What stands behind them.</param>
/// <param name="More">What is said of the items that are not shown; null where all are.</param>
internal sealed record SequenceView(string Open, IReadOnlyList<View> Items, string Close, string? More) : View;

/// <summary>Rows and columns.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Columns">The heads of the columns; the first column names the row.</param>
/// <param name="Rows">A row's name and cells.</param>
/// <param name="More">What is said of the rows that are not shown; null where all are.</param>
internal sealed record TableView(
    string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<View>> Rows, string? More) : View;

/// <summary>An object by its members.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Fields">Its members.</param>
internal sealed record FieldsView(string Title, IReadOnlyList<KeyValuePair<string, View>> Fields) : View;

/// <summary>A case of a union with what it carries.</summary>
/// <param name="Name">The case.</param>
/// <param name="Arguments">What it carries.</param>
internal sealed record CaseView(string Name, IReadOnlyList<View> Arguments) : View;

/// <summary>A first line, and more that a reader may unfold.</summary>
/// <param name="Summary">The first line.</param>
/// <param name="Body">The rest.</param>
internal sealed record DetailsView(string Summary, string Body) : View;
