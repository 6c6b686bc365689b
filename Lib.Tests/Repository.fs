/// The checkout that these tests were built from.
module Engram.Tests.Repository

open System
open System.IO

/// Its folder.
let root =
    Seq.unfold
        (fun (folder: DirectoryInfo) -> if isNull folder then None else Some(folder, folder.Parent))
        (DirectoryInfo AppContext.BaseDirectory)
    |> Seq.find (fun folder -> File.Exists(Path.Combine(folder.FullName, "Notebooks.sln")))
    |> _.FullName
