using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Engram.Notebooks;

/// <summary>Finds the variables that code which may run later speaks of: functions, lambdas, queries and types.</summary>
internal static class CapturedVariables
{
    /// <summary>The variables, by the class of their submission and their name.</summary>
    /// <param name="compilation">A submission.</param>
    public static IEnumerable<(string Submission, string Name)> Of(CSharpCompilation compilation)
    {
        var tree = compilation.SyntaxTrees[0];
        var later = tree.GetRoot().DescendantNodes().Where(RunsLater).ToList();
        if (later.Count == 0)
            yield break;
        var model = compilation.GetSemanticModel(tree);
        foreach (var name in later.SelectMany(node => node.DescendantNodes()).OfType<IdentifierNameSyntax>())
        {
            if (model.GetSymbolInfo(name).Symbol is IFieldSymbol { ContainingType.IsScriptClass: true } field)
                yield return (field.ContainingType.MetadataName, field.Name);
        }
    }

    // A reference can be kept and read later too.
    private static bool RunsLater(SyntaxNode node) =>
        node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax
            or BasePropertyDeclarationSyntax or BaseTypeDeclarationSyntax or QueryExpressionSyntax or RefExpressionSyntax;
}
