using System.Runtime.CompilerServices;

namespace Engram.Charts;

/// <summary>Checks at the door: each names the argument, what came and what was wanted.</summary>
internal static class Check
{
    public static PlotData Row(PlotData data, [CallerArgumentExpression(nameof(data))] string name = "") =>
        Rank(data, 1, "[N]", name);

    public static PlotData Table(PlotData data, int least, [CallerArgumentExpression(nameof(data))] string name = "")
    {
        Rank(data, 2, "[N, M]", name);
        return data.Shape.Min() >= least
            ? data
            : throw new ArgumentException($"{name} has shape {data}; at least [{least}, {least}] is wanted.", name);
    }

    public static PlotData Columns(
        PlotData data, int columns, [CallerArgumentExpression(nameof(data))] string name = "") =>
        Rank(data, 2, $"[N, {columns}]", name).Shape[1] == columns
            ? data
            : throw new ArgumentException($"{name} has shape {data}; [N, {columns}] is wanted.", name);

    public static PlotData Rank(
        PlotData data, int rank, string wanted, [CallerArgumentExpression(nameof(data))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(data, name);
        return data.Shape.Count == rank
            ? data
            : throw new ArgumentException($"{name} has shape {data}; {wanted} is wanted.", name);
    }

    public static PlotData SameLength(
        PlotData data, PlotData other,
        [CallerArgumentExpression(nameof(data))] string name = "",
        [CallerArgumentExpression(nameof(other))] string otherName = "") =>
        data.Shape[0] == other.Shape[0]
            ? data
            : throw new ArgumentException(
                $"{name} has length {data.Shape[0]}; that of {otherName}, {other.Shape[0]}, is wanted.", name);

    public static Interval Length(Interval interval, [CallerArgumentExpression(nameof(interval))] string name = "") =>
        double.IsFinite(interval.Low) && double.IsFinite(interval.High) && interval.Low < interval.High
            ? interval
            : throw new ArgumentException($"{name} is {interval}; finite ends in rising order are wanted.", name);

    public static IReadOnlyList<T> Some<T>(
        IEnumerable<T> items, [CallerArgumentExpression(nameof(items))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(items, name);
        T[] list = [.. items];
        if (list.Length == 0) throw new ArgumentException($"{name} is empty; at least one is wanted.", name);
        return Array.FindIndex(list, item => item is null) is >= 0 and var i
            ? throw new ArgumentException($"{name} holds null at place {i}.", name)
            : list;
    }
}
