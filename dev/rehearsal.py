"""Runs the notebooks more severely than a reader does, before a witness (see notebook_witness.py).

Each section finds only the names that the notebook's first cell has defined, as in a kernel that was just started;
each cell can be run twice in a row, and what a cell connects to, waits for and leaves behind is written down. Checks
take long: they are run once, and where chapters are not solved, only the first of a notebook is (test_workbench.py
looks at what they show). The notebooks with their outputs come from such a run, with all chapters solved.

    python -m dev rehearsal                   start a kernel for each section of all notebooks
    python -m dev rehearsal ch01_socket       of one of them
"""
import argparse
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from dev import PROJECT, notebook_witness
from dev.execution import execute, outputs_of, run_all
from dev.sandbox import processes_with
from workshop.course import notebooks

CHECKS = re.compile(r"(?m)^check\(")  # on a road the cells begin with their numbers
AGAIN = "-again"  # behind the id of a cell that is run for the second time
LONGEST = 10  # seconds that a cell may take, where a processor is free for it
CHECK = 30  # and a check, which takes about one

Seen = dict[str, Any]  # of a cell: {"seconds": …, "left": what it left open}


@dataclass
class Rehearsal:
    """A notebook that was run, with its new outputs, and all that was seen meanwhile."""

    notebook: nbformat.NotebookNode
    again: dict[str, str]  # cell id -> the masked outputs of its second run, where there was one
    cells: dict[str, Seen]  # by the cells' ids
    places: list[dict[str, str]]  # where a socket has led beyond 127.0.0.1
    left: list[str]  # the processes that have outlived the kernel

    def warnings(self) -> list[str]:
        """Return the ids of the cells that show a warning."""
        return [cell.id for cell in self.notebook.cells if re.search(r"\w+Warning\b", outputs_of(cell))]

    def slow(self) -> dict[str, float]:
        """Return the seconds of the cells that take too many of them."""
        return {name: seen["seconds"] for name, seen in self.cells.items()
                if seen["seconds"] > (CHECK if name.startswith("check-") else LONGEST)}

    def left_open(self) -> dict[str, list[str]]:
        """Return the processes and sockets that have outlived their cells, by those, and their kernel."""
        left = {name: seen["left"] for name, seen in self.cells.items()} | {"the kernel": self.left}
        return {name: found for name, found in left.items() if found}


# What a notebook must not do, and where it shows.
FAULTS: dict[str, Callable[[Rehearsal], Any]] = {
    "shows a warning": Rehearsal.warnings,
    "has a cell that takes too long": Rehearsal.slow,
    "leaves a process or a socket behind": Rehearsal.left_open,
    "leads beyond this machine": lambda rehearsal: rehearsal.places,
}


def rehearse(name: str, folder: Path, twice: bool = False, all_checks: bool = True) -> Rehearsal:
    """Run a notebook in a copy of the repository. Raises CellExecutionError."""
    notebook = nbformat.read(folder / "notebooks" / f"{name}.ipynb", as_version=4)
    if not all_checks:
        _, *others = filter(is_check, notebook.cells)
        notebook.cells = [cell for cell in notebook.cells if cell not in others]
    return watched(notebook, name, folder, twice)


def is_check(cell: nbformat.NotebookNode) -> bool:
    """Tell whether a cell runs the checks of steps."""
    return cell.cell_type == "code" and CHECKS.search(cell.source) is not None


def watched(notebook: nbformat.NotebookNode, name: str, folder: Path, twice: bool) -> Rehearsal:
    """Run the cells of a notebook before a witness. Raises CellExecutionError."""
    place = folder / f"witness-{name}"
    place.mkdir()
    shutil.copy(notebook_witness.__file__, place / "sitecustomize.py")
    plain = notebook.cells
    notebook.cells = list(with_witness(plain, twice))
    execute(notebook, name, folder, place, WITNESS=str(place / "records"))
    ran = {cell.id: cell for cell in notebook.cells}
    seen, places = records(place / "records", notebook.cells)
    notebook.cells = [ran[cell.id] for cell in plain]
    again = {cell.id: outputs_of(ran[cell.id + AGAIN]) for cell in plain if cell.id + AGAIN in ran}
    left = list(map(str, processes_with("WITNESS", str(place / "records"))))
    return Rehearsal(notebook, again, seen, places, left)


def with_witness(cells: list[nbformat.NotebookNode], twice: bool) -> Iterator[nbformat.NotebookNode]:
    """Yield the cells, twice if so wanted, and among them those that speak to the witness."""
    yield speak("watch")
    kept = False
    for section in notebooks.sections(cells):
        if kept:
            yield speak("forget")
        for cell in section:
            yield cell
            if twice and cell.cell_type == "code" and not is_check(cell):
                yield nbformat.from_dict({**cell, "id": cell.id + AGAIN})
            if cell.cell_type == "code" and not kept:
                yield speak("keep")
                kept = True


def speak(word: str) -> nbformat.NotebookNode:
    """Return a cell that calls a function of the witness."""
    return nbformat.v4.new_code_cell(f"__import__('sitecustomize').{word}(get_ipython())", id=f"witness-{word}")


def records(path: Path, cells: list[nbformat.NotebookNode]) -> tuple[dict[str, Seen], list[dict[str, str]]]:
    """Return what the witness has written: what was seen of each cell, and the places beyond 127.0.0.1.

    The kernel has written a record for each cell with code, in their order, from the one on that says "watch".
    """
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    ids = [cell.id for cell in cells if cell.cell_type == "code"]
    seen = zip(ids, [record for record in found if "left" in record], strict=True)
    return dict(seen), [record for record in found if "place" in record]


# The command.


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which notebooks may be named."""
    parser.add_argument("names", nargs="*", metavar="NOTEBOOK", help="such as ch01_socket; else all of them")


def run(arguments: argparse.Namespace) -> int:
    """Run each section of notebooks in a new kernel, and print its heading. Raises CellExecutionError."""
    run_all(arguments.names or notebooks.names(PROJECT), by_section, list(PROJECT.by_stem))
    return 0


def by_section(name: str, folder: Path) -> None:
    """Run each section of a notebook in a new kernel, behind the first cell. Raises CellExecutionError."""
    notebook = nbformat.read(folder / "notebooks" / f"{name}.ipynb", as_version=4)
    _, *others = notebooks.sections(notebook.cells)
    setup = [cell for cell in notebook.cells if cell.cell_type == "code"][:1]
    for section in others:
        notebook.cells = [*setup, *(cell for cell in section if cell not in setup)]
        execute(notebook, name, folder)
        print(f"{name}  {notebooks.text_of(section[0]).splitlines()[0]}", flush=True)
