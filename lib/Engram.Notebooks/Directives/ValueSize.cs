using System.Collections;

namespace Engram.Notebooks;

/// <summary>How large a value is, in the words that fit its kind.</summary>
internal static class ValueSize
{
    /// <summary>The size of a value: the extents of an array, the length of a text, the count of a collection.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The size, or an empty text where none is known without work.</returns>
    public static string Of(object? value) => value switch
    {
        null => "",
        string text => $"{text.Length}",
        Array array => string.Join("×", Enumerable.Range(0, array.Rank).Select(array.GetLength)),
        ICollection collection => $"{collection.Count}",
        _ => Shape(value) ?? Count(value) ?? "",
    };

    /// <summary>Tensors of any library have a <c>shape</c> of integers.</summary>
    private static string? Shape(object value)
    {
        try
        {
            return value.GetType().GetProperty("shape")?.GetValue(value) is long[] shape ? string.Join("×", shape) : null;
        }
        catch (Exception)
        {
            // A tensor that was disposed has none.
            return null;
        }
    }

    private static string? Count(object value)
    {
        var count = value.GetType().GetInterfaces()
            .FirstOrDefault(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>))
            ?.GetProperty("Count");
        return count?.GetValue(value)?.ToString();
    }
}
