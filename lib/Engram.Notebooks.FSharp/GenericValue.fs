namespace Engram.Notebooks

open FSharp.Compiler.Diagnostics

/// A last expression of generic type, such as <c>failwith "no"</c> or <c>[]</c>: F# Interactive refuses to name its
/// value. Nothing has run by then, so the submission is taken once more with that expression as an object.
module internal GenericValue =

    /// Whether a problem is that of a last expression with a generic type.
    let isLast (problem: CompilerProblem) =
        problem.Code = "FS0030" && problem.Message.Contains "'it'"

    /// The submission with its last expression as an object, on the same lines.
    let boxed (submission: Submission) (diagnostics: FSharpDiagnostic[]) =
        let place =
            diagnostics |> Array.find (fun each -> each.Severity = FSharpDiagnosticSeverity.Error)

        let lines = submission.Code.Split '\n'
        let first, last = place.StartLine - 1, place.EndLine - 1
        lines[last] <- lines[last].Insert(place.EndColumn, ")")

        for i in first..last do
            lines[i] <-
                if i = first then
                    lines[i].Insert(place.StartColumn, "box(")
                else
                    "    " + lines[i]

        Submission(String.concat "\n" lines, submission.Cell)
