using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Engram.Notebooks;

/// <summary>The symbols that may stand, or do stand, at a place of a C# cell.</summary>
internal static class CSharpCandidates
{
    /// <summary>What may begin at a position.</summary>
    /// <returns>The symbols, and whether a keyword may stand there too.</returns>
    public static (IEnumerable<ISymbol> Symbols, bool TakesKeywords) At(SemanticModel model, int position, CancellationToken cancellation)
    {
        var left = position == 0 ? default : model.SyntaxTree.GetRoot(cancellation).FindToken(position - 1);
        if (left.Span.End > position) left = left.GetPreviousToken();
        while (left.RawKind != 0 && left.IsMissing) left = left.GetPreviousToken();
        return (left.Kind(), left.Parent) switch
        {
            (SyntaxKind.DotToken, MemberAccessExpressionSyntax access) => (Members(model, position, access.Expression, cancellation), false),
            (SyntaxKind.DotToken, QualifiedNameSyntax name) => (Members(model, position, name.Left, cancellation), false),
            (SyntaxKind.DotToken, MemberBindingExpressionSyntax { Parent: var parent }) when Conditional(parent) is { } conditional =>
                (Members(model, position, conditional.Expression, cancellation), false),
            (_, UsingDirectiveSyntax) => (model.LookupNamespacesAndTypes(position), true),
            (SyntaxKind.OpenBraceToken or SyntaxKind.CommaToken, InitializerExpressionSyntax { Parent: BaseObjectCreationExpressionSyntax creation })
                when model.GetTypeInfo(creation, cancellation).Type is { } created => (Settable(model, position, created), false),
            _ => (model.LookupSymbols(position), true),
        };
    }

    /// <summary>What the name at a position stands for, all overloads included; else the call around it.</summary>
    public static IReadOnlyList<ISymbol> Named(SemanticModel model, int position, CancellationToken cancellation)
    {
        var root = model.SyntaxTree.GetRoot(cancellation);
        foreach (var place in new[] { position, position - 1 }.Where(place => place >= 0))
        {
            var token = root.FindToken(place);
            if (token.IsKind(SyntaxKind.IdentifierToken) && token.FullSpan.Contains(place) && token.Span.End >= place
                && Meaning(model, token.Parent!, cancellation) is { Count: > 0 } found)
                return found;
        }

        for (var node = root.FindToken(Math.Max(0, position - 1)).Parent; node is not null; node = node.Parent)
        {
            if (node is not ArgumentListSyntax { Parent: { } call }) continue;
            var target = call is InvocationExpressionSyntax invocation ? invocation.Expression : call;
            if (Meaning(model, target, cancellation) is { Count: > 0 } found) return found;
        }

        return [];
    }

    private static IEnumerable<ISymbol> Members(SemanticModel model, int position, ExpressionSyntax owner, CancellationToken cancellation)
    {
        var symbol = model.GetSymbolInfo(owner, cancellation).Symbol;
        if (symbol is IAliasSymbol alias) symbol = alias.Target;
        if (symbol is INamespaceSymbol space) return model.LookupSymbols(position, space);
        if (symbol is ITypeSymbol type)
            return model.LookupSymbols(position, type).Where(each => each.IsStatic || each is ITypeSymbol);
        return model.GetTypeInfo(owner, cancellation).Type is { } value
            ? model.LookupSymbols(position, value, includeReducedExtensionMethods: true).Where(each => !each.IsStatic && each is not ITypeSymbol)
            : [];
    }

    private static IEnumerable<ISymbol> Settable(SemanticModel model, int position, ITypeSymbol type) =>
        model.LookupSymbols(position, type).Where(each => !each.IsStatic && each is IPropertySymbol { SetMethod: not null } or IFieldSymbol);

    private static ConditionalAccessExpressionSyntax? Conditional(SyntaxNode? node) =>
        node?.AncestorsAndSelf().OfType<ConditionalAccessExpressionSyntax>().FirstOrDefault();

    private static IReadOnlyList<ISymbol> Meaning(SemanticModel model, SyntaxNode node, CancellationToken cancellation)
    {
        if (node is GenericNameSyntax or IdentifierNameSyntax && node.Parent is MemberAccessExpressionSyntax access && access.Name == node) node = access;
        var group = model.GetMemberGroup(node, cancellation);
        if (group.Length > 0) return group;
        var info = model.GetSymbolInfo(node, cancellation);
        if (info.Symbol is { } symbol) return [symbol];
        if (info.CandidateSymbols.Length > 0) return info.CandidateSymbols;
        return model.GetDeclaredSymbol(node, cancellation) is { } declared ? [declared] : [];
    }
}
