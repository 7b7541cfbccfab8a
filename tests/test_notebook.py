"""The notebook of the documents is kept without outputs, its links lead somewhere, and it runs on the example data."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from house import ROOT
from test_docs import LINK

NOTEBOOK = ROOT / "docs/notebook/example.ipynb"
RUN = """
import sys, jupyter_client, nbclient, nbformat
path, folder = sys.argv[1:]
read = nbformat.read(path, nbformat.NO_CONVERT)
manager = jupyter_client.AsyncKernelManager(transport="ipc", ip=f"{folder}/at")
nbclient.NotebookClient(read, km=manager, timeout=300).execute()
nbformat.write(read, f"{folder}/ran.ipynb")
"""
"""The kernel listens on no port, and keeps no history."""


@pytest.fixture(scope="module")
def notebook():
    """The notebook as it is kept."""
    return nbformat.read(NOTEBOOK, nbformat.NO_CONVERT)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The notebook after all its cells ran: in a process of its own, as nbclient leaves sockets to the end of one."""
    folder = tmp_path_factory.mktemp("kernel")
    done = subprocess.run(
        [sys.executable, "-c", RUN, NOTEBOOK, folder],
        cwd=NOTEBOOK.parent, env=os.environ | {"IPYTHONDIR": str(folder)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr[-2000:] if done.returncode else "") == (0, "")
    return nbformat.read(folder / "ran.ipynb", nbformat.NO_CONVERT)


def shown(notebook, cell: str) -> str:
    """What a cell shows last, as text."""
    outputs = next(one.outputs for one in notebook.cells if one.id == cell)
    return outputs[-1]["data"]["text/plain"]


def test_it_is_kept_as_its_format_asks_and_without_outputs(notebook):
    """Nobody reads what an older version has shown; the cells have their own ids."""
    nbformat.validate(notebook)
    assert notebook.nbformat == 4
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) >= 6
    assert [cell.id for cell in code if cell.outputs or cell.execution_count is not None] == []


def test_its_links_lead_somewhere(notebook):
    """Each link to a file of the repository is there."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    targets = [found["target"] for found in LINK.finditer(text) if ":" not in found["target"]]
    assert len(targets) >= 5
    assert [target for target in targets if not (NOTEBOOK.parent / Path(target)).exists()] == []


def test_it_runs_on_the_example_data(ran):
    """Opened, counted, compared with the truth, drawn: each onset lies in the interval that was measured."""
    assert "2026-11-16 to 2026-11-17" in shown(ran, "shares")
    assert "standing" in shown(ran, "incidents")
    assert [line.split()[-1] for line in shown(ran, "held").splitlines() if line[:1].isdigit()][-5:] == ["True"] * 5
    assert "FacetChart" in shown(ran, "chart")
    assert "Blocked by name" in shown(ran, "cite")
