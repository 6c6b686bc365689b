namespace Engram.Notebooks

open System
open System.Collections.Generic
open System.IO
open FSharp.Compiler.IO

/// Lets the F# compiler map this program's assemblies into memory, where it would read each as a whole: it looks at
/// little of them, and compiled ahead of time they are 150 MB. What users build is read, as it may change meanwhile.
type internal MappedReading() =
    inherit DefaultFileSystem()

    static let own = HashSet<string>(HostAssemblies.All, StringComparer.Ordinal)

    /// Symbols tell the checksum of their source, and a cell is in no file.
    static let isCell (name: string) =
        name.StartsWith("cell ", StringComparison.Ordinal)
        && Seq.forall Char.IsAsciiDigit (name.Substring 5)

    override _.OpenFileForReadShim(filePath, useMemoryMappedFile, shouldShadowCopy) =
        if isCell (FileInfo(filePath).Name) then
            Stream.Null
        else
            let mapped = defaultArg useMemoryMappedFile false || own.Contains filePath

            base.OpenFileForReadShim(filePath, useMemoryMappedFile = mapped, ?shouldShadowCopy = shouldShadowCopy)

    /// Makes it the compiler's way to files, in the whole process.
    static member Use() = FileSystem <- MappedReading()
