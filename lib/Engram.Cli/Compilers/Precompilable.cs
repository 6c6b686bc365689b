using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Mono.Cecil;

/// <summary>
/// Writes F# assemblies so that all of their generic functions can be compiled ahead of time. A function of a class that is
/// not marked beforefieldinit may have to run the class's static constructor first, which compiled generic code cannot
/// do; F# marks none of its modules. Where there is no such constructor, the mark means nothing else.
/// </summary>
public class Precompilable : Task
{
    [Required]
    public ITaskItem[] Assemblies { get; set; }

    [Required]
    public string Folder { get; set; }

    public override bool Execute()
    {
        foreach (var assembly in Assemblies)
        {
            using (var module = ModuleDefinition.ReadModule(assembly.ItemSpec))
            {
                foreach (var type in module.GetTypes().Where(each => !each.IsInterface && each.Methods.All(method => method.Name != ".cctor")))
                    type.IsBeforeFieldInit = true;
                module.Write(Path.Combine(Folder, Path.GetFileName(assembly.ItemSpec)));
            }
        }

        return true;
    }
}
