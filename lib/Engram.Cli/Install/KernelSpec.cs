using System.Text.Json;
using System.Text.Json.Nodes;

namespace Engram.Cli.Install;

/// <summary>A kernelspec: what tells Jupyter how to start a kernel.</summary>
/// <param name="Name">Its name, which notebooks carry; .NET Interactive's, so that old ones open unchanged.</param>
/// <param name="Display">What users see.</param>
/// <param name="Language">The language as the program calls it.</param>
/// <param name="Title">The language as Jupyter calls it.</param>
internal sealed record KernelSpec(string Name, string Display, string Language, string Title)
{
    private const string Owner = "engram", FileName = "kernel.json";

    /// <summary>Those of this kit.</summary>
    public static IReadOnlyList<KernelSpec> All { get; } =
    [
        new(".net-csharp", ".NET (C#)", "csharp", "C#"),
        new(".net-fsharp", ".NET (F#)", "fsharp", "F#"),
    ];

    /// <summary>The file in a folder of kernelspecs.</summary>
    public string File(string folder) => Path.Combine(folder, Name, FileName);

    /// <summary>Writes it; the program is started by the .NET host of this process.</summary>
    /// <param name="folder">The folder of kernelspecs.</param>
    /// <param name="program">The published program, Engram.Cli.dll.</param>
    public void Write(string folder, string program)
    {
        var spec = new JsonObject
        {
            ["argv"] = new JsonArray(Host(), program, "kernel", "--language", Language, "--connection-file", "{connection_file}"),
            ["display_name"] = Display,
            ["language"] = Title,
            ["interrupt_mode"] = "message",
            ["metadata"] = new JsonObject { [Owner] = new JsonObject { ["version"] = Kernel.KernelInfo.Version } },
        };
        var file = File(folder);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        // Jupyter may read it at any moment.
        System.IO.File.WriteAllText(file + ".new", spec.ToJsonString(Indented) + "\n");
        System.IO.File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>Whose a kernelspec of this name is.</summary>
    public SpecState State(string folder) =>
        !System.IO.File.Exists(File(folder)) ? SpecState.Absent
        : Read(folder)?["metadata"]?[Owner] is JsonObject ? SpecState.Ours
        : SpecState.Foreign;

    /// <summary>The program that an installed kernelspec starts; null where there is none of ours.</summary>
    public string? Program(string folder) =>
        State(folder) == SpecState.Ours && Read(folder)?["argv"] is JsonArray { Count: > 1 } words ? (string?)words[1] : null;

    /// <summary>Removes it.</summary>
    /// <returns>The files that are left beside it, for they are not its own.</returns>
    public IReadOnlyList<string> Remove(string folder) =>
        InstalledFiles.Remove(Path.Combine(folder, Name), new HashSet<string> { FileName });

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // The host that runs this process, or the one that the runtime belongs to.
    private static string Host()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        if (Path.GetFileName(Environment.ProcessPath) == name) return Environment.ProcessPath!;
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
        return Path.Combine(root, name) is var host && System.IO.File.Exists(host) ? host : name;
    }

    private JsonNode? Read(string folder)
    {
        try
        {
            return JsonNode.Parse(System.IO.File.ReadAllText(File(folder)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>Whether a kernelspec's name is taken.</summary>
internal enum SpecState
{
    /// <summary>There is none of that name.</summary>
    Absent,

    /// <summary>It starts this program.</summary>
    Ours,

    /// <summary>Somebody else's, such as .NET Interactive's.</summary>
    Foreign,
}
