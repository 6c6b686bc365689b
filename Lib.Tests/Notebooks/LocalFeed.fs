/// Packages in a folder, each with one small library, and engines that restore them.
module Engram.Tests.Notebooks.LocalFeed

open System
open System.IO
open System.IO.Compression
open Expecto
open Microsoft.CodeAnalysis
open Microsoft.CodeAnalysis.CSharp
open Engram.Notebooks
open Engram.Tests.Notebooks.EngineCells

/// Restores, and keeps in mind what.
type Recording(resolver: IPackageResolver) =
    member val Found = ResizeArray<ResolvedPackages>()

    interface IPackageResolver with
        member this.Resolve(packages, sources) =
            let found = resolver.Resolve(packages, sources)
            this.Found.Add found
            found

/// The bytes of a library.
let compile (name: string) (source: string) =
    let compilation =
        CSharpCompilation.Create(
            name,
            [ CSharpSyntaxTree.ParseText source ],
            [ MetadataReference.CreateFromFile typeof<obj>.Assembly.Location ],
            CSharpCompilationOptions OutputKind.DynamicallyLinkedLibrary
        )

    use code = new MemoryStream()
    Expect.isTrue (compilation.Emit code).Success "the library compiles"
    code.ToArray()

let private write (zip: ZipArchive) (name: string) (content: byte[]) =
    use entry = zip.CreateEntry(name).Open()
    entry.Write content

/// A name that no other package has: the user's store keeps what was restored.
let newName () = $"EngramTest{Guid.NewGuid():N}"

/// <summary>Puts a package into a folder. Its library has a class of its name, with a Version.</summary>
/// <param name="folder">The folder.</param>
/// <param name="name">The package's name.</param>
/// <param name="version">Its version.</param>
/// <param name="needs">The packages that it needs, with their versions.</param>
let add folder name version needs =
    use zip =
        ZipFile.Open(Path.Combine(folder, $"{name}.{version}.nupkg"), ZipArchiveMode.Create)

    let dependencies =
        needs
        |> List.map (fun (other, least) -> $"<dependency id=\"{other}\" version=\"{least}\" />")
        |> String.concat ""

    let nuspec =
        $"<package><metadata><id>{name}</id><version>{version}</version><authors>Engram</authors><description>A test.</description>"
        + $"<dependencies><group targetFramework=\"net8.0\">{dependencies}</group></dependencies></metadata></package>"

    write zip $"{name}.nuspec" (Text.Encoding.UTF8.GetBytes nuspec)

    write
        zip
        $"lib/net8.0/{name}.dll"
        (compile name $"public static class {name} {{ public static string Version => \"{version}\"; }}")

/// Runs in a folder of its own; takes away what was restored of packages with a new name, or whose version is a
/// test's.
let withPatience patience test =
    let folder = Directory.CreateTempSubdirectory "engram-feed"
    let restored = ResizeArray<ResolvedPackages>()

    let withEngine run =
        use resolver = new NuGetResolver(patience)
        let recording = Recording resolver
        use engine = start (EngineOptions(Folder = folder.FullName, Packages = recording))

        try
            run (runIn engine)
        finally
            restored.AddRange recording.Found

    try
        test folder.FullName withEngine
    finally
        folder.Delete true

        for package in restored |> Seq.collect _.Folders |> Seq.map DirectoryInfo do
            if package.Exists && package.Name.Contains "-test" then
                package.Delete true

            if package.Parent.Exists && package.Parent.Name.StartsWith "engramtest" then
                package.Parent.Delete true

/// As above, and a restore may take as long as it does for users.
let withFeed test =
    withPatience (TimeSpan.FromMinutes 2.0) test

/// What a cell shows, what it shows it as later included.
let shown (heard: Heard) =
    heard.Events
    |> List.choose (fun each ->
        match each with
        | :? ValueDisplayed as shown -> Option.ofObj (shown.Bundle.Text "text/plain")
        | :? DisplayUpdated as shown -> Option.ofObj (shown.Bundle.Text "text/plain")
        | _ -> None)
    |> String.concat "\n"
