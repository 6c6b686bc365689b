namespace Engram.Notebooks;

/// <summary>Types as a reader writes them.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(char)] = "char",
        [typeof(decimal)] = "decimal",
        [typeof(double)] = "double",
        [typeof(float)] = "float",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(void)] = "void",
    };

    // What a framework's hidden types are for.
    private static readonly Type[] Faces =
        [typeof(IDictionary<,>), typeof(IReadOnlyDictionary<,>), typeof(ILookup<,>), typeof(IGrouping<,>)];

    /// <summary>A type's name within that of another; an anonymous type is <c>{ … }</c>.</summary>
    public static string OfPart(Type type) => Of(type) is { Length: > 0 } name ? name : "{ … }";

    /// <summary>The name of a value's type; where that is hidden, of the interface under which the value is known.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="declared">The type under which it is known; null for its own.</param>
    public static string Of(Type type, Type? declared) =>
        declared is { IsInterface: true, IsGenericType: true } && Faces.Contains(declared.GetGenericTypeDefinition()) && FaceOf(type) is not null
            ? Of(declared)
            : Of(type);

    /// <summary>A type's name, such as <c>Dictionary&lt;string, int[]&gt;</c>; empty for an anonymous type.</summary>
    public static string Of(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        if (type.IsArray) return $"{OfPart(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Of(underlying) + "?";
        if (type.Name.StartsWith("<>f__AnonymousType", StringComparison.Ordinal)) return "";
        if (FSharpTypes.FunctionOf(type) is var (argument, result)) return $"{Argument(argument)} -> {OfPart(result)}";
        var name = type.Name;
        if (!type.IsGenericType) return name;
        if (FaceOf(type) is { } face) return Of(face);
        var arguments = string.Join(", ", type.GetGenericArguments().Select(OfPart));
        var tick = name.IndexOf('`');
        name = tick < 0 ? name : name[..tick];
        return type.Namespace == "System" && name is "ValueTuple" or "Tuple" ? $"({arguments})"
            : type.FullName?.StartsWith("Microsoft.FSharp.", StringComparison.Ordinal) == true
                && name.StartsWith("FSharp", StringComparison.Ordinal) ? $"{name["FSharp".Length..].ToLowerInvariant()}<{arguments}>"
            : $"{name}<{arguments}>";
    }

    // F#'s dict and readOnlyDict, and what LINQ groups by, are of types that no reader can name.
    private static Type? FaceOf(Type type)
    {
        if (!type.IsGenericType || type.GetGenericTypeDefinition().IsVisible || !IsOfFramework(type)) return null;
        var interfaces = type.GetInterfaces().Where(each => each.IsGenericType).ToList();
        var face = Faces.Select(wanted => interfaces.Find(each => each.GetGenericTypeDefinition() == wanted))
            .FirstOrDefault(found => found is not null) ?? interfaces.Find(IsOfGroups);
        return face is not null && type.BaseType is { IsGenericType: true } parent && parent.GetGenericTypeDefinition().IsVisible
            ? parent
            : face;
    }

    private static bool IsOfFramework(Type type) =>
        type.Namespace is { } space
        && (space.StartsWith("System", StringComparison.Ordinal) || space.StartsWith("Microsoft.FSharp", StringComparison.Ordinal));

    private static bool IsOfGroups(Type type) =>
        type.GetGenericTypeDefinition() == typeof(IEnumerable<>) && type.GenericTypeArguments[0] is { IsGenericType: true } item
        && item.GetGenericTypeDefinition() == typeof(IGrouping<,>);

    private static string Argument(Type type) => FSharpTypes.IsFunction(type) ? $"({Of(type)})" : OfPart(type);
}
