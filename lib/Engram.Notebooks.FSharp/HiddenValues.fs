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

    /// The compiled code of what runs, and of what has run, with whether that ended without an error.
    let running = List<struct (byte[] * Assembly)>()
    let ran = Queue<struct (byte[] * Assembly * bool)>()

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

    let settle (uses: CellUses) (assembly: Assembly) (ended: bool) =
        let kept = [ for value in uses.Kept -> KeptField(value, assembly) ]

        for each in kept do
            places[each.Value.Place] <- each

        Seq.iter
            read
            (if uses.ReadsUnseen then
                 Seq.toArray places.Keys :> seq<_>
             else
                 uses.Read)

        // What a cell that failed has named is not seen later.
        if ended then
            Seq.iter hide uses.Names

        List.iter take kept

    /// <summary>Hears of code that is loaded and about to run.</summary>
    /// <param name="code">It, as it was compiled.</param>
    /// <param name="assembly">It, as it runs.</param>
    member _.Hear (code: byte[]) (assembly: Assembly) = running.Add(struct (code, assembly))

    /// <summary>Hears that what was heard of has run.</summary>
    /// <param name="ended">Whether without an error.</param>
    member _.End(ended: bool) =
        for struct (code, assembly) in running do
            ran.Enqueue(struct (code, assembly, ended))

        running.Clear()

    /// Lets go of what is hidden by what has run. Nobody should have to wait for that.
    member _.Settle() =
        while ran.Count > 0 do
            let struct (code, assembly, ended) = ran.Dequeue()
            settle (CellUses.Of code) assembly ended
