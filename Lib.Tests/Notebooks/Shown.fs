/// What a frontend shows of a value.
module Engram.Tests.Notebooks.Shown

open System.Text
open Expecto
open Engram.Notebooks

type Point = { X: int; Y: float }

let plain (value: obj) =
    (MimeBundles.Of value).Text "text/plain"

let html (value: obj) = (MimeBundles.Of value).Text "text/html"

let has (text: string) (part: string) = Expect.stringContains text part part

let private asJupyterWrites =
    Json.JsonSerializerOptions(Encoder = Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)

/// What a bundle takes in a message or a notebook.
let bytes (bundle: MimeBundle) =
    Encoding.UTF8.GetByteCount(bundle.Data.ToJsonString asJupyterWrites)

let size (value: obj) = bytes (MimeBundles.Of value)
