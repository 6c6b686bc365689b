/// Jupyter's notebook page in Chromium, with the installed kernel, used as a reader uses it: by its menus and buttons.
module Engram.Tests.Kernel.NotebookPageTests

open System.IO
open System.Text.Json.Nodes
open Expecto
open Engram.Notebooks
open Engram.Tests

let private cells = [
    "#!import setup.dib"
    "long kept = 41;"
    """
var memories = PrngKey.Create(779).Split(10)[0].Uniform([8, 2], -5, 5);
var axis = linspace(-5, 5, 30);
var energy = new LogSumExpEnergy(memories, 1).Value(stack(meshgrid([axis, axis], indexing: "xy"), -1));
Figures.Landscapes(
    [new Landscape(energy, Interval.Symmetric(5)) { Title = Symbols.Beta(1), Memories = memories }],
    new FigureOptions { Title = "A landscape" })"""
    "torch.arange(12).reshape(3, 4)"
    """foreach (var step in Progress.Over(40, "descent")) await Task.Delay(5);"""
    """var told = display("not yet"); told.Update("done at last");"""
    "#!fsharp\nfor step in [ 1..20 ] |> Progress.over \"ascent\" do\n    System.Threading.Thread.Sleep 5\nSome [ 1..3 ]"
]

/// Writes the notebook and what its first cell imports.
let private write (folder: string) =
    File.Copy(Path.Combine(Repository.root, "notebooks", "setup.dib"), Path.Combine(folder, "setup.dib"))

    let cells = [|
        for number, source in List.indexed cells ->
            NotebookCell($"cell-{number}", CellKind.Code, "csharp", source.Trim(), JsonObject())
    |]

    let document = NotebookDocument(cells, JsonObject(), "csharp").ForJupyter()
    Documents.Save(document, Path.Combine(folder, "page.ipynb"))

let private button action =
    $"""button[data-jupyter-action="jupyter-notebook:{action}"]"""

/// The output area of a cell, counted from 0, or from the end where negative.
let private output cell =
    $"""[...document.querySelectorAll(".code_cell")].at({cell}).querySelector(".output")"""

/// Waits until no cell is left to run: a star stands in the prompts of those that are.
let private awaitAll (page: Browser) =
    page.WaitFor(
        60.0,
        "end of all cells",
        """[...document.querySelectorAll(".input_prompt")].every(prompt => !prompt.innerText.includes("*"))
           && document.querySelector(".kernel_idle_icon")"""
    )

/// The output area of the cell that was run last: "Run" makes an empty cell below it.
let private ran = output -2

/// Writes a cell below the others, chooses it, and presses "Run".
let private run (page: Browser) (code: string) =
    let quoted = JsonValue.Create(code).ToJsonString()

    page.Evaluate
        $"""Jupyter.notebook.insert_cell_at_bottom("code").set_text({quoted});
            Jupyter.notebook.select(Jupyter.notebook.ncells() - 1);
            null"""
    |> ignore

    page.Click(button "run-cell-and-select-next")

/// Runs a cell to its end and reads what it shows.
let private answer (page: Browser) code =
    run page code
    awaitAll page
    page.Text $"{ran}.innerText"

let private opened (server: JupyterServer) (page: Browser) =
    page.Open(server.Page "page.ipynb")

    page.WaitFor(
        60.0,
        "connected kernel",
        "window.Jupyter?.notebook?.kernel?.is_connected() && document.querySelector('.kernel_idle_icon')"
    )

    Expect.equal
        (page.Text "document.querySelector('.kernel_indicator_name').innerText")
        ".NET (C#)"
        "the kernel's name"

