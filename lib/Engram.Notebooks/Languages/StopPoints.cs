using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Engram.Notebooks;

/// <summary>
/// Puts calls into compiled code: of <see cref="CellStop"/> before each branch back, and of <see cref="CellDepth"/> at the start
/// of what may be called without end (lambdas, closures, iterators, methods and constructors that call what is of their own assembly, and
/// overrides and implementations that call anything, for others call them by a name that is not of it).
/// </summary>
internal static class StopPoints
{
    private static readonly string Own = typeof(CellStop).Assembly.GetName().Name!;

    /// <summary>C#'s name for the method of a submission's own statements, which run once.</summary>
    private const string Statements = "<Initialize>";

    /// <summary>Rewrites an assembly.</summary>
    /// <param name="code">The assembly.</param>
    /// <param name="symbols">Its portable symbols, if there are any.</param>
    /// <returns>Both, as given where there is no place to stop.</returns>
    public static (byte[] Code, byte[]? Symbols) Add(byte[] code, byte[]? symbols)
    {
        try
        {
            return Rewrite(code, symbols);
        }
        catch (AssemblyResolutionException)
        {
            // It refers to an enum of an assembly that cannot be found. It runs all the same, without places to stop.
            return (code, symbols);
        }
    }

    private static (byte[] Code, byte[]? Symbols) Rewrite(byte[] code, byte[]? symbols)
    {
        using var module = Read(code, symbols);
        LoadedAssemblies.Instance.Keep(module.Assembly.Name.Name, code);
        TypeReference stop = Ours(module, nameof(CellStop)), depth = Ours(module, nameof(CellDepth));
        MethodReference check = Call(module, stop, nameof(CellStop.Check));
        MethodReference enter = Call(module, depth, nameof(CellDepth.Enter)), step = Call(module, depth, nameof(CellDepth.EnterStep));
        var added = false;
        foreach (var method in module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody))
        {
            added |= Add(method, check, IsStep(method) ? step : enter);
            added |= KeepRunning(method, stop);
        }

