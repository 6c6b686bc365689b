using System.Collections;

namespace Engram.Notebooks;

/// <summary>Values that map keys to values, of whatever kind.</summary>
internal static class Dictionaries
{
    /// <summary>The pairs of a dictionary; null for any other value.</summary>
    public static IEnumerable<(object? Key, object? Value)>? Of(object value)
    {
        if (value is IDictionary plain) return Pairs(plain);
        var isDictionary = value.GetType().GetInterfaces().Any(type =>
            type.IsGenericType && type.GetGenericTypeDefinition() is var definition
            && (definition == typeof(IDictionary<,>) || definition == typeof(IReadOnlyDictionary<,>)));
        return isDictionary && value is IEnumerable pairs ? Pairs(pairs) : null;
    }

    /// <summary>Whether a value is one pair of a dictionary.</summary>
    public static bool IsPair(object value) =>
        value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);

    private static IEnumerable<(object?, object?)> Pairs(IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in dictionary) yield return (entry.Key, entry.Value);
    }

    private static IEnumerable<(object?, object?)> Pairs(IEnumerable pairs)
    {
        foreach (var pair in pairs)
        {
            var type = pair!.GetType();
            yield return (type.GetProperty("Key")?.GetValue(pair), type.GetProperty("Value")?.GetValue(pair));
        }
    }
}
