using Microsoft.DotNet.Interactive.Formatting;

namespace Engram.Notebooks;

/// <summary>A formatter that a cell or a library brought, for one mime type.</summary>
/// <param name="MimeType">What it writes.</param>
/// <param name="Write">Writes a value; false where it declines to.</param>
internal sealed record RegisteredFormatter(string MimeType, Func<object, TextWriter, bool> Write)
{
    /// <summary>The value as this formatter writes it; null where it declines.</summary>
    public string? Format(object value)
    {
        using var writer = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
        return Write(value, writer) ? writer.ToString() : null;
    }
}

/// <summary>Finds what was registered for a type: the most specific, then the newest, for each mime type.</summary>
/// <remarks>
/// The lookup is the kit's own: the Formatting library's ends the process by a stack overflow when it is asked for a
/// mime type that nobody registered.
/// </remarks>
internal static class RegisteredFormatters
{
    /// <summary>One formatter a mime type, in the order that the type prefers.</summary>
    public static IReadOnlyList<RegisteredFormatter> For(Type type)
    {
        FormatterSources.Refresh();
        var found = new Dictionary<string, RegisteredFormatter>(StringComparer.Ordinal);
        foreach (var formatter in Relevant(type))
            found.TryAdd(formatter.MimeType, Of(formatter));
        foreach (var formatter in FormatterSources.OfType(type))
            found.TryAdd(formatter.MimeType, formatter);
        if (found.Count == 0 || Preferred(type) is not { } preferred) return [.. found.Values];
        var chosen = preferred.Append(PlainTextFormatter.MimeType).Distinct().Where(found.ContainsKey).ToList();
        return [.. chosen.Select(mimeType => found[mimeType])];
    }

    /// <summary>The mime types that somebody chose for a type; null where nobody did.</summary>
    public static IReadOnlyCollection<string>? Preferred(Type type)
    {
        var preferred = Formatter.GetPreferredMimeTypesFor(type);
        return preferred.Count == 1 && preferred.First() == Formatter.DefaultMimeType ? null : preferred;
    }

    private static IEnumerable<ITypeFormatter> Relevant(Type type) =>
        Formatter.RegisteredFormatters(includeDefaults: false)
            .Select((formatter, age) => (formatter, age, distance: Distance(formatter.Type, type)))
            .Where(found => found.distance < int.MaxValue && !ToDisplayString.IsOurs(found.formatter))
            .OrderBy(found => found.distance).ThenBy(found => found.age)
            .Select(found => found.formatter);

    // 0 for the type itself, more the further away a base type is; interfaces come after classes, object is last.
    private static int Distance(Type registered, Type type)
    {
        if (registered == typeof(object)) return 1_000_000;
        var steps = 0;
        for (var at = type; at is not null; at = at.BaseType, steps++)
            if (at == registered || (at.IsGenericType && at.GetGenericTypeDefinition() == registered)) return steps;
        var interfaces = type.GetInterfaces();
        var index = Array.FindIndex(interfaces, candidate =>
            candidate == registered || (candidate.IsGenericType && candidate.GetGenericTypeDefinition() == registered));
        return index < 0 ? int.MaxValue : 1_000 + index;
    }

    private static RegisteredFormatter Of(ITypeFormatter formatter) => new(formatter.MimeType, (value, writer) =>
    {
        using var context = new FormatContext(writer);
        return formatter.Format(value, context);
    });
}