        return added ? Write(module, symbols is not null) : (code, symbols);
    }

    private static ModuleDefinition Read(byte[] code, byte[]? symbols)
    {
        var parameters = new ReaderParameters { AssemblyResolver = LoadedAssemblies.Instance };
        if (symbols is not null)
        {
            parameters.ReadSymbols = true;
            parameters.SymbolReaderProvider = new PortablePdbReaderProvider();
            parameters.SymbolStream = new MemoryStream(symbols);
        }

        return ModuleDefinition.ReadModule(new MemoryStream(code), parameters);
    }

    private static (byte[] Code, byte[]? Symbols) Write(ModuleDefinition module, bool hasSymbols)
    {
        using var code = new MemoryStream();
        using var symbols = new MemoryStream();
        // F# writes the version of .NET here; read by its first digit, it would mean the metadata of .NET 1.1.
        module.Runtime = TargetRuntime.Net_4_0;
        var parameters = new WriterParameters();
        if (hasSymbols)
        {
            parameters.WriteSymbols = true;
            parameters.SymbolWriterProvider = new PortablePdbWriterProvider();
            parameters.SymbolStream = symbols;
        }

        module.Write(code, parameters);
        return (code.ToArray(), hasSymbols ? symbols.ToArray() : null);
    }

    private static TypeReference Ours(ModuleDefinition module, string type)
    {
        var scope = module.AssemblyReferences.FirstOrDefault(reference => reference.Name == Own);
        if (scope is null)
        {
            scope = new AssemblyNameReference(Own, typeof(CellStop).Assembly.GetName().Version);
            module.AssemblyReferences.Add(scope);
        }

        return new TypeReference(typeof(CellStop).Namespace, type, module, scope);
    }

    private static MethodReference Call(ModuleDefinition module, TypeReference type, string name) =>
        new(name, module.TypeSystem.Void, type);

    private static bool Add(MethodDefinition method, MethodReference check, MethodReference enter)
    {
        var body = method.Body;
        Instruction[] back = [.. body.Instructions.Where(GoesBack)];
        var begins = MayRecur(method);
        if (back.Length == 0 && !begins)
            return false;
        body.SimplifyMacros();
        var processor = body.GetILProcessor();
        foreach (var branch in back)
            Precede(processor, branch, check);
        if (begins)
            processor.InsertBefore(body.Instructions[0], Instruction.Create(OpCodes.Call, enter));
        body.OptimizeMacros();
        return true;
    }

    // What would end the process ends the cell.
    private static bool KeepRunning(MethodDefinition method, TypeReference stop)
    {
        var ends = false;
        foreach (var instruction in method.Body.Instructions)
        {
            if (instruction.Operand is not MethodReference { Name: "Exit" } called)
                continue;
            var name = called.DeclaringType.FullName;
            if (name == "System.Environment")
                instruction.Operand = new MethodReference(nameof(CellStop.Exit), called.ReturnType, stop) { Parameters = { new(method.Module.TypeSystem.Int32) } };
            else if (name == "Microsoft.FSharp.Core.Operators" && called is GenericInstanceMethod { GenericArguments: [var result] })
                instruction.Operand = ExitWith(result, stop, method.Module);
            else
                continue;
            ends = true;
        }

        return ends;
    }

    private static GenericInstanceMethod ExitWith(TypeReference result, TypeReference stop, ModuleDefinition module)
    {
        var open = new MethodReference(nameof(CellStop.ExitWith), module.TypeSystem.Void, stop) { Parameters = { new(module.TypeSystem.Int32) } };
        open.GenericParameters.Add(new GenericParameter(open));
        open.ReturnType = open.GenericParameters[0];
        return new GenericInstanceMethod(open) { GenericArguments = { result } };
    }

    private static bool GoesBack(Instruction instruction) => instruction.Operand switch
    {
        Instruction target => target.Offset <= instruction.Offset,
        Instruction[] targets => targets.Any(target => target.Offset <= instruction.Offset),
        _ => false,
    };

    // The branch itself becomes the call, so that what jumps to it passes there too.
    private static void Precede(ILProcessor processor, Instruction branch, MethodReference check)
    {
        var moved = branch.Operand is Instruction target
            ? Instruction.Create(branch.OpCode, target)
            : Instruction.Create(branch.OpCode, (Instruction[])branch.Operand);
        processor.InsertAfter(branch, moved);
        (branch.OpCode, branch.Operand) = (OpCodes.Call, check);
    }

    private static bool MayRecur(MethodDefinition method)
    {
        if (IsCell(method.DeclaringType))
            return false;
        if (method.IsConstructor)
            return !method.IsStatic && CallsOwn(method);
        return IsLambda(method) || (method.IsVirtual ? Calls(method).Any() : CallsOwn(method));
    }

    private static bool CallsOwn(MethodDefinition method) => Calls(method).Any(called => called.DeclaringType.Scope == method.Module);

    // But for constructors of what it is itself, or which it is based on.
    private static IEnumerable<MethodReference> Calls(MethodDefinition method) =>
        from each in method.Body.Instructions
        let called = each.Operand as MethodReference
        where called is not null && called.Name != Statements && (called.Name != ".ctor" || (method.IsConstructor && each.OpCode == OpCodes.Newobj))
        select called;

    private static bool IsLambda(MethodDefinition method) =>
        method.IsVirtual
            ? method.Name is "Invoke" or "MoveNext" or "GenerateNext" or "Specialize"
            : method.Name.Contains(">b__", StringComparison.Ordinal); // C#'s name for a lambda's method.

    private static bool IsStep(MethodDefinition method) =>
        method.Name == "MoveNext" && method.DeclaringType.Interfaces.Any(each => each.InterfaceType.Name == "IAsyncStateMachine");

    // The state of a submission's own statements.
    private static bool IsCell(TypeDefinition type) => type.Name.StartsWith($"<{Statements}>", StringComparison.Ordinal);
}
