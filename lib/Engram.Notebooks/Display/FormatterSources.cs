using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.DotNet.Interactive.Formatting;

namespace Engram.Notebooks;

/// <summary>
/// Formatters that a library brings without referencing anything of a notebook: by an attribute named
/// <c>TypeFormatterSourceAttribute</c>, declared anywhere, whose argument is a class with a method
/// <c>CreateTypeFormatters()</c>.
/// </summary>
/// <remarks>
/// On a type it gives the formatters of that type, as in .NET Interactive: objects with a <c>MimeType</c> and a
/// <c>Format(object, TextWriter)</c> that answers whether it wrote. On an assembly it gives formatters of types that
/// are not the library's own: those objects also have a <c>Type</c>. They are registered when the assembly is loaded.
/// </remarks>
public static class FormatterSources
{
    private const string AttributeName = "TypeFormatterSourceAttribute";
    private const BindingFlags AnyInstance = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

    private static readonly ConcurrentQueue<Assembly> Unread = new();
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<RegisteredFormatter>> Known = new();

    static FormatterSources()
    {
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => Unread.Enqueue(loaded.LoadedAssembly);
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
            Unread.Enqueue(assembly);
    }

    /// <summary>Registers what the assemblies loaded since the last call bring.</summary>
    public static void Refresh()
    {
        while (Unread.TryDequeue(out var assembly))
        {
            if (assembly.IsDynamic || IsPlatform(assembly)) continue;
            foreach (var source in Sources(assembly.GetCustomAttributesData()))
                foreach (var formatter in Create(source))
                    Register(formatter);
        }
    }

    /// <summary>The formatters that a type's own attribute names, in their order.</summary>
    internal static IReadOnlyList<RegisteredFormatter> OfType(Type type) => Known.GetOrAdd(type, static key =>
    {
        for (var at = key; at is not null && at != typeof(object); at = at.BaseType)
        {
            var sources = Sources(at.GetCustomAttributesData()).ToList();
            if (sources.Count > 0) return [.. sources.SelectMany(Create).Select(Wrap)];
        }

        return [];
    });

    private static bool IsPlatform(Assembly assembly) =>
        assembly.GetName().Name is { } name
        && (name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal));

    private static IEnumerable<Type> Sources(IEnumerable<CustomAttributeData> attributes) =>
        from attribute in attributes
        where attribute.AttributeType.Name == AttributeName
        from argument in attribute.ConstructorArguments.Take(1)
        where argument.Value is Type
        select (Type)argument.Value!;

    private static IEnumerable<object> Create(Type source)
    {
        // As in .NET Interactive: an F# class may have no constructor at all.
        var instance = source.GetConstructor(AnyInstance, Type.EmptyTypes) is { } constructor
            ? constructor.Invoke(null)
            : System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(source);
        var create = source.GetMethod("CreateTypeFormatters", AnyInstance)
            ?? throw new MissingMethodException(source.FullName, "CreateTypeFormatters");
        return create.Invoke(instance, null) is System.Collections.IEnumerable formatters ? formatters.Cast<object>() : [];
    }

    private static void Register(object formatter)
    {
        if (formatter is ITypeFormatter known)
        {
            Formatter.Register(known);
            return;
        }

        var wrapped = Wrap(formatter);
        var type = Get<Type>(formatter, "Type");
        Formatter.Register(type, (value, context) => wrapped.Write(value, context.Writer), wrapped.MimeType);
    }

    private static RegisteredFormatter Wrap(object formatter)
    {
        if (formatter is ITypeFormatter known)
        {
            return new RegisteredFormatter(known.MimeType, (value, writer) =>
            {
                using var context = new FormatContext(writer);
                return known.Format(value, context);
            });
        }

        var format = formatter.GetType().GetMethod("Format", [typeof(object), typeof(TextWriter)])
            ?? throw new MissingMethodException(formatter.GetType().FullName, "Format(object, TextWriter)");
        var write = format.CreateDelegate<Func<object, TextWriter, bool>>(formatter);
        return new RegisteredFormatter(Get<string>(formatter, "MimeType"), write);
    }

    private static T Get<T>(object formatter, string property) =>
        formatter.GetType().GetProperty(property)?.GetValue(formatter) is T value
            ? value
            : throw new MissingMemberException(formatter.GetType().FullName, property);
}
