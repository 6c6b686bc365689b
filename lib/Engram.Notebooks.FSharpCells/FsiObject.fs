namespace FSharp.Compiler.Interactive

open System
open System.Globalization
open Engram.Notebooks
open Microsoft.DotNet.Interactive.Formatting

/// What F# Interactive's scripts call <c>fsi</c>. Its printers show values in cells; the settings of its own printing are
/// kept and change nothing, as cells show values by the notebook's rules.
type InteractiveSession() =

    let show mimeType (content: 'T -> objnull) =
        let write (value: 'T) (context: FormatContext) =
            match content value with
            | null -> false
            | text ->
                context.Writer.Write text
                true

        Formatter.Register<'T>(FormatDelegate<'T> write, mimeType)

    /// The command line, of which a notebook has the program's name alone.
    member val CommandLineArgs = [| "engram" |] with get, set

    /// How F# Interactive prints a float: a .NET format.
    member val FloatingPointFormat = "g10" with get, set

    /// Whose numbers and dates F# Interactive prints.
    member val FormatProvider: IFormatProvider = CultureInfo.InvariantCulture with get, set

    /// The characters of a line.
    member val PrintWidth = 78 with get, set

    /// How deep nested values are printed.
    member val PrintDepth = 100 with get, set

    /// The items of a collection that are printed.
    member val PrintLength = 100 with get, set

    /// The objects that are printed of one value.
    member val PrintSize = 10000 with get, set

    /// Whether properties are printed.
    member val ShowProperties = true with get, set

    /// Whether the items of sequences are printed.
    member val ShowIEnumerable = true with get, set

    /// Whether the values of declarations are printed.
    member val ShowDeclarationValues = true with get, set

    /// <summary>Shows the values of a type as a text.</summary>
    /// <param name="printer">The text of a value; null where it has none to give.</param>
    member _.AddPrinter(printer: 'T -> string) =
        show PlainTextFormatter.MimeType (printer >> box)

    /// <summary>Shows the values of a type as other values are shown.</summary>
    /// <param name="transformer">What to show in a value's place; null where it has nothing to give.</param>
    member _.AddPrintTransformer(transformer: 'T -> obj) =
        for mimeType in [ HtmlFormatter.MimeType; PlainTextFormatter.MimeType ] do
            let text (other: objnull) =
                match other with
                | null -> null
                | other -> box (MimeBundles.Of(other).Text mimeType)

            show mimeType (transformer >> text)

/// Where F# Interactive keeps it.
module Settings =

    /// F# Interactive, as far as a cell can speak to it.
    let fsi = InteractiveSession()
