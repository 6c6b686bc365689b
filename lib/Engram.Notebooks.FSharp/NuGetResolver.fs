namespace Engram.Notebooks

open System
open System.Collections.Generic
open System.IO
open System.Text.RegularExpressions
open FSharp.Compiler.DependencyManager

/// <summary>Restores packages as F# Interactive does, for all languages. It needs the .NET SDK.</summary>
/// <remarks>Packages of one resolver are restored together, so that they agree on what they both need.</remarks>
type NuGetResolver() =

    let assemblies = HashSet<string>()
    let roots = HashSet<string>()
    let references = List<string * string>()

    let provider =
        lazy
            (new DependencyProvider(
                AssemblyResolutionProbe(fun () -> assemblies),
                NativeResolutionProbe(fun () -> roots),
                false
            ))

    let tools = [ AppContext.BaseDirectory ]

    let report =
        ResolvingErrorReport(fun _ _ message -> raise (InvalidOperationException message))

    let manager =
        lazy
            (match provider.Value.TryFindDependencyManagerByKey(tools, "", None, report, "nuget") with
             | null ->
                 raise (InvalidOperationException "This program was built without NuGet's part of F# Interactive.")
             | found -> found)

    /// What helps where a source does not answer (NuGet's error 1301): most often there is no network.
    let offline =
        "\nIs there a network? Without one, #r takes what Engram carries, what was restored before if its version is "
        + "named, and packages in a folder: #i \"nuget: FOLDER\"."

    /// NuGet's own words, each once, without the paths of the project that was made for the restore.
    let explain (output: string seq) =
        let reasons =
            output
            |> Seq.collect _.Split('\n')
            |> Seq.map (fun line -> Regex.Match(line, @"\berror (NU\d+): *(.*)$"))
            |> Seq.filter _.Success
            |> Seq.map (fun found -> found.Groups[1].Value, found.Groups[2].Value.Trim())
            |> Seq.distinct
            |> Array.ofSeq

        match reasons with
        | [||] -> "NuGet gave no reason."
        | _ ->
            let words = reasons |> Seq.map (fun (_, words) -> words) |> String.concat "\n"
            let isOffline = reasons |> Array.exists (fun (code, _) -> code = "NU1301")
            $"""{words} ({fst reasons[0]}){if isOffline then offline else ""}"""

    let restore asked =
        let lines = List.ofSeq references @ asked

        let result =
            provider.Value.Resolve(
                manager.Value,
                ".fsx",
                lines,
                report,
                "net10.0",
                null,
                Environment.CurrentDirectory,
                "cells.fsx",
                "cells.fsx",
                120_000
            )

        if not result.Success then
            let names = asked |> List.filter (fun (key, _) -> key = "r") |> List.map snd

            raise (
                InvalidOperationException(
                    $"""The package {String.Join(", ", names)} cannot be restored: {explain (Seq.append result.StdOut result.StdError)}"""
                )
            )

        for line in asked do
            if not (references.Contains line) then
                references.Add line

        result

    interface IPackageResolver with

        member _.Resolve(packages, sources) =
            let asked = [
                for source in sources -> "i", source
                for package in packages -> "r", package
            ]

            let result = restore asked
            result.Resolutions |> Seq.iter (assemblies.Add >> ignore)
            result.Roots |> Seq.iter (roots.Add >> ignore)

            let folders =
                result.Roots |> Seq.map (fun root -> root.TrimEnd(Path.DirectorySeparatorChar))

            ResolvedPackages(Array.ofSeq result.Resolutions, Array.ofSeq folders)

    interface IDisposable with

        member _.Dispose() =
            if provider.IsValueCreated then
                (provider.Value :> IDisposable).Dispose()
