using System.Collections.Concurrent;
using System.ComponentModel;

namespace Engram.Notebooks;

/// <summary>The table over which values pass from language to language, by name.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Exchange
{
    private static readonly ConcurrentDictionary<string, object?> Slots = new();

    /// <summary>Puts a value down to be taken once.</summary>
    /// <param name="value">The value; may be null.</param>
    /// <returns>The name of its slot.</returns>
    public static string Put(object? value)
    {
        var slot = Guid.NewGuid().ToString("N");
        Slots[slot] = value;
        return slot;
    }

    /// <summary>Takes a value; its slot is empty afterwards.</summary>
    /// <typeparam name="T">The type under which it is to be seen.</typeparam>
    /// <param name="slot">The name of its slot.</param>
    public static T Take<T>(string slot)
    {
        Slots.TryRemove(slot, out var value);
        return (T)value!;
    }
}
