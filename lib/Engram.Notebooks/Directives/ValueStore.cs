using System.Collections.Concurrent;

namespace Engram.Notebooks;

/// <summary>The values that <c>#!value</c> keeps, to be shared into languages from the name <c>value</c>.</summary>
internal sealed class ValueStore
{
    /// <summary>The name by which directives speak of it.</summary>
    public const string Name = "value";

    private readonly ConcurrentDictionary<string, NamedValue> values = new();

    /// <summary>One of its values.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The value, or null where there is none of that name.</returns>
    public NamedValue? Find(string name) => values.GetValueOrDefault(name);

    /// <summary>Keeps a value.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">The value.</param>
    public void Set(string name, object? value) =>
        values[name] = new NamedValue(name, value, value?.GetType() ?? typeof(object));
}
