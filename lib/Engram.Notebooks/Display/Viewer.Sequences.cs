using System.Collections;
using System.Data;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Engram.Notebooks;

// Values that hold others by place or by key.
internal sealed partial class Viewer
{
    private View Sequence(object value, IEnumerable sequence, int depth)
    {
        var element = ElementType(value.GetType());
        var (items, rest) = Take(value, sequence);
        if (items.Count > 0 && items.TrueForAll(Dictionaries.IsGroup)) return Groups(value, items, rest, depth);
        return Rows(items, depth) is { } columns
            ? Table(value, items, columns, rest, depth)
            : new SequenceView("[", [.. items.Select(item => Look(item, element, depth + 1))], "]", rest);
    }

    // A sequence may compute as it is read, and fail behind items that are worth showing.
    private (List<object?> Items, string? More) Take(object value, IEnumerable sequence)
    {
        var items = new List<object?>();
        try
        {
            foreach (var item in sequence)
            {
                if (items.Count == Items) return (items, More(Count(value), Items));
                items.Add(item);
            }
        }
        catch (Exception e) when (items.Count > 0 && e is not (OperationCanceledException or ThreadInterruptedException))
        {
            return (items, Leaf(Failure(e)).Value);
        }

        return (items, null);
    }

    private TableView DataTableView(DataTable table, int depth)
    {
        var columns = table.Columns.Cast<DataColumn>().Take(Items).ToList();
        var cut = table.Columns.Count > Items;
        var rows = table.Rows.Cast<DataRow>().Where(row => row.RowState != DataRowState.Deleted).Take(Items);
        return new TableView(
            $"DataTable {table.TableName}".TrimEnd() + $" ({table.Rows.Count} {(table.Rows.Count == 1 ? "row" : "rows")})",
            ["", .. columns.Select(column => column.ColumnName), .. cut ? ["…"] : Array.Empty<string>()],
            [.. rows.Select((row, index) => (IReadOnlyList<View>)
                [Leaf(index.ToString(CultureInfo.InvariantCulture)),
                    .. columns.Select(column => Look(row[column] is DBNull ? null : row[column], column.DataType, depth + 2)),
                    .. cut ? [TextView.More] : Array.Empty<View>()])],
            table.Rows.Count > Items ? More(table.Rows.Count, Items) : null);
    }

