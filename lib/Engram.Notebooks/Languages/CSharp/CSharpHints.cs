using System.Text.RegularExpressions;

namespace Engram.Notebooks;

/// <summary>What to write in a cell where C# of a program is refused, and the compiler's words do not say so.</summary>
internal static partial class CSharpHints
{
    private static readonly (string[] Codes, string Hint)[] Known =
    [
        (["CS1109", "CS9283"],
            "In a cell, an extension method stands by itself, without a class: static int Twice(this int n) => 2 * n;"),
        (["CS7021"], "A cell declares no namespaces; its types need none."),
        (["CS8345", "CS8346"],
            "A variable of a cell lives on after it, and a span cannot. Within { braces }, or in a function, it is a local one."),
    ];

    /// <summary>The hints for a cell that does not compile; none where the compiler says it all.</summary>
    /// <param name="problems">What the compiler says.</param>
    /// <param name="code">The cell's code.</param>
    public static IEnumerable<string> For(IReadOnlyList<CompilerProblem> problems, string code)
    {
        foreach (var (codes, hint) in Known)
        {
            if (problems.Any(problem => codes.Contains(problem.Code)))
                yield return hint;
        }

        if (UsingDeclaration().IsMatch(code))
        {
            yield return "At the top level of a cell, 'using' opens a namespace. For a variable that is disposed, write "
                + "using (var x = …) { … }, or put both into { braces }.";
        }
    }

    [GeneratedRegex(@"^(await\s+)?using\s+[\w.<>,?\[\]]+\s+\w+\s*=", RegexOptions.Multiline)]
    private static partial Regex UsingDeclaration();
}
