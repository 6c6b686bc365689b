using System;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Mono.Cecil;

/// <summary>Writes the F# compiler service with its two loads of compiled cells redirected.</summary>
public class RedirectLoads : Task
{
    [Required]
    public string From { get; set; }

    [Required]
    public string To { get; set; }

    public override bool Execute()
    {
        using (var module = ModuleDefinition.ReadModule(From))
        {
            var engine = new AssemblyNameReference("Engram.Notebooks", new Version(0, 0, 0, 0));
            module.AssemblyReferences.Add(engine);
            var target = new TypeReference("Engram.Notebooks", "CellCode", module, engine);
            var loads = module.GetTypes().SelectMany(type => type.Methods)
                .Where(method => method.HasBody && method.Name == "EmitInMemoryAssembly")
                .SelectMany(method => method.Body.Instructions)
                .Where(each => each.Operand is MethodReference called
                    && called.DeclaringType.FullName == "System.Reflection.Assembly" && called.Name == "Load")
                .ToList();
            foreach (var load in loads)
                load.Operand = Redirect((MethodReference)load.Operand, target);
            if (loads.Count != 2)
                Log.LogError("The F# compiler service loads what it compiles at {0} places, not 2.", loads.Count);
            else
                module.Write(To);
        }

        return !Log.HasLoggedErrors;
    }

    private static MethodReference Redirect(MethodReference load, TypeReference target)
    {
        var own = new MethodReference("Load", load.ReturnType, target);
        foreach (var parameter in load.Parameters)
            own.Parameters.Add(new ParameterDefinition(parameter.ParameterType));
        return own;
    }
}
