"""The notebooks run with fresh starters and with solved chapters, do no harm, and teach every step.

With solved chapters they run where their outputs are made: see files() in dev/rehearsal.py.
"""
import ast
import builtins
import functools
import json
import re
import symtable

import nbformat
import pytest

from dev import PROJECT
from dev.execution import cleaned, execute, outputs_of, run_all
from dev.rehearsal import FAULTS, is_check, rehearse, watched
from dev.road_notebooks import short_roads
from dev.sandbox import Sandbox, temporary
from dev.slides.road_votes import votes_of
from dev.tests.conftest import chosen
from workshop.course import notebooks
from workshop.course.notebook_hints import hints_for

NAMES = notebooks.names(PROJECT)
STEPS = PROJECT.steps
LONGEST = 15  # lines of a cell
ROADS = {road.name: road for road in short_roads()}
ALL, SHORTEST = [*NAMES, *ROADS], next(iter(ROADS))
CHAPTERS = [name for name in NAMES if name in list(PROJECT.by_stem)]
EACH_RUN = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def fresh(request):
    """The notebooks that were chosen, run with fresh starters, as Rehearsals.

    Each cell runs twice, each section with the first cell's names. A cell that raises is an error here.
    """
    return run_all(chosen(request), functools.partial(rehearse, twice=True, all_checks=False))


def rendered(name):
    """Return the cells of a notebook with what they print."""
    return json.loads((PROJECT.root / notebooks.RENDERED / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]


def cells(name, kind=None):
    return [cell for cell in notebooks.read(PROJECT, name)["cells"] if kind in (None, cell["cell_type"])]


def texts(name, kind=None):
    return [notebooks.text_of(cell) for cell in cells(name, kind)]


def outputs(found):
    """Return {cell id: masked outputs} of cells with code."""
    return {cell["id"]: outputs_of(cell) for cell in found if cell["cell_type"] == "code"}


@EACH_RUN
def test_with_fresh_starters_a_chapter_shows_other_outputs_than_those_that_are_rendered(name, fresh):
    saved, now = outputs(rendered(name)), outputs(fresh[name].notebook.cells)
    assert now.keys() <= saved.keys() and (name not in CHAPTERS or now != saved)


@EACH_RUN
def test_a_cell_that_is_run_again_shows_the_same(name, fresh):
    first = outputs(fresh[name].notebook.cells)
    assert fresh[name].again == {cell_id: first[cell_id] for cell_id in fresh[name].again}
    assert fresh[name].again.keys() == {
        cell["id"] for cell in cells(name, "code") if not notebooks.text_of(cell).startswith("check(")}


@pytest.mark.parametrize("fault", FAULTS)
@EACH_RUN
def test_a_notebook_has_no_fault(name, fault, fresh):
    assert not FAULTS[fault](fresh[name])


def test_the_witness_sees_what_a_cell_must_not_do():
    notebook = nbformat.v4.new_notebook(cells=[
        nbformat.v4.new_code_cell(source, id=name) for name, source in BAD_CELLS.items()])
    with temporary() as sandbox:
        run = watched(notebook, "bad", sandbox.root, twice=False)
    assert {cell_id for cell_id, seen in run.cells.items() if seen["left"]} == {"child", "listener"}
    assert run.cells["slow"]["seconds"] > 0.2 > run.cells["witness-keep"]["seconds"]
    assert {(place["event"], place["place"]) for place in run.places} == {
        ("socket.connect", "127.0.0.2"), ("socket.bind", ""), ("socket.getaddrinfo", "localhost")}


BAD_CELLS = {
    "slow": "import socket, subprocess, sys, time\ntime.sleep(0.2)",
    "child": "child = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE)",
    "listener": "listener = socket.create_server(('127.0.0.1', 0))",
    "tidy": "child.kill()\nchild.wait()\nlistener.close()",
    "abroad": "with socket.socket() as client:\n    client.connect_ex(('127.0.0.2', 1))",
    "open": "socket.create_server(('', 0)).close()",
    "program": "subprocess.run([sys.executable, '-c', 'import socket; socket.getaddrinfo(\"localhost\", 1)'])",
}


@pytest.mark.parametrize("name", NAMES)
def test_navigation_stands_at_both_ends(name):
    ids = [cell["id"] for cell in cells(name)]
    assert ids[0] == "navigation-top" and ids[-1] == "navigation-bottom" and len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", ALL)
def test_links_point_at_what_exists(name):
    for folder, found in [("notebooks", cells(name)), (notebooks.RENDERED, rendered(name))]:
        for target in targets(found):
            path, _, anchor = target.partition("#")
            file = PROJECT.root / folder / path
            assert file.exists(), target
            assert not anchor or f"\n## {anchor.replace('-', ' ')}\n" in with_plain_headings(file), target


def targets(found):
    """Return what the links in cells with text point at, on this machine."""
    text = "\n".join(notebooks.text_of(cell) for cell in found if cell["cell_type"] == "markdown")
    return re.findall(r"\]\((?!https?:)([^)\s]+)\)", re.sub(r"(?ms)^```.*?^```|`[^`\n]*`", "", text))


def with_plain_headings(file):
    """Return the text of a page whose headings have spaces in place of hyphens, as their anchors are compared."""
    return re.sub(r"(?m)^## .*", lambda match: match[0].replace("-", " "), file.read_text(encoding="utf-8"))


class Defined(ast.NodeVisitor):
    """Collects the names that a cell, or a chapter, defines: functions, classes, what is assigned or imported from."""

    def __init__(self, source):
        self.names = set()
        self.visit(ast.parse(source))

    def visit_FunctionDef(self, node):
        self.names.add(node.name)

    visit_AsyncFunctionDef = visit_ClassDef = visit_FunctionDef

    def visit_Name(self, node):
        self.names |= {node.id} if isinstance(node.ctx, ast.Store) else set()

    def visit_ImportFrom(self, node):
        self.names |= {name.asname or name.name for name in node.names}

    def visit_ListComp(self, node):
        """Look at nothing in it: its names are its own."""

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_Lambda = visit_ListComp


@functools.cache
def names_of_chapters():
    """Return the names that the chapters define; what they import is defined elsewhere."""
    trees = [ast.parse(chapter.reference) for chapter in PROJECT.chapters]
    return {name for tree in trees for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom | ast.If)
            for name in Defined(ast.unparse(node)).names}


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_defines_a_name_of_a_chapter(name):
    for cell in cells(name, "code"):
        own = Defined(notebooks.text_of(cell)).names & names_of_chapters()
        assert not own, (cell["id"], own)


