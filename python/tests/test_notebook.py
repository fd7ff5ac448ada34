from __future__ import annotations

import nbformat
from conftest import ROOT
from nbclient import NotebookClient


def test_the_notebook_runs_from_top_to_bottom(tmp_path):
    notebook = nbformat.read(ROOT / "examples/first_steps.ipynb", as_version=4)
    assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code")  # kept clean
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": tmp_path}}).execute()
    outputs = [o for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs]
    assert any("run directory: runs/Pendulum-v1-0-" in o.get("text", "") for o in outputs)
    kinds = {kind for o in outputs for kind in o.get("data", {})}
    assert {"image/gif", "image/png", "text/plain"} <= kinds
    assert (tmp_path / "sweep.html").stat().st_size > 10_000
