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

    /// <summary>A type's name, such as <c>Dictionary&lt;string, int[]&gt;</c>.</summary>
    public static string Of(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        if (type.IsArray) return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Of(underlying) + "?";
        if (type.Name.StartsWith("<>f__AnonymousType", StringComparison.Ordinal)) return "";
        var name = type.Name;
        if (!type.IsGenericType) return name;
        var arguments = string.Join(", ", type.GetGenericArguments().Select(Of));
        var tick = name.IndexOf('`');
        name = tick < 0 ? name : name[..tick];
        return type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true ? $"({arguments})"
            : type.FullName?.StartsWith("Microsoft.FSharp.", StringComparison.Ordinal) == true
                && name.StartsWith("FSharp", StringComparison.Ordinal) ? $"{name["FSharp".Length..].ToLowerInvariant()}<{arguments}>"
            : $"{name}<{arguments}>";
    }
}
