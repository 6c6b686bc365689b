using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Engram.Notebooks;

/// <summary>Completion, documentation and completeness of C# cells, by Roslyn's own view of them.</summary>
/// <param name="compiler">The cells that ran.</param>
internal sealed class CSharpServices(CSharpCompiler compiler) : ILanguageServices
{
    private static readonly string[] Keywords =
        [.. SyntaxFacts.GetReservedKeywordKinds().Concat([SyntaxKind.VarKeyword, SyntaxKind.AwaitKeyword, SyntaxKind.AsyncKeyword, SyntaxKind.RecordKeyword])
            .Select(SyntaxFacts.GetText)];

    /// <inheritdoc/>
    public Completions Complete(string code, int position, CancellationToken cancellation)
    {
        var start = position;
        while (start > 0 && SyntaxFacts.IsIdentifierPartCharacter(code[start - 1])) start--;
        var typed = code[start..position];
        var model = compiler.Model(code, cancellation);
        if (IsInText(model, position)) return Completions.None(position);
        var found = CSharpCandidates.At(model, start, cancellation);
        var names = found.Symbols
            .Where(symbol => symbol.CanBeReferencedByName && symbol is not IMethodSymbol { MethodKind: MethodKind.Constructor })
            .GroupBy(symbol => symbol.Name)
            .Select(group => new CompletionChoice(group.Key, SymbolText.Kind(group.First())));
        if (found.TakesKeywords) names = names.Concat(Keywords.Select(word => new CompletionChoice(word, "keyword")));
        var choices = names
            .Where(choice => choice.Text.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .OrderBy(choice => !choice.Text.StartsWith(typed, StringComparison.Ordinal))
            .ThenBy(choice => choice.Text, StringComparer.OrdinalIgnoreCase)
            .DistinctBy(choice => choice.Text);
        return new(start, position, [.. choices]);
    }

    /// <inheritdoc/>
    public Inspection? Inspect(string code, int position, CancellationToken cancellation)
    {
        var model = compiler.Model(code, cancellation);
        var symbols = CSharpCandidates.Named(model, position, cancellation);
        if (symbols.Count == 0) return null;
        var documentation = symbols.Select(symbol => SymbolText.Documentation(symbol, model.Compilation)).FirstOrDefault(text => text.Length > 0);
        return new([.. symbols.Select(SymbolText.Signature).Distinct()], documentation ?? "");
    }

    /// <inheritdoc/>
    public CodeStatus Check(string code)
    {
        var tree = CSharpCompiler.Parse(code, "");
        if (!SyntaxFactory.IsCompleteSubmission(tree)) return new(Completeness.Incomplete, Indent(tree));
        Diagnostic[] errors = [.. tree.GetDiagnostics().Where(each => each.Severity == DiagnosticSeverity.Error)];
        if (errors.Length == 0) return CodeStatus.Complete;
        return errors.All(each => IsOpenText(each, tree)) ? new(Completeness.Incomplete) : CodeStatus.Invalid;
    }

    // To Roslyn a raw string that is not closed is complete; one that has begun in the line of its quotes must end there.
    private static bool IsOpenText(Diagnostic error, SyntaxTree tree) =>
        error.Id == "CS8997" && error.Location.SourceSpan.End == tree.Length
        && tree.GetRoot().GetLastToken() is var text
        && (text.IsKind(SyntaxKind.MultiLineRawStringLiteralToken) || text.Text.TrimEnd().All(sign => sign == '"'));

    private static bool IsInText(SemanticModel model, int position)
    {
        var root = model.SyntaxTree.GetRoot();
        var token = root.FindToken(Math.Max(0, position - 1), findInsideTrivia: true);
        return token.IsKind(SyntaxKind.StringLiteralToken) && token.SpanStart < position && position < token.Span.End
            || root.FindTrivia(Math.Max(0, position - 1)).Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia;
    }

    private static string Indent(SyntaxTree tree)
    {
        var depth = 0;
        foreach (var token in tree.GetRoot().DescendantTokens().Where(token => !token.IsMissing))
        {
            if (token.IsKind(SyntaxKind.OpenBraceToken) || token.IsKind(SyntaxKind.OpenParenToken) || token.IsKind(SyntaxKind.OpenBracketToken)) depth++;
            if (token.IsKind(SyntaxKind.CloseBraceToken) || token.IsKind(SyntaxKind.CloseParenToken) || token.IsKind(SyntaxKind.CloseBracketToken)) depth--;
        }

        return new(' ', 4 * Math.Max(0, depth));
    }
}
