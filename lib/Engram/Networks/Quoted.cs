namespace Engram;

/// <summary>Names in messages.</summary>
internal static class Quoted
{
    /// <summary>'a', 'b' and 'c'.</summary>
    public static string List(IEnumerable<string> names)
    {
        string[] quoted = [.. names.Select(name => $"'{name}'")];
        return quoted.Length < 2
            ? quoted.FirstOrDefault("none")
            : $"{string.Join(", ", quoted[..^1])} and {quoted[^1]}";
    }
}
