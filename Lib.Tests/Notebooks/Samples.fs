module Engram.Tests.Notebooks.Samples

open System.IO
open System.Reflection
open System.Text

/// The bytes of a sample notebook.
let bytes name =
    use stream =
        Assembly.GetExecutingAssembly().GetManifestResourceStream $"Lib.Tests.Notebooks.samples.{name}"

    use memory = new MemoryStream()
    stream.CopyTo memory
    memory.ToArray()

/// The text of a sample notebook.
let text name = Encoding.UTF8.GetString(bytes name)

/// Runs with a folder of its own that is gone afterwards.
let inFolder (use': string -> 'a) =
    let folder = Directory.CreateTempSubdirectory "engram-test-"

    try
        use' folder.FullName
    finally
        folder.Delete true