@pytest.mark.parametrize("name", ALL)
def test_a_notebook_to_work_in_has_no_outputs_and_is_the_one_that_is_rendered(name):
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in cells(name, "code"))
    assert [notebooks.text_of(cell) for cell in rendered(name) if cell["cell_type"] == "code"] == texts(name, "code")
    assert [cell["id"] for cell in rendered(name)] == [cell["id"] for cell in cells(name)]
    assert "".join(outputs(rendered(name)).values())


@pytest.mark.parametrize("name", ALL)
def test_no_cell_with_code_is_longer_than_the_eye_takes_in(name):
    """The first cell of a road imports what those of all its chapters do; the others begin with their numbers."""
    found = [re.sub(r"^# Cell \d+\n", "", text) for text in texts(name, "code")[name in ROADS:]]
    assert {text.count("\n") + 1 for text in found} <= set(range(LONGEST + 1))


@pytest.mark.parametrize("name", ALL)
def test_code_is_code_and_no_text_that_is_run(name):
    assert not [text for text in texts(name, "code") if re.search(r"^\w+ = r?f?(\'{3}|\"{3})", text, re.MULTILINE)]


def test_the_notebook_of_a_road_runs_as_the_road_begins(tmp_path):
    """Each section in turn, with the names of the first cell alone: nothing raises, and nothing has a fault.

    The shortest one; the others have sections of the same chapters, which run there.
    """
    mine = Sandbox(tmp_path / "mine")
    assert mine.run("begin", SHORTEST).returncode == 0
    found = rehearse(SHORTEST, mine.root, all_checks=False)
    assert not {fault: seen for fault, find in FAULTS.items() if (seen := find(found))}
    assert any("not started" in text for text in outputs(found.notebook.cells).values())


