"""Runs the notebooks more severely than a reader does, before a witness (see witness.py).

Each section finds only the names that the notebook's first cell has defined, as in a kernel that was just started;
each cell can be run twice in a row, but for checks, which take long (test_workbench.py repeats one); and what a cell
connects to, waits for and leaves behind is written down.

    python -m dev rehearsal                   start a kernel for each section of all notebooks
    python -m dev rehearsal ch01_socket       of one of them
"""
import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil

from dev.execution import execute, outputs_of, run_all
from workshop.course import notebooks

AGAIN = "-again"  # behind the id of a cell that is run for the second time


@dataclass
class Rehearsal:
    """A notebook that was run, with its new outputs, and all that was seen meanwhile."""

    notebook: nbformat.NotebookNode
    again: dict  # cell id -> the masked outputs of its second run, where there was one
    cells: dict  # cell id -> {"seconds": …, "left": what it left open}
    places: list  # where a socket has led beyond 127.0.0.1
    left: list  # the processes that have outlived the kernel


def rehearse(name, folder, twice=True):
    """Run a notebook in a copy of the repository, as a Rehearsal. Raises CellExecutionError."""
    return watched(nbformat.read(folder / "notebooks" / f"{name}.ipynb", as_version=4), name, folder, twice)


def watched(notebook, name, folder, twice=True):
    """Run the cells of a notebook before a witness."""
    place = folder / f"witness-{name}"
    place.mkdir()
    shutil.copy(Path(__file__).with_name("witness.py"), place / "sitecustomize.py")
    plain = notebook.cells
    notebook.cells = list(with_witness(plain, twice))
    execute(notebook, name, folder, place, WITNESS=str(place / "records"))
    ran = {cell.id: cell for cell in notebook.cells}
    seen = records(place / "records", notebook.cells)
    notebook.cells = [ran[cell.id] for cell in plain]
    again = {cell.id: outputs_of(ran[cell.id + AGAIN]) for cell in plain if cell.id + AGAIN in ran}
    return Rehearsal(notebook, again, *seen, survivors(place))


def with_witness(cells, twice):
    """Yield the cells, twice if so wanted, and among them those that speak to the witness."""
    yield speak("watch")
    kept = False
    for section in notebooks.sections(cells):
        if kept:
            yield speak("forget")
        for cell in section:
            yield from copies(cell, twice)
            if cell.cell_type == "code" and not kept:
                yield speak("keep")
                kept = True


def speak(word):
    """Return a cell that calls a function of the witness."""
    return nbformat.v4.new_code_cell(f"__import__('sitecustomize').{word}(get_ipython())", id=f"witness-{word}")


def copies(cell, twice):
    """Yield a cell, and behind it another one like it, if it has code and is to be run twice; not so for checks."""
    yield cell
    if twice and cell.cell_type == "code" and not cell.source.startswith("check("):
        again = nbformat.from_dict(cell)
        again.id += AGAIN
        yield again


def records(path, cells):
    """Return what the witness has written: {cell id: what was seen of it}, and the places beyond 127.0.0.1.

    The kernel has written a record for each cell with code, in their order, from the one on that says "watch".
    """
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    ids = [cell.id for cell in cells if cell.cell_type == "code"]
    seen = zip(ids, [record for record in found if "left" in record], strict=True)
    return dict(seen), [record for record in found if "place" in record]


def survivors(place):
    """Return the processes of a notebook that still run, known by the witness in their environment."""
    name = str(place / "records")
    return [str(process) for process in psutil.process_iter() if environment_of(process).get("WITNESS") == name]


def environment_of(process):
    """Return the environment of a process; {} where it can't be had."""
    try:
        return process.environ()
    except psutil.Error:
        return {}


def by_section(name, folder):
    """Run each section of a notebook in a new kernel, behind the first cell. Raises CellExecutionError."""
    notebook = nbformat.read(folder / "notebooks" / f"{name}.ipynb", as_version=4)
    opening, *others = notebooks.sections(notebook.cells)
    setup = [cell for cell in notebook.cells if cell.cell_type == "code"][:1]
    for section in others:
        notebook.cells = [*setup, *(cell for cell in section if cell not in setup)]
        execute(notebook, name, folder)
        print(f"{name}  {notebooks.text_of(section[0]).splitlines()[0]}", flush=True)


if __name__ == "__main__":
    run_all(sys.argv[1:] or notebooks.names(), "solved", by_section)
