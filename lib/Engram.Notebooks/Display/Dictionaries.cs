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

    /// <summary>Whether a value is a group: items under a key, as <c>GroupBy</c> and <c>ToLookup</c> make them.</summary>
    public static bool IsGroup(object? value) => value is IEnumerable && GroupType(value) is not null;

    /// <summary>The key of a group.</summary>
    public static object? KeyOf(object group) => GroupType(group)!.GetProperty("Key")!.GetValue(group);

    private static Type? GroupType(object value) => value.GetType().GetInterfaces().FirstOrDefault(type =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IGrouping<,>));

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
