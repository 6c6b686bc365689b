namespace Engram.Notebooks

open System.Collections.Generic
open System.Reflection

/// A cell's static field, which keeps a value.
type internal KeptField(value: KeptValue, assembly: Assembly) =

    member _.Value = value

    /// Whether code speaks of it that may run at any time.
    member val IsRead = false with get, set

    /// Keeps the value no longer.
    member _.Clear() =
        assembly.GetType(value.Owner, true)
        |> nonNull
        |> _.GetField(value.Field, BindingFlags.Static ||| BindingFlags.Public ||| BindingFlags.NonPublic)
        |> nonNull
        |> _.SetValue(null, null)

/// Lets go of values that no code can reach any more, so that they can be collected: those whose name a later cell has
/// given to another, and the tuples that patterns took apart. What a function, a closure, a member or a quotation speaks
/// of is kept, whether that can still be called or not.
/// <remarks>
/// The compiler knows nothing of what such a field keeps, so it never lets code read one field for another, as it lets
/// code read a constant for the name of it.
/// </remarks>
type internal HiddenValues() =

    /// What may be hidden some day, by the place and by the name.
    let places = Dictionary<string, KeptField>()
    let names = Dictionary<string, List<KeptField>>()

    /// Of the cell that runs.
    let given = List<string>()
    let fresh = List<KeptField>()

    let letGo (kept: KeptField) =
        places.Remove kept.Value.Place |> ignore

        if not kept.IsRead then
            kept.Clear()

    let hide (name: string) =
        match names.TryGetValue name with
        | true, before ->
            names.Remove name |> ignore
            Seq.iter letGo before
        | _ -> ()

    let take (kept: KeptField) =
        if kept.Value.IsOfCompiler then
            letGo kept
        else
            match names.TryGetValue kept.Value.Name with
            | true, others -> others.Add kept
            | _ -> names[kept.Value.Name] <- List [ kept ]

    let read (place: string) =
        match places.TryGetValue place with
        | true, kept -> kept.IsRead <- true
        | _ -> ()

    /// <summary>Hears of a cell that is loaded and about to run.</summary>
    /// <param name="uses">What it keeps and names.</param>
    /// <param name="assembly">The cell.</param>
    member _.Hear (uses: CellUses) (assembly: Assembly) =
        given.AddRange uses.Names

        for value in uses.Kept do
            let kept = KeptField(value, assembly)
            places[value.Place] <- kept
            fresh.Add kept

        Seq.iter
            read
            (if uses.ReadsUnseen then
                 Seq.toArray places.Keys :> seq<_>
             else
                 uses.Read)

    /// <summary>Settles what is hidden when a cell has run.</summary>
    /// <param name="ended">Whether it ended without an error; what a cell that failed has named is not seen later.</param>
    member _.Settle(ended: bool) =
        if ended then
            Seq.iter hide given

        Seq.iter take fresh
        given.Clear()
        fresh.Clear()
