"""Executes notebooks by nbclient in the folder in which they lie; a cell that fails ends it."""
import os
import sys

import nbformat
from nbclient import NotebookClient

for path in sys.argv[1:]:
    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": os.path.dirname(path)}}
    NotebookClient(notebook, timeout=600, resources=where).execute()
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in cells), path
    assert sum(len(cell.outputs) for cell in cells) >= len(cells) / 3, path
