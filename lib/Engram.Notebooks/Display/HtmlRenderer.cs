using System.Text;

namespace Engram.Notebooks;

/// <summary>Draws a view as HTML that takes its colours from the page, light or dark.</summary>
internal static class HtmlRenderer
{
    private const string Style =
        "<style>.engram td,.engram th{text-align:start;vertical-align:top}.engram pre{margin:0;background:none;color:inherit}</style>";

    /// <summary>The HTML; null where plain text says all there is.</summary>
    public static string? Render(View view)
    {
        switch (view)
        {
            case DrawnView drawn:
                return drawn.Html;
            case TextView or JsonView:
            case SequenceView or CaseView when !HasTags(view):
                return null;
            default:
                var html = new StringBuilder();
                html.Append("<div class=\"engram\">");
                if (Title(view) is { Length: > 0 } title) html.Append("<code>").Append(HtmlText.Escape(title)).Append("</code>");
                Write(html, view);
                return html.Append(Style).Append("</div>").ToString();
        }
    }

    private static string? Title(View view) => view switch
    {
        TableView table => table.Title,
        FieldsView fields => fields.Title,
        _ => null,
    };

    private static void Write(StringBuilder html, View view)
    {
        switch (view)
        {
            case DrawnView { Html: { } drawn }:
                html.Append(drawn);
                break;
            case TableView table:
                WriteTable(html, table.Columns, table.Rows, table.More);
                break;
            case FieldsView fields:
                WriteTable(html, [], [.. fields.Fields.Select(field => (IReadOnlyList<View>)[new TextView(field.Key), field.Value])], null);
                break;
            case DetailsView { Body.Length: > 0 } details:
                html.Append("<details><summary>").Append(HtmlText.Escape(details.Summary)).Append("</summary>")
                    .Append(HtmlText.Pre(details.Body)).Append("</details>");
                break;
            case SequenceView sequence when sequence.Items.Any(HasTags):
                WriteList(html, sequence);
                break;
            case CaseView some when some.Arguments.Any(HasTags):
                html.Append(HtmlText.Escape(some.Name)).Append(' ');
                foreach (var argument in some.Arguments) Write(html, argument);
                break;
            default:
                html.Append(HtmlText.Pre(PlainRenderer.Render(view)));
                break;
        }
    }

    private static bool HasTags(View view) => view switch
    {
        DrawnView drawn => drawn.Html is not null,
        TableView or FieldsView or DetailsView => true,
        SequenceView sequence => sequence.Items.Any(HasTags),
        CaseView some => some.Arguments.Any(HasTags),
        _ => false,
    };

    private static void WriteList(StringBuilder html, SequenceView sequence)
    {
        html.Append("<ol start=\"0\">");
        foreach (var item in sequence.Items)
        {
            html.Append("<li>");
            Write(html, item);
            html.Append("</li>");
        }

        html.Append("</ol>");
        if (sequence.More is { } more) html.Append("<p>").Append(HtmlText.Escape(more)).Append("</p>");
    }

    private static void WriteTable(
        StringBuilder html, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<View>> rows, string? more)
    {
        html.Append("<table>");
        if (columns.Count > 0)
        {
            html.Append("<thead><tr>");
            foreach (var column in columns) html.Append("<th>").Append(HtmlText.Escape(column)).Append("</th>");
            html.Append("</tr></thead>");
        }

        html.Append("<tbody>");
        foreach (var row in rows)
        {
            html.Append("<tr><th>").Append(HtmlText.Escape(PlainRenderer.Inline(row[0]))).Append("</th>");
            foreach (var cell in row.Skip(1))
            {
                html.Append("<td>");
                Write(html, cell);
                html.Append("</td>");
            }

            html.Append("</tr>");
        }

        html.Append("</tbody></table>");
        if (more is not null) html.Append("<p>").Append(HtmlText.Escape(more)).Append("</p>");
    }
}