def run_in_order(name, folder):
    """Run the notebook of a road from top to bottom in a kernel, all steps filled in, without the checks; return it."""
    notebook = nbformat.read(folder / "notebooks" / f"{name}.ipynb", as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code" and not is_check(cell)]
    execute(notebook, name, folder)
    return notebook


@pytest.mark.parametrize("name", ROADS)
def test_the_notebook_of_a_road_runs_in_one_kernel_and_shows_what_is_rendered(name):
    """What is rendered comes from the chapters' notebooks, where each section has a kernel that was just started."""
    ran = run_all([name], run_in_order, list(PROJECT.by_stem))
    now, there = outputs(ran[name].cells), outputs(rendered(name))
    assert now and now == {cell_id: there[cell_id] for cell_id in now}


# Names, by reading alone: with starters and with solved chapters alike.

GIVEN = {*dir(builtins), "display", "get_ipython"}


def names_in(cell):
    """Return the names that a cell gives a value, and those that it uses: outside of functions, or from inside one."""
    text = re.sub(r"\b(await|async(?= with)) ", "", notebooks.text_of(cell))  # symtable refuses both since Python 3.14
    table = symtable.symtable(text, cell["id"], "exec")
    symbols = table.get_symbols()
    bound = {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}
    return bound, {symbol.get_name() for symbol in symbols if symbol.is_referenced()} | globals_in(table)


def globals_in(table):
    """Return the names of the module that the functions and classes of a table use."""
    inner = table.get_children()
    own = {symbol.get_name() for one in inner for symbol in one.get_symbols() if symbol.is_global()}
    return own.union(*map(globals_in, inner))


def without_a_value(found, left_out=()):
    """Return the names that sections use and that neither they nor the first cell give a value, by cell.

    found are the cells of a notebook; some, by their ids, are not run.
    """
    [[first, *_], *_] = [with_code for some in notebooks.sections(found) if (with_code := code_in(some))]
    missing = {}
    for section in notebooks.sections(found):
        known = GIVEN | names_in(first)[0]
        for cell in code_in(section):
            bound, used = names_in(cell)
            known |= set() if cell["id"] in left_out else bound
            missing |= {cell["id"]: used - known - bound} if cell["id"] not in left_out else {}
    return {cell_id: names for cell_id, names in missing.items() if names}


def code_in(found):
    return [cell for cell in found if cell["cell_type"] == "code"]


@pytest.mark.parametrize("name", ALL)
def test_each_section_runs_with_the_first_cell_alone(name):
    assert not without_a_value(cells(name))


@pytest.mark.parametrize("name", ROADS)
def test_a_cell_needs_none_that_is_for_when_there_is_time(name):
    spare = {block.cell for some in votes_of(ROADS[name]).values() for vote in some if not vote.kept
             for block in vote.question.runs}
    assert spare and not without_a_value(cells(name), spare)
    for cell_id in spare:  # and those need no other of them: any may be left out, or be the only one that is not
        assert not without_a_value(cells(name), spare - {cell_id}), cell_id


@pytest.mark.parametrize("name", ALL)
def test_no_cell_gives_a_name_of_the_first_cell_another_value(name):
    """Each cell may be run at any time, and all of them in one kernel. The same import changes nothing."""
    first, *others = code_in(cells(name))
    kept = names_in(first)[0] | GIVEN
    for cell in others:
        same = imports_of(cell) & imports_of(first)
        assert not names_in(cell)[0] & kept - {name for _, name in same}, cell["id"]


def imports_of(cell):
    """Return what a cell imports, as pairs: from where and what, and the name that it has then."""
    return {((getattr(node, "module", None), one.name), one.asname or one.name)
            for node in ast.walk(ast.parse(notebooks.text_of(cell))) if isinstance(node, ast.Import | ast.ImportFrom)
            for one in node.names}


def test_a_name_of_another_section_and_one_of_the_first_cell_are_seen():
    found = [{"cell_type": kind, "id": str(count), "source": [text]} for count, (kind, text) in enumerate([
        ("code", "from flask import request"), ("markdown", "## One"), ("code", "named = 1"), ("markdown", "### Two"),
        ("code", "def show():\n    return named"), ("code", "request = b''")])]
    assert without_a_value(found) == {"4": {"named"}}
    assert names_in(found[-1])[0] == {"request"}


@pytest.mark.parametrize("name", ROADS)
def test_a_bug_on_a_road_has_no_number_of_its_chapter(name):
    assert not re.search(r"Spot the bugs?, ", "\n".join(texts(name)))
    assert "minutes of a step are those of a class" in texts(name)[0]


@pytest.mark.parametrize("name", NAMES)
def test_no_line_is_too_wide_for_a_phone(name):
    wide = [line for text in texts(name, "code") for line in text.splitlines() if len(line) > 100]
    assert not wide, wide


@pytest.mark.parametrize("name", NAMES)
def test_outputs_need_no_extension_of_an_editor(name):
    """Plain text, HTML without scripts, Markdown: each with a plain text for editors that show no more."""
    for output in [output for cell in rendered(name) for output in cell.get("outputs", []) if "data" in output]:
        kinds = output["data"].keys()
        assert "text/plain" in kinds and kinds <= {"text/plain", "text/html", "text/markdown"}
        assert "<script" not in "".join(output["data"].get("text/html", []))


@pytest.mark.parametrize("number", [number for number, step in STEPS.items() if step.path.stem in CHAPTERS])
def test_every_step_is_introduced_hinted_and_checked(number):
    name = STEPS[number].path.stem
    markdown, code = "\n".join(texts(name, "markdown")), "\n".join(texts(name, "code"))
    assert f"Step {number}" in markdown and f"{STEPS[number].minutes} minutes" in markdown
    assert re.search(rf'check\(.*"{re.escape(number)}"', code)
    assert len(hints_for(STEPS[number])) == 3


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_closes_with_questions_and_further_reading(name):
    markdown = "\n".join(texts(name, "markdown"))
    for heading in ("## What we left out", "## Recap", "## Test yourself", "## Further reading"):
        assert heading in markdown
    assert markdown.count("<details>") == markdown.count("</details>")


SLIPS = {
    "it waits for another blank line": ("ch01_socket", "bug-blank-line"),
    "it asks a client that has left for more, for ever": ("ch01_socket", "bug-loop"),
    "it sends with send": ("ch01_socket", "bug-send"),
    "it counts characters": ("ch01_socket", "bug-length"),
    "its date is a constant": ("ch01_socket", "bug-date"),
    "it closes on one path only": ("ch01_socket", "bug-client-gone"),
    "its page does not close html": ("ch01_socket", "bug-html"),
    "start_response comes late, returns write, has exc_info": ("ch03_environ", "bug-naive"),
    "close is called in the end, of the iterable": ("ch03_environ", "bug-close"),
    "close stands in finally": ("ch04_response", "bug-finally"),
    "a mount ends at a segment": ("ch05_middleware", "bug-startswith-code"),
    "SCRIPT_NAME grows": ("ch05_middleware", "bug-replaced-code"),
    "exc_info is a boolean": ("ch03_environ", "bug-boolean"),
    "a Content-Length is an int": ("ch03_environ", "bug-int"),
    "CONTENT-TYPE has a hyphen": ("ch03_environ", "bug-hyphen"),
    "every variable is there, if need be empty": ("ch03_environ", "bug-absent"),
    "SERVER_NAME is the host": ("ch03_environ", "bug-server-name"),
    "wsgi.version is the server's": ("ch03_environ", "bug-version"),
}  # what the notes say that the tutorial grew from -> notebook and cell where the reader sees it fail


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_of_the_notes_is_a_bug_to_spot(slip):
    name, cell_id = SLIPS[slip]
    found = rendered(name)
    place = [cell["id"] for cell in found].index(cell_id)
    question, cell, explanation = found[place - 1:place + 2]
    assert cell["cell_type"] == "code" and outputs_of(cell), "the reader runs it, and sees it fail"
    assert re.search(r"(?i)spot the bug", notebooks.text_of(question))
    assert re.search(r"<summary>(What is wrong|Which line is wrong)", notebooks.text_of(explanation))


@pytest.mark.parametrize("text, left", [
    ("204\nTask queue depth is 1\na note for the log\n", "204\na note for the log\n"),
    ("the Task queue depth is 1\n", "the Task queue depth is 1\n"),
])
def test_what_waitress_says_of_a_busy_machine_is_no_output_of_a_cell(text, left):
    assert cleaned({"output_type": "stream", "name": "stdout", "text": text}, PROJECT.root)["text"] == left
