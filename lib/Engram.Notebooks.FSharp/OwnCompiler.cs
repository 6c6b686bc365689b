using System;
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
        // Names at random for caches that have names.
        Change("Cache`2", ".ctor", 1, Calls("System.Guid", "NewGuid"), each =>
        {
            var guid = ((MethodReference)each.Operand).DeclaringType;
            (each.OpCode, each.Operand) = (OpCodes.Ldsfld, new FieldReference("Empty", guid, guid));
        });
        // A search of the disk for the framework: asked here, the settings keep the answer that their copies would ask for.
        Change("TcConfig", "Create", 1, each => each.Previous == null, AskForFramework);
    }

    private void AskForFramework(Instruction first)
    {
        var create = module.GetTypes().Single(each => each.Name == "TcConfig").Methods.Single(each => each.Name == "Create");
        var ask = ((TypeDefinition)create.Parameters[0].ParameterType).Methods.Single(each => each.Name == "get_FxResolver");
        var processor = create.Body.GetILProcessor();
        processor.InsertBefore(first, Instruction.Create(OpCodes.Ldarg_0));
        processor.InsertBefore(first, Instruction.Create(OpCodes.Callvirt, ask));
        processor.InsertBefore(first, Instruction.Create(OpCodes.Pop));
    }

    private void Change(string type, string method, int places, Func<Instruction, bool> where, Action<Instruction> change)
    {
        var found = module.GetTypes().Where(each => each.Name == type)
            .SelectMany(each => each.Methods).Where(each => each.Name == method && each.HasBody)
            .SelectMany(each => each.Body.Instructions).Where(where).ToList();
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
