using System.Text;

namespace Engram.Notebooks;

/// <summary>Draws a view as plain text.</summary>
internal static class PlainRenderer
{
    private const int Width = 100, CellWidth = 40;

    public static string Render(View view) => view switch
    {
        TableView table => Table(table),
        FieldsView fields when Inline(fields).Length > Width => Lines(fields),
        SequenceView sequence when Inline(sequence).Length > Width => Lines(sequence),
        DetailsView { Body.Length: > 0 } details => $"{details.Summary}\n{details.Body}",
        JsonView json => json.Text,
        _ => Inline(view),
    };

    /// <summary>A view on one line.</summary>
    public static string Inline(View view) => view switch
    {
        TextView text => text.Value,
        DrawnView drawn => drawn.Plain.ReplaceLineEndings(" "),
        JsonView json => json.Text.ReplaceLineEndings(" "),
        DetailsView details => details.Summary,
        SequenceView sequence => sequence.Open + Join(sequence.Items, sequence.More) + sequence.Close,
        CaseView { Arguments: [] } empty => empty.Name,
        CaseView { Arguments: [SequenceView or TextView or TableView or FieldsView] } one => $"{one.Name} {Inline(one.Arguments[0])}",
        CaseView some => $"{some.Name} ({Join(some.Arguments, null)})",
        FieldsView fields => $"{fields.Title} {{ {string.Join(", ", fields.Fields.Select(field => $"{field.Key} = {Inline(field.Value)}"))} }}".TrimStart(),
        TableView { Columns: ["key", "value"] } map =>
            $"{{{string.Join(", ", map.Rows.Select(row => $"{Inline(row[0])}: {Inline(row[1])}").Concat(More(map.More)))}}}",
        TableView table => $"[{string.Join(", ", table.Rows.Select(row => $"[{Join([.. row.Skip(1)], null)}]").Concat(More(table.More)))}]",
        _ => "",
    };

    private static string Join(IReadOnlyList<View> items, string? more) =>
        string.Join(", ", items.Select(Inline).Concat(More(more)));

    private static IEnumerable<string> More(string? more) => more is null ? [] : [more];

    private static string Lines(FieldsView view) =>
        string.Join('\n', view.Fields.Select(field => $"  {field.Key}: {Inline(field.Value)}").Prepend(view.Title)).TrimStart('\n');

    // Short items are set as running lines, long ones each on its own.
    private static string Lines(SequenceView view)
    {
        var items = view.Items.Select(Inline).Concat(More(view.More)).ToList();
        var isLong = items.Any(item => item.Length > Width / 2);
        var text = new StringBuilder(view.Open);
        var width = 0;
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i] + (i < items.Count - 1 ? ", " : "");
            if (isLong || width == 0 || width + item.Length > Width)
            {
                text.Append("\n  ");
                width = 0;
            }

            text.Append(item);
            width += item.Length;
        }

        return text.Append('\n').Append(view.Close).ToString().Replace(" \n", "\n");
    }

    private static string Table(TableView table)
    {
        List<string[]> rows = [[.. table.Columns], .. table.Rows.Select(row => row.Select(Cell).ToArray())];
        var widths = Enumerable.Range(0, table.Columns.Count).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder(table.Title);
        foreach (var row in rows)
        {
            var line = string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column])));
            text.Append('\n').Append(line.TrimEnd());
        }

        if (table.More is not null) text.Append('\n').Append(table.More);
        return text.ToString();
    }

    private static string Cell(View view) => Inline(view) is { Length: > CellWidth } text ? text[..(CellWidth - 1)] + "…" : Inline(view);
}
