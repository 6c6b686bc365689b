using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Engram.Notebooks;

/// <summary>A readable member of a type.</summary>
internal sealed record Member(string Name, Type Type, Func<object, object?> Get);

/// <summary>The members by which an object is shown.</summary>
internal static class Members
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<Member>> Known = new();

    /// <summary>Public properties without index and public fields, in the order of their declaration.</summary>
    public static IReadOnlyList<Member> Of(Type type) => Known.GetOrAdd(type, static key =>
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance;
        var properties = key.GetProperties(Public)
            .Where(property => property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0
                && IsShowable(property.PropertyType))
            .DistinctBy(property => property.Name)
            .Select(property => new Member(property.Name, property.PropertyType, property.GetValue));
        var fields = key.GetFields(Public)
            .Where(field => IsShowable(field.FieldType) && !field.IsDefined(typeof(CompilerGeneratedAttribute)) && !field.Name.EndsWith('@'))
            .Select(field => new Member(field.Name, field.FieldType, field.GetValue));
        return [.. properties, .. fields];
    });

    /// <summary>
    /// Whether a type's own text says more than its members: it has a <c>ToString</c> that somebody wrote.
    /// </summary>
    public static bool SpeaksForItself(Type type) =>
        !IsRecord(type) && !FSharpTypes.IsRecord(type) && WritesItself(type);

    /// <summary>Whether a table of members shows all of a value: a record, an anonymous type, a plain object.</summary>
    public static bool AreAllThereIs(Type type, object value) =>
        value is not (IEnumerable or ITuple or Delegate or Exception or System.Type or Task or System.Text.Json.Nodes.JsonNode)
        && !type.IsPrimitive && !type.IsEnum && !FSharpTypes.IsUnion(type)
        && !(value is IFormattable && !IsRecord(type)) && !SpeaksForItself(type)
        && RegisteredFormatters.For(type).Count == 0;

    private static bool IsShowable(Type type) => !type.IsByRef && !type.IsByRefLike && !type.IsPointer;

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null || IsRecordStruct(type);

    private static bool IsRecordStruct(Type type) =>
        type.IsValueType && type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null;

    private static bool WritesItself(Type type)
    {
        var declarer = type.GetMethod(nameof(ToString), Type.EmptyTypes)?.DeclaringType;
        return declarer != typeof(object) && declarer != typeof(ValueType)
            && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);
    }
}
