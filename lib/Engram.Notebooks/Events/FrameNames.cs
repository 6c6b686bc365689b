using System.Reflection;
using System.Text.RegularExpressions;

namespace Engram.Notebooks;

/// <summary>Names of a traceback's methods, as the user wrote them.</summary>
internal static partial class FrameNames
{
    /// <summary>Whether a method belongs to what runs cells, not to what the user called.</summary>
    /// <param name="method">The method.</param>
    public static bool IsMachinery(MethodBase method)
    {
        var space = method.DeclaringType?.Namespace ?? "";
        return space.StartsWith("System.Runtime", StringComparison.Ordinal)
            || space.StartsWith("System.Threading", StringComparison.Ordinal)
            || space.StartsWith("System.Reflection", StringComparison.Ordinal)
            || space.StartsWith("Engram.Notebooks", StringComparison.Ordinal)
            || space.StartsWith("FSharp.Compiler", StringComparison.Ordinal)
            || method.Name.StartsWith("InvokeStub_", StringComparison.Ordinal);
    }

    /// <summary>The method's name followed by " in ", or nothing for a cell's own top level.</summary>
    /// <param name="method">The method.</param>
    public static string Of(MethodBase method)
    {
        var type = method.DeclaringType;
        var name = method.Name;
        if (Generated().Match(type?.Name ?? "") is { Success: true } inner)
            (name, type) = (inner.Groups["name"].Value, type!.DeclaringType);
        else if (Generated().Match(name) is { Success: true } local)
            name = local.Groups["local"] is { Success: true, Value: var given } ? given : local.Groups["name"].Value;
        if (name is "<Initialize>" or "<Factory>" or "Initialize" || (name is ".cctor" or "main@" && IsOfScript(type)))
            return "";
        var owner = type is null || IsOfScript(type) ? "" : TypeNames.Of(type) + ".";
        return $"{owner}{name} in ";
    }

    /// <summary>Whether a type was defined in a cell.</summary>
    /// <param name="type">The type.</param>
    public static bool IsOfCell(Type type) =>
        type.DeclaringType is { } outer && (IsOfScript(outer) || IsOfCell(outer));

    private static bool IsOfScript(Type? type) =>
        type is not null && (type.Name.StartsWith("Submission#", StringComparison.Ordinal)
            || type.Name.StartsWith("FSI_", StringComparison.Ordinal)
            || type.FullName!.Contains("StartupCode$FSI", StringComparison.Ordinal)
            || (type.Name.StartsWith("<>c", StringComparison.Ordinal) && IsOfScript(type.DeclaringType)));

    // <Main>d__0, <Main>b__0_1 (a lambda) and <Main>g__Local|0_1 (a local function).
    [GeneratedRegex(@"^<<?(?<name>[^>]*)>>?(d__\d+|b__[\d_]+|g__(?<local>[^|]+)\|.*)")]
    private static partial Regex Generated();
}
