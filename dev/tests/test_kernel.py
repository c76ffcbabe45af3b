"""A notebook that runs with a Python that lacks something says so in one sentence, and shows no traceback."""
import json

import nbformat
import pytest

from dev import PROJECT
from dev.execution import execute
from dev.sandbox import temporary
from workshop.course import notebooks
from workshop.machine.invocation import VARIABLE

HIDE = """
import importlib.util
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "flask" else find(name, *more)
"""


@pytest.mark.parametrize("name", notebooks.names(PROJECT))
def test_the_first_cell_begins_with_the_import_that_looks_at_the_kernel(name):
    cells = [cell for cell in notebooks.read(PROJECT, name)["cells"] if cell["cell_type"] == "code"]
    statements = [line for line in notebooks.text_of(cells[0]).splitlines() if not line.startswith("#")]
    assert statements[0].startswith("from workbench import ")


def test_one_sentence_takes_the_place_of_each_traceback(monkeypatch):
    monkeypatch.setenv(VARIABLE, "py -m workshop")
    notebook = nbformat.v4.new_notebook(cells=[
        nbformat.v4.new_code_cell(source) for source in (HIDE, "from workbench import check", "check('1.1')")])
    for cell in notebook.cells[1:]:
        cell.metadata["tags"] = ["raises-exception"]
    with temporary() as sandbox:
        execute(notebook, "ch01_socket", sandbox.root)
    first, second = (json.dumps(cell.outputs) for cell in notebook.cells[1:])
    for shown in (first, second):
        assert "which has no flask. Choose the kernel of the folder .venv, which `py -m workshop lab` makes" in shown
        assert "Traceback" not in shown
