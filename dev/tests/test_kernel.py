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


def shown_by(*cells, **files):
    """Run cells in a kernel beside some files ({module's name: text}) and return what each shows, as JSON."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    for cell in notebook.cells:
        cell.metadata["tags"] = ["raises-exception"]
    with temporary() as sandbox:
        for name, text in files.items():
            (sandbox.root / f"{name.replace('__', '/')}.py").write_text(text, encoding="utf-8")
        execute(notebook, "ch01_socket", sandbox.root)
    return [json.dumps(cell.outputs) for cell in notebook.cells]


def test_a_file_beside_the_notebooks_that_hides_a_module_is_named_in_a_sentence():
    for shown in shown_by("from workbench import check", "check('1.1')", notebooks__calendar="MINE = True"):
        assert "notebooks/calendar.py hides the module calendar that notebooks import: give it another name" in shown
        assert "Traceback" not in shown


def test_a_file_beside_the_readme_hides_no_module_from_a_notebook_and_is_named_where_something_is_wrong():
    _, checked, _, wrong = shown_by(
        "from workbench import ROOT, check", "check('1.1')",
        "_ = (ROOT / 'chapters' / 'ch01_socket.py').write_text('')", "check('1.1')", calendar="raise SystemExit")
    assert "\\u25cb 1.1" in checked and "hides" not in checked
    assert "calendar.py hides the module calendar that checks and chapters import" in wrong and "\\u2718" in wrong


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
