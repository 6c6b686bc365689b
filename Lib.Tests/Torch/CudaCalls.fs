/// Counts what CUDA's runtime is asked to copy between host and device, or to wait for, by the callbacks of CUPTI,
/// NVIDIA's profiling interface, which libtorch's CUDA build brings.
module Engram.Tests.Torch.CudaCalls

open System
open System.Runtime.InteropServices
open Expecto

[<UnmanagedFunctionPointer(CallingConvention.Cdecl)>]
type private Callback = delegate of user: nativeint * domain: int * id: uint32 * data: nativeint -> unit

[<UnmanagedFunctionPointer(CallingConvention.Cdecl)>]
type private Subscribe = delegate of subscriber: byref<nativeint> * callback: Callback * user: nativeint -> int

[<UnmanagedFunctionPointer(CallingConvention.Cdecl)>]
type private EnableDomain = delegate of enable: uint32 * subscriber: nativeint * domain: int -> int

[<UnmanagedFunctionPointer(CallingConvention.Cdecl)>]
type private Unsubscribe = delegate of subscriber: nativeint -> int

let private runtimeApi = 2

let private library () =
    [ "libcupti.so.13"; "libcupti.so.12"; "libcupti.so" ]
    |> List.tryPick (fun name ->
        match NativeLibrary.TryLoad name with
        | true, handle -> Some handle
        | _ -> None)
    |> Option.defaultWith (fun () ->
        eprintfn "skipped: CUPTI was not found"
        skiptest "CUPTI was not found")

let private call<'T when 'T :> Delegate> library name =
    Marshal.GetDelegateForFunctionPointer<'T>(NativeLibrary.GetExport(library, name))

let private check what status =
    if status <> 0 then
        failtest $"{what} answers {status}"

/// Copies between host and device, and waits of the host, by name. CUpti_CallbackData starts with the site (0 on
/// entry), the function's name and its parameters; those of cudaMemcpyAsync hold the kind of copy after three words.
let private name data =
    let called = Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(data, 8))

    if called.StartsWith "cudaMemcpyAsync" then
        match Marshal.ReadInt32(Marshal.ReadIntPtr(data, 16), 24) with
        | 1 -> Some "host to device"
        | 2 -> Some "device to host"
        | _ -> None
    elif called.StartsWith "cudaMemcpy" && not (called.Contains "Peer") then
        Some called
    elif called.Contains "Synchronize" then
        Some called
    else
        None

/// The calls that some work makes, each with its count.
let during (work: unit -> unit) =
    let cupti = library ()
    let calls = Collections.Generic.List<string>()

    let callback =
        Callback(fun _ _ _ data ->
            if Marshal.ReadInt32 data = 0 then
                lock calls (fun () -> name data |> Option.iter calls.Add))

    let mutable subscriber = 0n
    check "cuptiSubscribe" ((call<Subscribe> cupti "cuptiSubscribe").Invoke(&subscriber, callback, 0n))
    let enable = call<EnableDomain> cupti "cuptiEnableDomain"

    try
        check "cuptiEnableDomain" (enable.Invoke(1u, subscriber, runtimeApi))
        work ()
        enable.Invoke(0u, subscriber, runtimeApi) |> ignore
    finally
        (call<Unsubscribe> cupti "cuptiUnsubscribe").Invoke subscriber |> ignore

    GC.KeepAlive callback
    lock calls (fun () -> calls |> Seq.countBy id |> Map.ofSeq)
