namespace Engram.Notebooks

open System.IO
open System.Text.RegularExpressions

/// The assemblies that this program carries and that a session sees only when code may name them. F# Interactive reads
/// at length what each has to say, and most cells name none of them.
module internal LateReferences =

    let private shared = [ "System"; "Microsoft" ]

    /// A word that stands in the names of an assembly's namespaces, by rule: <c>Plotly</c>, and <c>CommandLine</c> for
    /// <c>System.CommandLine</c>.
    let private word (path: string) =
        FileInfo(path).Name.Split '.'
        |> Array.tryFind (fun part -> not (List.contains part shared))
        |> Option.toList

    let private words = FsiSession.late |> List.collect word |> List.distinct

    /// Files and packages bring code, and types, that nobody has looked at.
    let private reference = Regex @"#\s*(r|load|I)\b"

    /// Whether code may name one of them.
    let areNamedIn (code: string) =
        List.exists (code.Contains: string -> bool) words || reference.IsMatch code

    /// What lets a session see assemblies.
    let submission (paths: string seq) =
        let lines = paths |> Seq.map (fun path -> $"#r @\"{path}\"")
        Submission(String.concat "\n" lines, "reference")
