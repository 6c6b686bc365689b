namespace Engram.Notebooks

open System
open System.Text.RegularExpressions

/// Types' names as F# code can say them.
module internal FSharpTypeName =

    let private arity = Regex(@"`(\d+)$")

    /// Whether code may say a name without quoting it.
    let isIdentifier (name: string) =
        Regex.IsMatch(name, @"^[\p{L}_][\p{L}\p{N}_']*$")

    let private quote (name: string) =
        if isIdentifier name then name else $"``{name}``"

    /// Cells' own types live in assemblies without a file, which other languages cannot reference.
    let private isOfCells (shape: Type) = shape.Assembly.Location.Length = 0

    let rec private path (shape: Type) =
        match shape.DeclaringType with
        | null -> [ shape.Name ]
        | outer -> path outer @ [ shape.Name ]

    /// The full name of a type; none where a cell cannot name it.
    let rec tryFind (shape: Type) : string option =
        if shape.IsArray then
            let commas = String(',', shape.GetArrayRank() - 1)

            match shape.GetElementType() with
            | null -> None
            | element -> tryFind element |> Option.map (fun name -> $"({name})[{commas}]")
        elif shape.IsByRef || shape.IsPointer || shape.IsByRefLike || not shape.IsVisible || isOfCells shape then
            None
        else
            let arguments = shape.GetGenericArguments() |> Array.map tryFind

            if Array.contains None arguments then
                None
            else
                Some(build shape (arguments |> Array.choose id))

    and private build shape arguments =
        let mutable taken = 0

        let parts =
            path shape
            |> List.map (fun part ->
                let count =
                    let found = arity.Match part
                    if found.Success then int found.Groups[1].Value else 0

                let own = arguments |> Array.skip taken |> Array.truncate count
                taken <- taken + count
                let name = quote (arity.Replace(part, ""))

                if own.Length = 0 then
                    name
                else
                    name + "<" + String.Join(", ", own) + ">")

        let root =
            match shape.Namespace with
            | null
            | "" -> "global."
            | space -> "global." + (space.Split '.' |> Array.map quote |> String.concat ".") + "."

        root + String.concat "." parts
