/// What a frontend shows of a value.
module Engram.Tests.Notebooks.Shown

open Expecto
open Engram.Notebooks

type Point = { X: int; Y: float }

let plain (value: obj) =
    (MimeBundles.Of value).Text "text/plain"

let html (value: obj) = (MimeBundles.Of value).Text "text/html"

let has (text: string) (part: string) = Expect.stringContains text part part
