"""The notebooks as files: those that one works in, and beside them those that one reads.

Both are one text. The first have no outputs, so that a prediction stays one; `notebooks/rendered/` has the same
cells with what they print.
"""
import copy
import json
import re
from pathlib import Path

import nbformat

from dev import PROJECT
from dev.execution import outputs_of, run_all
from dev.glossary import with_links
from dev.navigation import with_navigation
from dev.quotations import with_quotations
from dev.rehearsal import FAULTS, rehearse
from dev.road_notebooks import id_on_road, notebook_of, short_roads
from workshop.course import notebooks
from workshop.course.notebooks import METADATA, RENDERED, Notebook
from workshop.machine.trouble import Trouble

HERE = re.compile(r"(!?\[[^\]]*\]\()(?!https?:|#|\w+\.ipynb)([^)]+\))")  # links, but for those to other notebooks
NOTE = ("*Here you see what the cells print when all steps are written. "
        "To run them, open [{name}.ipynb](../{name}.ipynb).*")


def files() -> dict[Path, str]:
    """Return the notebooks that one works in: navigation, quotations, links to the glossary, and no outputs."""
    return {notebooks.path_of(PROJECT, name): notebooks.written(to_work_in(name)) for name in notebooks.names(PROJECT)}


def to_work_in(name: str) -> Notebook:
    """Return a notebook as its file should be. Raises Trouble."""
    notebook = with_navigation(PROJECT, name, notebooks.read(PROJECT, name))
    notebook["metadata"] = METADATA
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
        else:
            cell["source"] = with_quotations(notebooks.text_of(cell)).splitlines(keepends=True)
    return with_links(name, notebook)


def rendered() -> dict[Path, str]:
    """Return the notebooks that one reads, with the outputs of solved chapters. Raises Trouble if one has a fault."""
    rehearsals = run_all(notebooks.names(PROJECT), rehearse, list(PROJECT.by_stem))
    for name, rehearsal in rehearsals.items():
        for fault, find in FAULTS.items():
            if found := find(rehearsal):
                raise Trouble(f"The notebook {name} {fault}: {found}")
    ran = {name: json.loads(nbformat.writes(rehearsal.notebook)) for name, rehearsal in rehearsals.items()}
    ran |= {road.name: with_outputs(notebook_of(road), ran) for road in short_roads()}
    return {PROJECT.root / RENDERED / f"{name}.ipynb": to_read(name, notebook) for name, notebook in ran.items()}


def with_outputs(notebook: Notebook, ran: dict[str, Notebook]) -> Notebook:
    """Return the notebook of a road with the outputs that its cells have in the chapters, which have run."""
    outputs = {id_on_road(name, cell): cell["outputs"] for name, chapter in ran.items()
               for cell in chapter["cells"] if cell["cell_type"] == "code"}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = copy.deepcopy(outputs.get(cell["id"], []))
    return notebook


def to_read(name: str, plain: Notebook) -> str:
    """Return a notebook that was run as its file in RENDERED should be."""
    plain["metadata"] = METADATA
    count = 0
    for cell in plain["cells"]:
        cell["metadata"] = {}
        if cell["cell_type"] == "markdown":
            cell["source"] = HERE.sub(r"\1../\2", notebooks.text_of(cell)).splitlines(keepends=True)
            continue
        count += 1
        for counted in [cell, *cell["outputs"]]:
            if "execution_count" in counted:
                counted["execution_count"] = count
    plain["cells"][0]["source"] += ["\n\n", NOTE.format(name=name)]
    return notebooks.written(plain)


def comparable(text: str) -> str:
    """Return the text of a notebook's file with the outputs masked, a line each."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = outputs_of(cell).splitlines()
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
