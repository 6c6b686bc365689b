using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Mono.Cecil;
using Mono.Cecil.Cil;

/// <summary>Writes the F# compiler service with the few instructions changed that a notebook wants otherwise.</summary>
public class OwnCompiler : Task
{
    private ModuleDefinition module;
    private TypeReference cellCode;

    [Required]
    public string From { get; set; }

    [Required]
    public string To { get; set; }

    public override bool Execute()
    {
        using (module = ModuleDefinition.ReadModule(From))
        {
            var engine = new AssemblyNameReference("Engram.Notebooks", new Version(0, 0, 0, 0));
            module.AssemblyReferences.Add(engine);
            cellCode = new TypeReference("Engram.Notebooks", "CellCode", module, engine);
            HandCellsOver();
            SpareEachCell();
            SpareLateCells();
            CallPlainly();
            if (!Log.HasLoggedErrors)
                module.Write(To);
        }

        return !Log.HasLoggedErrors;
    }

    // What a cell compiles to goes to the engine, which adds the places to stop. Its symbols need no file besides.
    private void HandCellsOver()
    {
        Change("FsiDynamicCompiler", "EmitInMemoryAssembly", 2, Calls("System.Reflection.Assembly", "Load"), each => Redirect(each, "Load"));
        Change("FsiDynamicCompiler", "EmitInMemoryAssembly", 1, Calls("System.IO.File", "WriteAllBytes"), each => Redirect(each, "KeepNoFile"));
    }

    // What the compiler would do again for each submission, small as it is.
    private void SpareEachCell()
    {
        // Two tables with ten thousand places.
        Change("Optimizer", "OptimizeImplFile", 1, each => Equals(each.Operand, 10000), each => each.Operand = 100);
        // Fifty tables with a hundred places, where a cell has a dozen rows in all, and a dozen caches with five hundred.
        Change("ILBinaryWriter", "generateIL", 16, each => Equals(each.Operand, (sbyte)100), each => (each.OpCode, each.Operand) = (OpCodes.Ldc_I4_0, null));
        Change("Cache`2", ".ctor", 1, IsCapacityOfStore, each =>
        {
            each.Previous.OpCode = OpCodes.Nop;
            (each.OpCode, each.Operand) = (OpCodes.Ldc_I4_S, (sbyte)31);
        });
        // A finalizer for caches that have nothing to stop: what they hold would outlive two collections.
        var suppress = (MethodReference)Bodies("Cache`2", "System.IDisposable.Dispose").Single().Instructions
            .Single(each => Calls("System.GC", "SuppressFinalize")(each)).Operand;
        Insert("Cache`2", ".ctor", StopsNothing, Instruction.Create(OpCodes.Ldarg_0), Instruction.Create(OpCodes.Call, suppress));
        // Names at random for caches that have names.
        Change("Cache`2", ".ctor", 1, Calls("System.Guid", "NewGuid"), each =>
        {
            var guid = ((MethodReference)each.Operand).DeclaringType;
            (each.OpCode, each.Operand) = (OpCodes.Ldsfld, new FieldReference("Empty", guid, guid));
        });
        // The opened namespaces, for a debugger that evaluates expressions in a cell.
        Begin("IlxGen", "AddDebugImportsToEnv", Instruction.Create(OpCodes.Ldarg_1), Instruction.Create(OpCodes.Ret));
        // They are copied for such a debugger once more.
        Begin("ExprRemapping", "remapOpenDeclarations", Instruction.Create(OpCodes.Ldarg_1), Instruction.Create(OpCodes.Ret));
        // A checksum of a file that holds the cell, where no file does.
        Begin("ILPdbWriter", "checkSum", Instruction.Create(OpCodes.Ldnull), Instruction.Create(OpCodes.Ret));
        // The value of an expression is looked up among all that a cell defines, and then for itself.
        LookUpOnce();
        // A definition of the expression's name is taken for one.
        KeepDefinitions();
        // All settings are copied to ask for one of them.
        AskTheBuilder("FsiEvaluationSession", "EvalInteractionNonThrowing", "get_diagnosticsOptions");
        AskTheBuilder("FsiDynamicCompiler", "EvalParsedExpression", "get_noFeedback");
        // A search of the disk for a .NET Framework older than all that this program runs on.
        Begin(
            "SimulatedMSBuildResolver@83", "FSharp.Compiler.CodeAnalysis.ILegacyReferenceResolver.HighestInstalledNetFrameworkVersion",
            Instruction.Create(OpCodes.Ldstr, "v4.5"), Instruction.Create(OpCodes.Ret));
        // A search of the disk for the framework: asked here, the settings keep the answer that their copies would ask for.
        var ask = module.GetTypes().Single(each => each.Name == "TcConfigBuilder").Methods.Single(each => each.Name == "get_FxResolver");
        Begin("TcConfig", "Create", Instruction.Create(OpCodes.Ldarg_0), Instruction.Create(OpCodes.Callvirt, ask), Instruction.Create(OpCodes.Pop));
    }