    private static Type? AwaitedItem(Type sequence) =>
        sequence.GetInterfaces().Append(sequence)
            .FirstOrDefault(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>))
            ?.GetGenericArguments()[0];

    private TableView Table(object value, List<object?> items, IReadOnlyList<Member> columns, string? more, int depth) =>
        new(Title(value), ["", .. columns.Select(column => column.Name)],
            [.. items.Select((item, index) => (IReadOnlyList<View>)
                [Leaf(index.ToString(CultureInfo.InvariantCulture)),
                    .. columns.Select(column => Read(column, item!, depth + 2))])],
            more);

    // Items that all are one kind of record make a table at the top; deeper down they would not be readable.
    private static IReadOnlyList<Member>? Rows(List<object?> items, int depth)
    {
        if (depth > 0 || items.Count == 0 || items[0] is not { } first) return null;
        var type = first.GetType();
        if (items.Any(item => item?.GetType() != type) || !Members.AreAllThereIs(type, first)) return null;
        var members = Members.Of(type);
        return members.Count is > 0 and <= Items ? members : null;
    }

    private TableView DictionaryView(
        object value, Type declared, IEnumerable<(object? Key, object? Value)> pairs, int depth)
    {
        var rows = new List<IReadOnlyList<View>>();
        string? more = null;
        foreach (var (key, held) in pairs)
        {
            if (rows.Count == Items)
            {
                more = More(Count(value), Items);
                break;
            }

            rows.Add([Key(key, depth), Look(held, typeof(object), depth + 1)]);
        }

        return new TableView(Title(value, declared), ["key", "value"], rows, more);
    }

    private View Key(object? key, int depth) => key is string name ? Leaf(name) : Look(key, typeof(object), depth + 1);

    // Groups are to their keys what a dictionary's values are.
    private TableView Groups(object value, IEnumerable<object?> groups, string? more, int depth) =>
        new(Title(value), ["key", "value"],
            [.. groups.Select(group => (IReadOnlyList<View>)
                [Key(Dictionaries.KeyOf(group!), depth), GroupView((IEnumerable)group!, depth + 1)])],
            more);

    private SequenceView GroupView(IEnumerable group, int depth)
    {
        var element = ElementType(group.GetType());
        var (items, rest) = Take(group, group);
        return new SequenceView("[", [.. items.Select(item => Look(item, element, depth + 1))], "]", rest);
    }

    private SequenceView TupleView(ITuple tuple, int depth)
    {
        var shown = Math.Min(tuple.Length, Items);
        return new SequenceView(
            "(", [.. Enumerable.Range(0, shown).Select(i => Look(tuple[i], typeof(object), depth + 1))], ")",
            shown < tuple.Length ? More(tuple.Length, shown) : null);
    }

    private TableView Matrix(Array matrix, int depth)
    {
        var (rows, columns) = (matrix.GetLength(0), matrix.GetLength(1));
        var (firstRow, firstColumn) = (matrix.GetLowerBound(0), matrix.GetLowerBound(1));
        var shown = Enumerable.Range(firstColumn, Math.Min(columns, Items)).ToList();
        var element = matrix.GetType().GetElementType()!;
        var heads = shown.Select(column => column.ToString(CultureInfo.InvariantCulture));
        var cut = columns > Items;
        return new TableView(
            Title(matrix), ["", .. heads, .. cut ? ["…"] : Array.Empty<string>()],
            [.. Enumerable.Range(firstRow, Math.Min(rows, Items)).Select(row => (IReadOnlyList<View>)
                [Leaf(row.ToString(CultureInfo.InvariantCulture)),
                    .. shown.Select(column => Look(matrix.GetValue(row, column), element, depth + 1)),
                    .. cut ? [TextView.More] : Array.Empty<View>()])],
            rows > Items ? More(rows, Items) : null);
    }

    private SequenceView Slices(Array array, int[] index, int depth)
    {
        var dimension = index.Length;
        var (length, first) = (array.GetLength(dimension), array.GetLowerBound(dimension));
        var element = array.GetType().GetElementType()!;
        View At(int place)
        {
            if (partsLeft <= 0) return TextView.More;
            int[] at = [.. index, first + place];
            return at.Length == array.Rank ? Look(array.GetValue(at), element, depth + at.Length) : Slices(array, at, depth);
        }

        return new SequenceView(
            dimension == 0 ? $"{Title(array)} [" : "[", [.. Enumerable.Range(0, Math.Min(length, Items)).Select(At)], "]",
            length > Items ? More(length, Items) : null);
    }

    private View TaskView(Task task, int depth)
    {
        var type = task.GetType();
        var result = type.GetProperty("Result");
        return task.IsCompletedSuccessfully && result is not null && result.PropertyType.Name != "VoidTaskResult"
            ? new CaseView("Task", [Look(result.GetValue(task), result.PropertyType, depth + 1)])
            : Leaf(task.Exception is { } failed ? $"Task (Faulted: {Failure(CellErrors.Unwrap(failed))[1..]}" : $"Task ({task.Status})");
    }

    private static string Title(object value, Type? declared = null)
    {
        var name = TypeNames.Of(value.GetType(), declared);
        if (value is Array { Rank: > 1 } array)
        {
            var sizes = string.Join(", ", Enumerable.Range(0, array.Rank).Select(array.GetLength));
            return $"{name[..name.LastIndexOf('[')]}[{sizes}]";
        }

        return Count(value) is { } count ? $"{name} ({count} {(count == 1 ? "item" : "items")})" : name;
    }

    private static string More(int? count, int shown) =>
        count is { } all ? $"… ({all - shown:N0} more)" : "…";

    private static int? Count(object value) => value switch
    {
        Array array => array.Length,
        ICollection collection => collection.Count,
        _ => value.GetType().GetInterfaces()
            .FirstOrDefault(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>))
            ?.GetProperty("Count")?.GetValue(value) as int?,
    };

    private static Type ElementType(Type sequence) =>
        sequence.GetInterfaces().Append(sequence)
            .FirstOrDefault(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            ?.GetGenericArguments()[0] ?? typeof(object);
}
