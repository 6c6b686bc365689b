/// What `engram install` and `engram uninstall` write and remove, and what they leave alone.
module Engram.Tests.Cli.InstallTests

open System.IO
open Expecto
open Engram.Cli
open Engram.Cli.Install
open Engram.Tests.Cli.RunFakes

/// Runs a test in an empty environment; what it gets runs a command line on it, and gives exit code and text.
let private inEnvironment test =
    Engram.Tests.Notebooks.Samples.inFolder (fun prefix ->
        test prefix (fun (command: string) (more: string list) ->
            let out = new StringWriter()
            let console = CliConsole(out, out, false, prefix)

            let code =
                EngramProgram.RunAsync([ command; "--prefix"; prefix; yield! more ], console).GetAwaiter().GetResult()

            code, string out))

let private write (folder: string) (files: string list) =
    for file in files do
        let path = Path.Combine(folder, file)
        Directory.CreateDirectory(Path.GetDirectoryName path) |> ignore
        File.WriteAllText(path, file)

let private files (folder: string) =
    if Directory.Exists folder then
        [
            for path in Directory.GetFiles(folder, "*", SearchOption.AllDirectories) ->
                Path.GetRelativePath(folder, path)
        ]
        |> List.sort
    else
        []

let private programIn prefix = KernelFolders.Under(prefix).Program
let private specsIn prefix = KernelFolders.Under(prefix).Specs

/// The program's folder as `install` leaves it, of a program of few files.
let private publish prefix (built: string list) =
    let fresh = programIn prefix + ".new"
    write fresh built
    InstalledFiles.Note fresh
    let out = new StringWriter()
    Publisher.Replace(programIn prefix, fresh, CliConsole(out, out, false, prefix))
    Expect.isFalse (Directory.Exists fresh) "moved"
    string out

let private build = [ "Engram.Cli.dll"; "lib/own.so" ]

let private foreign = [ ".hidden"; "lib/deep/notes.txt"; "notes.txt" ]

[<Tests>]
let tests =
    testList "install" [
        testCase "uninstall removes what was installed, and no folder is left of it" (fun () ->
            inEnvironment (fun prefix engram ->
                publish prefix build |> ignore
                Expect.equal (fst (engram "install" [ "--program"; programIn prefix ])) 0 "installed"
                Expect.equal (files(specsIn prefix).Length) 2 "two kernelspecs"
                let code, _ = engram "uninstall" []
                Expect.equal code 0 "removed"
                Expect.isEmpty (Directory.GetFileSystemEntries(specsIn prefix)) "no kernelspec"
                Expect.isFalse (Directory.Exists(Path.Combine(prefix, "share", "engram"))) "no program"))

        testCase "uninstall leaves and names what others put into its folders" (fun () ->
            inEnvironment (fun prefix engram ->
                publish prefix build |> ignore
                engram "install" [ "--program"; programIn prefix ] |> ignore
                write (programIn prefix) foreign
                write (specsIn prefix) [ ".net-csharp/logo-64x64.png" ]
                let elsewhere = Path.Combine(prefix, "elsewhere")
                write elsewhere [ "precious" ]
                let link = Path.Combine(programIn prefix, "link")
                Directory.CreateSymbolicLink(link, elsewhere) |> ignore
                let code, said = engram "uninstall" []
                Expect.equal code 0 said
                Expect.equal (files (specsIn prefix)) [ ".net-csharp/logo-64x64.png" ] "a picture"
                Expect.equal (DirectoryInfo(link).LinkTarget) elsewhere "the link"
                Expect.equal (files elsewhere) [ "precious" ] "what it leads to"
                File.Delete link
                Expect.equal (files (programIn prefix)) (List.sort foreign) "the program's folder"

                for left in
                    [
                        "kernel/notes.txt"
                        "lib/deep/notes.txt"
                        ".hidden"
                        "kernel/link"
                        "logo-64x64.png"
                    ] do
                    has said left
                // Installed again, it finds no kernelspec of another program there.
                let code, said = engram "install" [ "--program"; elsewhere ]
                Expect.equal code 2 said
                has said "holds no Engram.Cli.dll"))

        testCase "a build takes the place of the one before it, and of nothing else" (fun () ->
            inEnvironment (fun prefix _ ->
                publish prefix ("stale.dll" :: build) |> ignore
                write (programIn prefix) foreign
                Expect.equal (publish prefix ("new.dll" :: build)) "" "nothing to say"

                Expect.equal
                    (files (programIn prefix))
                    (List.sort ([ "new.dll"; InstalledFiles.List ] @ build @ foreign))
                    "the new build's and the foreign ones"))

        testCase "a foreign file of a name that the new build has is named, and all stays" (fun () ->
            inEnvironment (fun prefix _ ->
                publish prefix build |> ignore
                write (programIn prefix) [ "new.dll" ]
                let before = files (programIn prefix)

                let error =
                    Expect.throwsC (fun () -> publish prefix ("new.dll" :: build) |> ignore) _.Message

                has error "new.dll"
                Expect.equal (files (programIn prefix)) before "as it was"))

        testCase "a folder without a list is set aside, and not removed" (fun () ->
            inEnvironment (fun prefix engram ->
                write (programIn prefix) [ "Engram.Cli.dll"; "notes.txt" ]
                let _, said = engram "uninstall" []
                has said "it has no list of what was installed"
                Expect.equal (files (programIn prefix)) [ "Engram.Cli.dll"; "notes.txt" ] "left"
                has (publish prefix build) "kernel.old1"
                Expect.equal (files (programIn prefix)) (List.sort (InstalledFiles.List :: build)) "the build alone"
                Expect.equal (files (programIn prefix + ".old1")) [ "Engram.Cli.dll"; "notes.txt" ] "set aside"))
    ]
