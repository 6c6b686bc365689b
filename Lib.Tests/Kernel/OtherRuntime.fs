/// .NET as an update leaves it: the same version, but each of its assemblies is another build.
module Engram.Tests.Kernel.OtherRuntime

open System
open System.IO
open System.Reflection.Metadata
open System.Reflection.Metadata.Ecma335
open System.Reflection.PortableExecutable
open System.Runtime.InteropServices

/// The bytes of an assembly with another module version id, which is by what builds are told apart.
let private otherBuild (file: string) =
    let bytes = File.ReadAllBytes file
    use reader = new PEReader(new MemoryStream(bytes))
    let metadata = reader.GetMetadataReader()
    let guids = metadata.GetHeapMetadataOffset HeapIndex.Guid
    let index = metadata.GetHeapOffset(metadata.GetModuleDefinition().Mvid)
    let place = reader.PEHeaders.MetadataStartOffset + guids + (index - 1) * 16
    bytes[place] <- ~~~bytes[place]
    bytes

/// A folder with such a .NET; its `dotnet` is beside the folder `shared`. No links: .NET follows them to where it was.
let create () =
    let runtime = DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory().TrimEnd '/')
    let home = runtime.Parent.Parent.Parent
    let folder = Directory.CreateTempSubdirectory "engram-dotnet-"

    let path (words: string list) =
        Path.Combine(Array.ofList (folder.FullName :: words))

    File.Copy(Path.Combine(home.FullName, "dotnet"), path [ "dotnet" ])
    Directory.CreateSymbolicLink(path [ "host" ], Path.Combine(home.FullName, "host")) |> ignore

    let copies =
        Directory.CreateDirectory(path [ "shared"; runtime.Parent.Name; runtime.Name ])

    for file in runtime.GetFiles() do
        let copy = Path.Combine(copies.FullName, file.Name)

        if file.Extension = ".dll" then
            File.WriteAllBytes(copy, otherBuild file.FullName)
        else
            file.CopyTo copy |> ignore

    folder