let private runsAll (page: Browser) =
    page.Click "#celllink"
    page.Click "#run_all_cells"
    awaitAll page

    let prompts =
        "[...document.querySelectorAll('.input_prompt')].map(prompt => prompt.innerText).join(' ')"

    let wanted = cells |> List.mapi (fun i _ -> $"In [{i + 1}]:") |> String.concat " "
    Expect.equal ((page.Text prompts).Replace('\u00A0', ' ')) wanted "every cell has run"
    Expect.equal (page.Number "document.querySelectorAll('.output_error').length") 0.0 "cells that fail"

let private drawsChart (page: Browser) =
    let chart = output 2

    let count selector =
        page.Number $"{chart}.querySelectorAll('{selector}').length"

    page.WaitFor(20.0, "drawn chart", $"{chart}.querySelector('.main-svg')")
    Expect.equal (count ".js-plotly-plot") 1.0 "charts"
    Expect.equal (count ".heatmaplayer image[*|href^=\"data:image/png\"]") 1.0 "heatmaps"
    Expect.equal (count ".scatterlayer .point") 8.0 "memories"

    let width =
        page.Number $"{chart}.querySelector('.main-svg').getBoundingClientRect().width"

    Expect.isGreaterThan width 200.0 "its width on the page"

let private showsValues (page: Browser) =
    let text cell = page.Text $"{output cell}.innerText"
    Expect.stringContains (text 3) "[3, 4] int64" "the tensor's shape and type"

    let cells =
        $"[...{output 3}.querySelectorAll('td')].map(cell => cell.innerText.trim()).join(' ')"

    Expect.equal (page.Text cells) "0 5.5 11" "its least, mean and greatest number"

    for cell, label, count in [ 4, "descent", 40; 6, "ascent", 20 ] do
        let bars = $"{output cell}.querySelectorAll('progress')"
        Expect.equal (page.Number $"{bars}.length") 1.0 $"one bar, however often it moved: {text cell}"
        Expect.equal (page.Number $"{bars}[0].position") 1.0 "which is full"
        Expect.stringContains (text cell) $"{label} " "its label"
        Expect.stringContains (text cell) $"{count}/{count} (100 %%)" "and its count"

    Expect.equal ((text 5).Trim()) "done at last" "an updated display"
    Expect.stringContains (text 6) "Some" "a value of F#"

let private stops (page: Browser) =
    run page "Console.WriteLine(\"runs\"); while (true) kept++;"

    page.WaitFor(
        20.0,
        "running cell",
        $"{ran}.innerText.includes('runs') && document.querySelector('.kernel_busy_icon')"
    )

    page.Click(button "interrupt-kernel")
    awaitAll page
    Expect.stringContains (page.Text $"{ran}.innerText") "was interrupted" "what the cell says"
    Expect.stringContains (answer page "kept > 41") "true" "variables live on"

let private restarts (page: Browser) =
    page.Click(button "confirm-restart-kernel")
    page.WaitFor(10.0, "question", "document.querySelector('.modal.in .btn-danger')")
    page.Click ".modal.in .btn-danger"
    page.WaitFor(10.0, "closed question", "!document.querySelector('.modal')")
    let first = answer page "6 * 7"
    Expect.stringContains first "Out[1]:" "the count of a new kernel"
    Expect.stringContains first "42" "and its answer"
    Expect.stringContains (answer page "kept") "'kept'" "which knows nothing of the old one's variables"

[<Tests>]
let tests =
    testSequenced
    <| testList "notebook page" [
        testCase "a reader runs all cells, looks, interrupts and restarts" (fun () ->
            Requirements.chromium () |> ignore
            Requirements.jupyterNotebook () |> ignore
            use server = new JupyterServer()
            write server.Notebooks
            use page = new Browser(1200, 1000)

            try
                opened server page
                runsAll page
                drawsChart page
                showsValues page
                stops page
                restarts page
            with _ ->
                let picture =
                    Path.Combine(Repository.root, "artifacts", "screenshots", "notebook-page.png")

                page.Save picture
                printfn $"{server.Log}\nThe page as it was then: {picture}"
                reraise ())
    ]
