using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Engram.Notebooks;

/// <summary>Whether a submission has a value: an expression without a semicolon at its end, or a <c>return</c>.</summary>
internal static class TrailingValue
{
    /// <summary>Whether a submission has a value.</summary>
    /// <param name="compilation">A compilation of one script tree without errors.</param>
    public static bool IsIn(CSharpCompilation compilation)
    {
        var tree = compilation.SyntaxTrees[0];
        var root = (CompilationUnitSyntax)tree.GetRoot();
        if (HasReturn(root))
            return true;
        var last = root.Members.OfType<GlobalStatementSyntax>().LastOrDefault();
        return last?.Statement is ExpressionStatementSyntax { SemicolonToken.IsMissing: true } statement
            && (!MayBeVoid(statement.Expression)
                || compilation.GetSemanticModel(tree).GetTypeInfo(statement.Expression).Type?.SpecialType != SpecialType.System_Void);
    }

    // To know the type of an expression the compiler looks at it once more.
    private static bool MayBeVoid(ExpressionSyntax expression) =>
        expression is not (LiteralExpressionSyntax or NameSyntax or BinaryExpressionSyntax or MemberAccessExpressionSyntax
            or ElementAccessExpressionSyntax or BaseObjectCreationExpressionSyntax or InterpolatedStringExpressionSyntax);

    private static bool HasReturn(CompilationUnitSyntax root) =>
        root.DescendantNodes(node => node is CompilationUnitSyntax or GlobalStatementSyntax or StatementSyntax and not LocalFunctionStatementSyntax)
            .Any(node => node is ReturnStatementSyntax { Expression: not null });
}
