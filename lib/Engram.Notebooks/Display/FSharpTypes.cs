using System.Collections.Concurrent;
using System.Reflection;

namespace Engram.Notebooks;

/// <summary>
/// F#'s unions and records, by what its compiler writes into their metadata; FSharp.Core itself is not needed.
/// </summary>
/// <remarks>Source: F# language specification, compiled form of unions; <c>CompilationMappingAttribute</c>.</remarks>
internal static class FSharpTypes
{
    private const int Sum = 1, Record = 2, Field = 4, Case = 8, KindMask = 31;

    private static readonly ConcurrentDictionary<Type, bool> Unions = new(), Records = new();
    private static readonly ConcurrentDictionary<(Type, int), (string, PropertyInfo[])> Cases = new();

    /// <summary>Whether a type is an F# union, or one of its cases.</summary>
    public static bool IsUnion(Type type) => Unions.GetOrAdd(type, static key => UnionOf(key) is not null);

    /// <summary>Whether a type is an F# record.</summary>
    public static bool IsRecord(Type type) => Records.GetOrAdd(type, static key => Mapping(key)?.Kind == Record);

    /// <summary>Whether a type is that of an F# function.</summary>
    public static bool IsFunction(Type type) => FunctionOf(type) is not null;

    /// <summary>Argument and result of an F# function; null for any other type.</summary>
    public static (Type Argument, Type Result)? FunctionOf(Type type)
    {
        for (var at = type; at is not null; at = at.BaseType)
            if (at is { IsGenericType: true, FullName: { } name } && name.StartsWith("Microsoft.FSharp.Core.FSharpFunc`2", StringComparison.Ordinal))
                return (at.GenericTypeArguments[0], at.GenericTypeArguments[1]);
        return null;
    }

    /// <summary>The case of a union's value and the properties that read its fields, in order.</summary>
    public static (string Name, PropertyInfo[] Fields) CaseOf(object value)
    {
        var type = value.GetType();
        var union = UnionOf(type) ?? type;
        var tag = TagOf(union, value);
        return Cases.GetOrAdd((type, tag), static key => (CaseName(key.Item1, key.Item2), Fields(key.Item1, key.Item2)));
    }

    /// <summary>How null reads where a type is known: <c>None</c> of an option, <c>()</c> of unit.</summary>
    public static string NullText(Type declared) => declared switch
    {
        { IsGenericType: true } when declared.GetGenericTypeDefinition().FullName == "Microsoft.FSharp.Core.FSharpOption`1" => "None",
        { FullName: "Microsoft.FSharp.Core.Unit" } => "()",
        _ => "null",
    };

    // A union with null among its cases has a static method in place of the property; one with a single case may have none.
    private static int TagOf(Type union, object value) =>
        (union.GetProperty("Tag", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)?.GetValue(value)
            ?? union.GetMethod("GetTag", BindingFlags.Public | BindingFlags.Static)?.Invoke(null, [value])) as int? ?? 0;

    private static Type? UnionOf(Type type)
    {
        for (var at = type; at is not null && at != typeof(object); at = at.BaseType)
            if (Mapping(at)?.Kind == Sum) return at;
        return null;
    }

    // A case is made by a static method New…, or read from a static property where it carries nothing.
    private static string CaseName(Type type, int tag)
    {
        const BindingFlags Static = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static;
        var union = UnionOf(type)!;
        var maker = union.GetMembers(Static).FirstOrDefault(member =>
            member is MethodInfo or PropertyInfo && Mapping(member) is { Kind: Case } found && found.Sequence == tag);
        var name = maker?.Name ?? type.Name;
        return name.StartsWith("New", StringComparison.Ordinal) ? name[3..]
            : name.StartsWith("get_", StringComparison.Ordinal) ? name[4..]
            : name;
    }

    private static PropertyInfo[] Fields(Type type, int tag) =>
        [.. from property in type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            let mapping = Mapping(property)
            where mapping is { Kind: Field } && mapping.Value.Variant == tag
            orderby mapping.Value.Sequence
            select property];

    private static (int Kind, int Variant, int Sequence)? Mapping(MemberInfo member)
    {
        var data = member.GetCustomAttributesData().FirstOrDefault(attribute =>
            attribute.AttributeType.FullName == "Microsoft.FSharp.Core.CompilationMappingAttribute");
        if (data is null || data.ConstructorArguments is not [{ Value: int flags }, ..]) return null;
        var numbers = data.ConstructorArguments.Skip(1).Select(number => number.Value as int? ?? 0).ToList();
        return (flags & KindMask, numbers.Count > 1 ? numbers[0] : 0, numbers.Count > 0 ? numbers[^1] : 0);
    }
}
