using System.Text.RegularExpressions;

namespace Engram.Notebooks;

/// <summary>Types' names as C# code can say them.</summary>
internal static partial class CSharpTypeName
{
    /// <summary>The full name of a type.</summary>
    /// <param name="type">The type.</param>
    /// <returns>The name, or null where a cell cannot name the type.</returns>
    public static string? Of(Type type)
    {
        if (type.IsArray)
            return Of(type.GetElementType()!) is { } element ? $"{element}[{new string(',', type.GetArrayRank() - 1)}]" : null;
        if (type.IsByRef || type.IsPointer || type.IsByRefLike || !type.IsVisible || IsOfCells(type))
            return null;
        return type.IsGenericType ? Generic(type) : Plain(type);
    }

    private static string? Generic(Type type)
    {
        var arguments = type.GetGenericArguments().Select(Of).ToArray();
        if (arguments.Contains(null))
            return null;
        var (path, taken) = ("", 0);
        foreach (var part in Path(type))
        {
            var arity = Arity().Match(part) is { Success: true } match ? int.Parse(match.Groups[1].Value, null) : 0;
            path += "." + Arity().Replace(part, "");
            if (arity > 0)
                path += $"<{string.Join(", ", arguments.Skip(taken).Take(arity))}>";
            taken += arity;
        }

        return Identifiers().IsMatch(Arity().Replace(type.Name, "")) ? Root(type) + path[1..] : null;
    }

    private static string? Plain(Type type) =>
        Path(type).All(part => Identifiers().IsMatch(part)) ? Root(type) + string.Join('.', Path(type)) : null;

    private static string Root(Type type) => "global::" + (type.Namespace is { Length: > 0 } space ? space + "." : "");

    private static IEnumerable<string> Path(Type type) =>
        type.DeclaringType is { } outer ? Path(outer).Append(type.Name) : [type.Name];

    /// <summary>Cells' own types live in assemblies without a file, which other languages cannot reference.</summary>
    private static bool IsOfCells(Type type) => type.Assembly.Location.Length == 0;

    [GeneratedRegex(@"`(\d+)$")]
    private static partial Regex Arity();

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{N}_]*$")]
    private static partial Regex Identifiers();
}
