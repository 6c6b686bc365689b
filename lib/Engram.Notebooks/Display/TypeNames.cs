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

    /// <summary>A type's name within that of another; an anonymous type is <c>{ … }</c>.</summary>
    public static string OfPart(Type type) => Of(type) is { Length: > 0 } name ? name : "{ … }";

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
        var arguments = string.Join(", ", type.GetGenericArguments().Select(OfPart));
        var tick = name.IndexOf('`');
        name = tick < 0 ? name : name[..tick];
        return type.Namespace == "System" && name is "ValueTuple" or "Tuple" ? $"({arguments})"
            : type.FullName?.StartsWith("Microsoft.FSharp.", StringComparison.Ordinal) == true
                && name.StartsWith("FSharp", StringComparison.Ordinal) ? $"{name["FSharp".Length..].ToLowerInvariant()}<{arguments}>"
            : $"{name}<{arguments}>";
    }

    private static string Argument(Type type) => FSharpTypes.IsFunction(type) ? $"({Of(type)})" : OfPart(type);
}
