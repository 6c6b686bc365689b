namespace Engram.Notebooks

open System
open System.Collections.Generic
open System.Diagnostics
open System.IO
open System.Text.RegularExpressions
open FSharp.Compiler.DependencyManager

/// What the compiler's part in a restore has to say, where NuGet itself said nothing.
type private ResolverComplaint(message: string) =
    inherit Exception(message)

/// <summary>Restores packages as F# Interactive does, for all languages. It needs the .NET SDK.</summary>
/// <remarks>Packages of one resolver are restored together, so that they agree on what they both need.</remarks>
/// <param name="patience">How long a restore may take.</param>
type NuGetResolver(patience: TimeSpan) =

    let assemblies = HashSet<string>()
    let roots = HashSet<string>()
    let references = List<string>()

    /// The compiler's part in a restore remembers each outcome by what was asked, failures too.
    let mutable failures = 0

    let provider =
        lazy
            (new DependencyProvider(
                AssemblyResolutionProbe(fun () -> assemblies),
                NativeResolutionProbe(fun () -> roots),
                false
            ))

    let tools = [ AppContext.BaseDirectory ]

    let report =
        ResolvingErrorReport(fun _ _ message -> raise (ResolverComplaint message))

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

    /// NuGet's own words, each once, with their codes, without the paths of the project that was made for the restore.
    let reasons (output: string seq) =
        output
        |> Seq.collect _.Split('\n')
        |> Seq.map (fun line -> Regex.Match(line, @"\berror (NU\d+): *(.*)$"))
        |> Seq.filter _.Success
        |> Seq.map (fun found -> found.Groups[1].Value, found.Groups[2].Value.Trim())
        |> Seq.distinct
        |> Array.ofSeq

    let explain reasons =
        match reasons with
        | [||] -> "NuGet gave no reason."
        | _ ->
            let words = reasons |> Seq.map snd |> String.concat "\n"
            let isOffline = reasons |> Array.exists (fun (code, _) -> code = "NU1301")
            $"""{words} ({fst reasons[0]}){if isOffline then offline else ""}"""

    /// What NuGet cannot reach, or will not ask (NU1301, NU1302): it names the source, or an address of the same host.
    let unreached (sources: string seq) reasons =
        let words =
            reasons
            |> Seq.filter (fun (code: string, _) -> code.StartsWith "NU130")
            |> Seq.map snd
            |> String.concat "\n"

        let host (source: string) =
            match Uri.TryCreate(source, UriKind.Absolute) with
            | true, NonNull address when not address.IsFile -> address.Authority
            | _ -> source

        let named = sources |> Seq.filter words.Contains |> Array.ofSeq

        if named.Length > 0 then
            named
        else
            sources |> Seq.filter (host >> words.Contains) |> Array.ofSeq

    let ask (packages: string seq) (sources: string seq) =
        provider.Value.Resolve(
            manager.Value,
            ".fsx",
            [
                for source in sources -> "i", source
                for package in Seq.append references packages -> "r", package
            ],
            report,
            "net10.0",
            null,
            Environment.CurrentDirectory,
            "cells.fsx",
            $"cells{failures}.fsx",
            int patience.TotalMilliseconds
        )

    let fail (packages: string seq) reason failed =
        failures <- failures + 1

        let message =
            $"""The package {String.Join(", ", packages)} cannot be restored: {reason}"""

        match failed with
        | [||] -> raise (InvalidOperationException message)
        | _ -> raise (PackageSourceException(message, failed))

    let restore packages (sources: string seq) =
        let watch = Stopwatch.StartNew()

        try
            let result = ask packages sources

            if result.Success then
                result
            else
                let found = reasons (Seq.append result.StdOut result.StdError)
                fail packages (explain found) (unreached sources found)
        with :? ResolverComplaint as complaint ->
            if watch.Elapsed < patience then
                fail packages complaint.Message [||]
            else
                let addresses = sources |> Seq.filter (Path.IsPathRooted >> not) |> Array.ofSeq
                fail packages $"NuGet took longer than {patience.TotalSeconds} seconds.{offline}" addresses

    /// What any version was asked of stays at the one that was found, which may be nowhere to be found later.
    let pin (folders: string seq) (package: string) =
        let parts = package.Split ','

        let version (folder: string) =
            match folder.Split Path.DirectorySeparatorChar |> Array.rev |> List.ofArray with
            | version :: name :: _ when name.Equals(parts[0].Trim(), StringComparison.OrdinalIgnoreCase) -> Some version
            | _ -> None

        match Seq.tryPick version folders with
        | Some version when parts.Length = 1 || package.Contains '*' -> $"{parts[0]}, {version}"
        | _ -> package

    /// A restore may take two minutes.
    new() = new NuGetResolver(TimeSpan.FromMinutes 2.0)

    interface IPackageResolver with

        member _.Resolve(packages, sources) =
            let result = restore packages sources
            result.Resolutions |> Seq.iter (assemblies.Add >> ignore)
            result.Roots |> Seq.iter (roots.Add >> ignore)

            let folders =
                result.Roots |> Seq.map (fun root -> root.TrimEnd(Path.DirectorySeparatorChar)) |> Array.ofSeq

            packages
            |> Seq.map (pin folders)
            |> Seq.filter (references.Contains >> not)
            |> Array.ofSeq
            |> references.AddRange

            ResolvedPackages(Array.ofSeq result.Resolutions, folders)

    interface IDisposable with

        member _.Dispose() =
            if provider.IsValueCreated then
                (provider.Value :> IDisposable).Dispose()
