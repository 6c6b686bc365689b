namespace Engram.Notebooks

open System
open System.Collections.Generic
open System.IO
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

    /// NuGet's own words, without the paths of the project that was made for the restore.
    let explain (output: string seq) =
        let lines =
            output
            |> Seq.collect _.Split('\n')
            |> Seq.filter _.Contains("error")
            |> Seq.map (fun line -> line.Substring(max 0 (line.IndexOf "error")).Trim())
            |> Seq.distinct
            |> Array.ofSeq

        if lines.Length = 0 then
            "NuGet gave no reason."
        else
            String.Join("\n", lines)

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
