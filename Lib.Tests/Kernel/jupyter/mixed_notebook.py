"""A notebook of C# and F# cells that share values, executed by nbclient; what each cell shows is checked."""
import nbformat.v4 as v4
from nbclient import NotebookClient

CELLS = [
    ("using Engram; using TorchSharp;\nvar x = torch.tensor(new[] { 1f, 2f, 3f });", None),
    ("var scale = 2.0; scale", "2"),
    ("#!fsharp\n#!share scale --from csharp\nscale * 21.0", "42"),
    ("#!fsharp\n#!share x --from csharp\nopen Engram\n(Diff.grad (fun v -> (v * v).sum()) x).data<float32>().ToArray()",
     "[2, 4, 6]"),
    ("#!fsharp\nlet doubled = [| for i in 1..3 -> 2 * i |]", None),
    ("#!share doubled --from fsharp\ndoubled.Sum()", "12"),
    ("foreach (var i in Progress.Over(50, \"descent\")) { }\n\"done\"", "done"),
]

notebook = v4.new_notebook(cells=[v4.new_code_cell(code) for code, _ in CELLS])
notebook.metadata.kernelspec = {"name": ".net-csharp", "display_name": ".NET (C#)", "language": "C#"}
NotebookClient(notebook, timeout=120).execute()
for cell, (code, wanted) in zip(notebook.cells, CELLS):
    results = [output.data["text/plain"] for output in cell.outputs if output.output_type == "execute_result"]
    assert results == ([] if wanted is None else [wanted]), (code, results)

bars = [output for output in notebook.cells[-1].outputs if output.output_type == "display_data"]
assert len(bars) == 1, "one progress bar in the saved notebook"
