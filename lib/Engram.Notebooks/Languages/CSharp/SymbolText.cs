using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace Engram.Notebooks;

/// <summary>A symbol in words.</summary>
internal static class SymbolText
{
    private static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.MinimallyQualifiedFormat
        .WithMemberOptions(
            SymbolDisplayMemberOptions.IncludeContainingType | SymbolDisplayMemberOptions.IncludeParameters
            | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeConstantValue | SymbolDisplayMemberOptions.IncludeRef)
        .AddLocalOptions(SymbolDisplayLocalOptions.IncludeType)
        .WithKindOptions(SymbolDisplayKindOptions.IncludeTypeKeyword | SymbolDisplayKindOptions.IncludeNamespaceKeyword);

    /// <summary>Its declaration on one line.</summary>
    public static string Signature(ISymbol symbol) =>
        // A cell's variable is a field of a class that nobody wrote.
        symbol is IFieldSymbol { ContainingType.IsScriptClass: true } variable
            ? $"{variable.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)} {variable.Name}"
            : symbol.ContainingType is { IsScriptClass: true }
                ? symbol.ToDisplayString(Format.WithMemberOptions(Format.MemberOptions & ~SymbolDisplayMemberOptions.IncludeContainingType))
                : symbol.ToDisplayString(Format);

    /// <summary>Its kind in Jupyter's words.</summary>
    public static string Kind(ISymbol symbol) => symbol switch
    {
        IMethodSymbol => "function",
        IPropertySymbol => "property",
        IEventSymbol => "event",
        INamespaceSymbol => "module",
        ITypeSymbol { TypeKind: TypeKind.Interface } => "interface",
        ITypeSymbol { TypeKind: TypeKind.Enum } => "enum",
        ITypeSymbol { TypeKind: TypeKind.Struct } => "struct",
        ITypeSymbol => "class",
        IFieldSymbol { ContainingType.IsScriptClass: true } or ILocalSymbol or IParameterSymbol => "instance",
        _ => "field",
    };

    /// <summary>Its documentation as plain text; of a variable, its type's.</summary>
    public static string Documentation(ISymbol symbol, Compilation compilation) =>
        DocumentationText.Of(Element(symbol, compilation, depth: 4));

    private static XElement? Element(ISymbol symbol, Compilation compilation, int depth)
    {
        var definition = (symbol as IMethodSymbol)?.ReducedFrom ?? symbol.OriginalDefinition;
        var found = Written(definition) ?? FromFile(definition, compilation);
        var inherited = found?.Element("inheritdoc");
        if (depth == 0 || found is null || inherited is null) return found;
        var source = inherited.Attribute("cref")?.Value is { } id
            ? DocumentationCommentId.GetFirstSymbolForDeclarationId(id, compilation)
            : Overridden(definition);
        return source is null || Element(source, compilation, depth - 1) is not { } base_
            ? found
            // What is written here goes before what is inherited.
            : new XElement("member", found.Elements().Where(each => each.Name != "inheritdoc"),
                base_.Elements().Where(each => each.Name == "param" || each.Name == "exception" || found.Element(each.Name) is null));
    }

    private static XElement? Written(ISymbol symbol)
    {
        if (symbol.DeclaringSyntaxReferences.Length == 0 || symbol.GetDocumentationCommentXml() is not { Length: > 0 } xml) return null;
        try
        {
            return XElement.Parse(xml);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static XElement? FromFile(ISymbol symbol, Compilation compilation) =>
        symbol.GetDocumentationCommentId() is { } id && symbol.ContainingAssembly is { } assembly
        && compilation.GetMetadataReference(assembly)?.Display is { } path
            ? DocumentationFiles.Find(path, id)
            : null;

    private static ISymbol? Overridden(ISymbol symbol) => symbol switch
    {
        IMethodSymbol { OverriddenMethod: { } method } => method,
        IPropertySymbol { OverriddenProperty: { } property } => property,
        INamedTypeSymbol { BaseType: { } type } => type,
        _ => symbol.ContainingType?.AllInterfaces
            .SelectMany(face => face.GetMembers(symbol.Name))
            .FirstOrDefault(member => SymbolEqualityComparer.Default.Equals(symbol.ContainingType.FindImplementationForInterfaceMember(member), symbol)),
    };
}