    // What the compiler would do once more for each cell that has been. Nobody reads which cells each cell sees; and that a
    // cell's module is new can be found without a table of all modules.
    private void SpareLateCells()
    {
        Change("ParseAndCheckInputs", "AddCheckResultsToTcState", 1, Calls("Microsoft.FSharp.Core.Operators", "op_Append"), each =>
            (each.OpCode, each.Operand) = (OpCodes.Pop, null));

        var combine = Bodies("SignatureOps", "CombineModuleOrNamespaceTypes@597").Single();
        var second = combine.Instructions.Single(each => Gets("get_AllEntitiesByLogicalMangledName")(each) && each.Previous.OpCode == OpCodes.Ldarg_2);
        var named = EntitiesNamedIn(combine);
        combine.GetILProcessor().InsertBefore(second, Instruction.Create(OpCodes.Ldloc_1));
        (second.OpCode, second.Operand) = (OpCodes.Call, named);
    }

    // Of all entities of a module those that a table names: a function beside the one that combines two modules.
    private MethodDefinition EntitiesNamedIn(MethodBody combine)
    {
        var table = Called("get_AllEntitiesByLogicalMangledName", combine);
        var find = Called("TryGetValue", combine);
        var has = new MethodReference("ContainsKey", module.TypeSystem.Boolean, find.DeclaringType) { HasThis = true };
        has.Parameters.Add(new ParameterDefinition(find.Parameters[0].ParameterType));
        var name = (FieldReference)combine.Instructions.First(each => each.Operand is FieldReference field && field.Name == "entity_logical_name@").Operand;
        var named = new MethodDefinition("EntitiesNamedIn", MethodAttributes.Assembly | MethodAttributes.Static, table.ReturnType)
        {
            Parameters = { new ParameterDefinition(table.DeclaringType), new ParameterDefinition(table.ReturnType) },
        };
        combine.Method.DeclaringType.Methods.Add(named);
        var (entities, entity) = (combine.Variables[6].VariableType, combine.Variables[8].VariableType);
        foreach (var local in new[] { entities, entity, table.ReturnType })
            named.Body.Variables.Add(new VariableDefinition(local));
        named.Body.InitLocals = true;

        var il = named.Body.GetILProcessor();
        var each = il.Create(OpCodes.Ldloc_0);
        var next = il.Create(OpCodes.Ldloc_0);
        il.Emit(OpCodes.Call, Called("Empty", table.Resolve().Body));
        il.Emit(OpCodes.Stloc_2);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Callvirt, Called("get_AllEntities", combine));
        il.Emit(OpCodes.Callvirt, Called("GetEnumerator", combine));
        il.Emit(OpCodes.Stloc_0);
        il.Emit(OpCodes.Br, next);
        il.Append(each);
        il.Emit(OpCodes.Callvirt, Called("get_Current", combine));
        il.Emit(OpCodes.Stloc_1);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldloc_1);
        il.Emit(OpCodes.Ldfld, name);
        il.Emit(OpCodes.Callvirt, has);
        il.Emit(OpCodes.Brfalse, next);
        il.Emit(OpCodes.Ldloc_2);
        il.Emit(OpCodes.Ldloc_1);
        il.Emit(OpCodes.Ldfld, name);
        il.Emit(OpCodes.Ldloc_1);
        il.Emit(OpCodes.Callvirt, Called("Add", Bodies("get_AllEntitiesByLogicalMangledName@2200", "Invoke").Single()));
        il.Emit(OpCodes.Stloc_2);
        il.Append(next);
        il.Emit(OpCodes.Callvirt, Called("MoveNext", combine));
        il.Emit(OpCodes.Brtrue, each);
        il.Emit(OpCodes.Ldloc_2);
        il.Emit(OpCodes.Ret);
        return named;
    }

    private static MethodReference Called(string name, MethodBody body)
    {
        return (MethodReference)body.Instructions.First(Gets(name)).Operand;
    }

    private static Func<Instruction, bool> Gets(string name)
    {
        return each => each.Operand is MethodReference called && called.Name == name;
    }

    private void LookUpOnce()
    {
        var define = Bodies("FsiDynamicCompiler", "EvalParsedDefinitions").Single();
        var isExpression = define.Method.Parameters.Single(each => each.Name == "isInteractiveItExpr");
        var expression = Bodies("FsiDynamicCompiler", "EvalParsedExpression").Single();
        var state = new VariableDefinition(expression.Variables.First(each => each.VariableType.Name == "FsiDynamicCompilerState").VariableType);
        define.Variables.Add(state);
        var look = define.Instructions.Single(Gets("processContents"));
        Insert(
            "FsiDynamicCompiler", "EvalParsedDefinitions", each => each == look,
            Instruction.Create(OpCodes.Ldarg_S, isExpression), Instruction.Create(OpCodes.Brfalse, look),
            Instruction.Create(OpCodes.Pop), Instruction.Create(OpCodes.Stloc_S, state), Instruction.Create(OpCodes.Pop),
            Instruction.Create(OpCodes.Ldloc_S, state), Instruction.Create(OpCodes.Ldnull),
            Instruction.Create(OpCodes.Call, Called("NewCompleted", expression)),
            Instruction.Create(OpCodes.Newobj, (MethodReference)expression.Instructions.Last(each => each.OpCode == OpCodes.Newobj).Operand),
            Instruction.Create(OpCodes.Ret));
    }

    private void KeepDefinitions()
    {
        var value = module.GetTypes().Single(each => each.FullName == "FSharp.Compiler.TypedTree/Val");
        var equal = new MethodReference("Equals", module.TypeSystem.Boolean, module.TypeSystem.String)
        {
            Parameters = { new ParameterDefinition(module.TypeSystem.String), new ParameterDefinition(module.TypeSystem.String) },
        };
        var first = Bodies("FsiDynamicCompiler", "tryGetGeneratedValue").Single().Instructions[0];
        Begin(
            "FsiDynamicCompiler", "tryGetGeneratedValue",
            Instruction.Create(OpCodes.Ldarg_3), Instruction.Create(OpCodes.Call, value.Methods.Single(each => each.Name == "get_LogicalName")),
            Instruction.Create(OpCodes.Ldstr, "it"), Instruction.Create(OpCodes.Call, equal), Instruction.Create(OpCodes.Brfalse, first),
            Instruction.Create(OpCodes.Ldnull), Instruction.Create(OpCodes.Ret));
    }

    private void AskTheBuilder(string type, string method, string setting)
    {
        var builder = module.GetTypes().Single(each => each.Name == "TcConfigBuilder");
        foreach (var settings in Bodies(type, method).SelectMany(each => each.Variables).Where(each => each.VariableType.Name == "TcConfig"))
            settings.VariableType = builder;
        Change(type, method, 1, Calls("FSharp.Compiler.CompilerConfig/TcConfig", "Create"), each =>
            (each.OpCode, each.Operand, each.Previous.OpCode) = (OpCodes.Nop, null, OpCodes.Nop));
        Change(type, method, 1, Gets(setting), each =>
            each.Operand = builder.Methods.Single(own => own.Name == setting));
    }

    // A method that asks for a tail call, and one in eleven does, cannot be compiled ahead of time.
    private void CallPlainly()
    {
        foreach (var each in module.GetTypes().SelectMany(each => each.Methods).Where(each => each.HasBody).SelectMany(each => each.Body.Instructions))
            if (each.OpCode == OpCodes.Tail)
                each.OpCode = OpCodes.Nop;
    }

    private void Begin(string type, string method, params Instruction[] instructions)
    {
        Insert(type, method, each => each.Previous == null, instructions);
    }

    private void Insert(string type, string method, Func<Instruction, bool> before, params Instruction[] instructions)
    {
        var places = Bodies(type, method).SelectMany(body => body.Instructions.Where(before).Select(each => (Body: body, Place: each))).ToList();
        if (places.Count != 1)
        {
            Log.LogError("The F# compiler service has {0} places for an insertion in {1}.{2}, not one.", places.Count, type, method);
            return;
        }

        foreach (var instruction in instructions)
            places[0].Body.GetILProcessor().InsertBefore(places[0].Place, instruction);
    }

    private IEnumerable<MethodBody> Bodies(string type, string method)
    {
        return module.GetTypes().Where(each => each.Name == type)
            .SelectMany(each => each.Methods).Where(each => each.Name == method && each.HasBody)
            .Select(each => each.Body);
    }

    private static bool StopsNothing(Instruction each)
    {
        return each.OpCode == OpCodes.Ldsfld && ((FieldReference)each.Operand).DeclaringType.Name == "-ctor@308-1";
    }

    private static bool IsCapacityOfStore(Instruction each)
    {
        return each.Operand is FieldReference field && field.Name == "capacity"
            && each.Next.Next.Next.Next.OpCode == OpCodes.Newobj;
    }

    private void Change(string type, string method, int places, Func<Instruction, bool> where, Action<Instruction> change)
    {
        var found = Bodies(type, method).SelectMany(each => each.Instructions).Where(where).ToList();
        found.ForEach(change);
        if (found.Count != places)
            Log.LogError("The F# compiler service has {0} places to change in {1}.{2}, not {3}.", found.Count, type, method, places);
    }

    private static Func<Instruction, bool> Calls(string type, string name)
    {
        return each => each.Operand is MethodReference called && called.DeclaringType.FullName == type && called.Name == name;
    }

    private void Redirect(Instruction call, string name)
    {
        var called = (MethodReference)call.Operand;
        var own = new MethodReference(name, called.ReturnType, cellCode);
        foreach (var parameter in called.Parameters)
            own.Parameters.Add(new ParameterDefinition(parameter.ParameterType));
        call.Operand = own;
    }
}
