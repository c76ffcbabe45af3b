"""Where there is no gunicorn, cells that ask it show what they printed elsewhere, and the others run as they are."""
import json

import nbformat
import pytest

from dev import PROJECT
from dev.execution import execute, outputs_of
from dev.sandbox import temporary
from workshop.course import notebooks
from workshop.lesson.recorded import HEADING, without_asking

WITHOUT = """
import dataclasses
from workshop.machine import servers
servers.SERVERS["gunicorn"] = dataclasses.replace(servers.SERVERS["gunicorn"], runs_here=False)
"""


@pytest.mark.parametrize("text, expected", [
    ("x = 1\n", ["x = 1\n"]),
    ('names = ["gunicorn"]\n', ['names = ["gunicorn"]\n']),
    ('APP = "…"\nask("gunicorn", APP)\n', ["APP = '…'\n", "SHOW('APP = \"…\"\\nask(\"gunicorn\", APP)\\n')\n"]),
    ("for name in SERVERS:\n    ask(name)\n", ["SHOW('for name in SERVERS:\\n    ask(name)\\n')\n"]),
    ("for name in [*SERVERS, 'werkzeug']:\n    ask(name)\n",
     ["SHOW(\"for name in [*SERVERS, 'werkzeug']:\\n    ask(name)\\n\")\n"]),
    ("ask('gunicorn\n", ["ask('gunicorn\n"]),
])
def test_what_defines_something_still_runs(text, expected):
    call = "__import__('importlib').import_module('m').show("
    lines = without_asking(text.splitlines(keepends=True), "m.show")
    assert [line.replace(call, "SHOW(") for line in lines] == expected


@pytest.mark.parametrize("name, cell", [("ch03_environ", "bug-int"), ("ch04_response", "see-list")])
def test_all_cells_of_a_chapter_run_and_show_what_is_saved(name, cell):
    """These ask gunicorn most often. The kernel is told that there is none, before workbench is imported."""
    with temporary(*PROJECT.by_stem) as sandbox:
        front = sandbox.root / "notebooks" / "workbench.py"
        source = front.read_text(encoding="utf-8")
        front.write_text(source.replace("from workshop.lesson.recorded", f"{WITHOUT}\nfrom workshop.lesson.recorded"),
                         encoding="utf-8")
        notebook = nbformat.read(notebooks.path_of(PROJECT, name), as_version=4)
        with_outputs = nbformat.read(PROJECT.root / notebooks.RENDERED / f"{name}.ipynb", as_version=4)
        saved = {cell.id: outputs_of(cell) for cell in with_outputs.cells if cell.cell_type == "code"}
        notebook.cells = [cell for cell in notebook.cells if not cell.source.startswith("check(")]  # they ask nobody
        execute(notebook, name, sandbox.root)
    shown = {cell.id: outputs_of(cell) for cell in notebook.cells if cell.cell_type == "code"}
    recorded = {id for id, text in shown.items() if HEADING in text}
    assert len(recorded) > 10 and cell in recorded
    assert {id: text.replace(HEADING, "") for id, text in shown.items() if id in recorded} == {
        id: text for id, text in saved.items() if id in recorded}
    assert json.dumps([shown[id] for id in shown if id not in recorded]).count("Traceback") == 0
