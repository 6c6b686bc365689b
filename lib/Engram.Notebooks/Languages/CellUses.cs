using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Engram.Notebooks;

/// <summary>
/// What a compiled F# cell keeps, and which kept values its code speaks of. F# Interactive makes a class of each cell,
/// <c>FSI_0002</c>, with a static field and a property for each value, and lets the cell run in one method, the start.
/// </summary>
/// <param name="Names">The names that it gives to values and functions.</param>
/// <param name="Kept">The values that it keeps.</param>
/// <param name="Read">
/// The <see cref="KeptValue.Place"/> of what its code names that may run after the start: functions, closures, members.
/// </param>
/// <param name="ReadsUnseen">Whether it may read values that are not listed, as code does that is data: a quotation.</param>
public sealed record CellUses(
    IReadOnlyList<string> Names, IReadOnlyList<KeptValue> Kept, IReadOnlySet<string> Read, bool ReadsUnseen)
{
    private const string Cell = "FSI_";
    private const string Start = "main@";

    private static readonly string[] CodeAsData =
        ["Microsoft.FSharp.Quotations.FSharpExpr", "Microsoft.FSharp.Quotations.FSharpExpr`1", "Microsoft.FSharp.Core.ReflectedDefinitionAttribute"];

    /// <summary>Reads a compiled cell.</summary>
    /// <param name="code">Its assembly.</param>
    public static CellUses Of(byte[] code)
    {
        using var module = ModuleDefinition.ReadModule(new MemoryStream(code), new ReaderParameters { AssemblyResolver = LoadedAssemblies.Instance });
        var read = module.GetTypes()
            .SelectMany(type => type.Methods)
            .Where(method => method.HasBody && method.Name != Start && FieldOfAccessor(method) is null)
            .SelectMany(method => method.Body.Instructions)
            .Select(instruction => Place(instruction.Operand as MemberReference))
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        // Where names differ from those in the code, nothing is known of what hides what.
        var cell = module.HasTypeReference("Microsoft.FSharp.Core.CompiledNameAttribute") ? null : ClassOf(module);
        return new([.. NamesOf(cell)], [.. ValuesOf(cell)], read, CodeAsData.Any(module.HasTypeReference));
    }

    private static TypeDefinition? ClassOf(ModuleDefinition module) =>
        module.Types.FirstOrDefault(type => type.Name.StartsWith(Cell, StringComparison.Ordinal));

    private static IEnumerable<string> NamesOf(TypeDefinition? cell) => cell is null
        ? []
        : cell.Properties.Select(property => property.Name)
            .Concat(cell.Methods.Where(method => !method.IsSpecialName).Select(method => method.Name));

    private static IEnumerable<KeptValue> ValuesOf(TypeDefinition? cell) => cell is null
        ? []
        : from property in cell.Properties
          where property.GetMethod is { HasBody: true }
          let field = FieldOfAccessor(property.GetMethod)
          where field is { FieldType.IsPrimitive: false }
          select new KeptValue(property.Name, cell.Name, field.Name);

    // get_x: ldsfld; ret. set_x: ldarg.0; stsfld; ret.
    private static FieldReference? FieldOfAccessor(MethodDefinition method)
    {
        if (!method.IsStatic || !method.IsSpecialName)
            return null;
        var code = method.Body.Instructions;
        return (code.Count, code[0].OpCode.Code, code[^1].OpCode.Code) switch
        {
            (2, Code.Ldsfld, Code.Ret) => (FieldReference)code[0].Operand,
            (3, Code.Ldarg_0, Code.Ret) when code[1].OpCode.Code == Code.Stsfld => (FieldReference)code[1].Operand,
            _ => null,
        };
    }

    private static string? Place(MemberReference? member)
    {
        if (member?.DeclaringType is not { IsNested: false } type || !type.Name.StartsWith(Cell, StringComparison.Ordinal))
            return null;
        return member switch
        {
            FieldReference => KeptValue.At(type.Name, member.Name.EndsWith('@') ? member.Name[..^1] : member.Name),
            MethodReference when member.Name.Length > 4 && member.Name[3] == '_' => KeptValue.At(type.Name, member.Name[4..]),
            _ => null,
        };
    }
}

/// <summary>A value at the top of an F# cell.</summary>
/// <param name="Name">Its name; one with an @ is the compiler's own, and no later cell can say it.</param>
/// <param name="Owner">The cell's class.</param>
/// <param name="Field">The static field that keeps it.</param>
public sealed record KeptValue(string Name, string Owner, string Field)
{
    /// <summary>What code that reads it names.</summary>
    public string Place { get; } = At(Owner, Name);

    /// <summary>Whether the compiler needed it, as it needs the tuple that a pattern takes apart.</summary>
    public bool IsOfCompiler => Name.Contains('@', StringComparison.Ordinal);

    internal static string At(string owner, string name) => $"{owner}.{name}";
}
