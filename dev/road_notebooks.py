"""The notebooks of the short roads: the sections that a road has chosen, in its order, with its own words between them.

Nothing is written twice: each cell is one of a chapter's notebook. Where a step is not written on the road, its part of
the section is left out; where it is shown, the reference stands in its place. Each cell with code begins with a number,
so that a class can name it: `# Cell 12`.
"""
import ast
import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from dev import PROJECT
from dev.glossary import with_links
from dev.quotations import block
from workshop.course import notebooks
from workshop.course.notebooks import METADATA, Cell, Notebook, text_of, title_of
from workshop.course.roads import WHOLE, Leg, Road, begun_with, roads
from workshop.machine.trouble import Trouble
from workshop.pages.report import hours

HEADING = re.compile(r"(#{2,3}) (.+)")
STEP = re.compile(r"Step (\d+\.\d+)\b")  # a heading of one begins so
BUG_NUMBER = re.compile(r"(Spot the bugs?), (?:\d+|first|second|third|fourth)\.")  # as a chapter counts its bugs
WIDTH = 98  # columns of an import that has many names


def short_roads() -> list[Road]:
    """Return the roads that have a notebook of their own."""
    return [road for road in roads(PROJECT).values() if road.name != WHOLE]


def notebook_of(road: Road) -> Notebook:
    """Return the notebook of a road, without outputs. Raises Trouble for a heading that its chapter does not have."""
    stems = list(dict.fromkeys(leg.notebook for leg in road.legs if leg.notebook))
    chapters = {stem: notebooks.read(PROJECT, stem)["cells"] for stem in stems}
    legs = [cell for count, leg in enumerate(road.legs, 1) if leg.notebook
            for cell in cells_of(leg, count, chapters[leg.notebook])]
    used = {node.id for cell in legs if cell["cell_type"] == "code"
            for node in ast.walk(ast.parse(text_of(cell))) if isinstance(node, ast.Name)}
    cells = with_numbers([markdown("navigation-top", top(road)), code("setup", setup(chapters.values(), used)), *legs,
                          markdown("navigation-bottom", bottom())])
    return with_links(road.name, {"cells": list(cells), "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5})


def with_numbers(cells: Iterable[Cell]) -> Iterator[Cell]:
    """Yield cells; those with code begin with their numbers, from 1 on."""
    count = 0
    for cell in cells:
        count += cell["cell_type"] == "code"
        yield cell | {"source": [f"# Cell {count}\n", *cell["source"]]} if cell["cell_type"] == "code" else cell


def numbers_of(road: Road) -> dict[str, int]:
    """Return the numbers of the cells with code in the notebook of a road, by the cells' ids. Raises Trouble."""
    with_code = [cell["id"] for cell in notebook_of(road)["cells"] if cell["cell_type"] == "code"]
    return {cell_id: number for number, cell_id in enumerate(with_code, 1)}


def cells_named(numbers: Sequence[int]) -> str:
    """Return how cells are named, in order: cell 5, cells 5 and 6, cells 5 to 7, or cells 5 to 7, 9 and 12."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [text for run in runs for text in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run))]
    return f"cell{'s' if len(numbers) > 1 else ''} {' and '.join(filter(None, [', '.join(words[:-1]), words[-1]]))}"


def files() -> dict[Path, str]:
    """Return the notebooks of all short roads."""
    return {notebooks.path_of(PROJECT, road.name): notebooks.written(notebook_of(road)) for road in short_roads()}


def markdown(cell_id: str, text: str) -> Cell:
    """Return a cell with text."""
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": text.splitlines(keepends=True)}


def code(cell_id: str, text: str) -> Cell:
    """Return a cell with code."""
    return {"cell_type": "code", "id": cell_id, "metadata": {}, "source": text.splitlines(keepends=True),
            "outputs": [], "execution_count": None}


def top(road: Road) -> str:
    """Return what stands first: the title, the minutes, and how the road is begun."""
    return "\n\n".join([
        f"# {road.title}: from a raw socket to two Flask apps",
        f"[← {title_of(PROJECT, notebooks.START)}]({notebooks.START}.ipynb)",
        f"*About {hours(road.alone)} alone, {hours(road.minutes)} in a class. You write {len(road.steps)} functions; "
        "the others are borrowed from the reference.*",
        "Begin the road in a terminal, in the tutorial's folder, if you have not done it yet: "
        f"`{begun_with(road)}`. Then run the next cell before any other. The text is that of the long chapters. Where "
        "it says *yours*, it may be borrowed on this road: `python3 -m workshop` says what is whose.",
        "The minutes of a step are those of a class, where two talk and a teacher helps. Alone you need more: the "
        "minutes in the chapter's file, which `python3 -m workshop` says too."])


def bottom() -> str:
    """Return what stands last: where the long chapters are."""
    links = "\n".join(f"- [{chapter.title}]({chapter.stem}.ipynb)" for chapter in PROJECT.chapters)
    return f"## The long chapters\n\nEach has much more than this road:\n\n{links}"


def setup(chapters: Iterable[list[Cell]], used: set[str]) -> str:
    """Return one first cell for several chapters: what theirs import and define, of the names that are used, once."""
    imported: dict[str, list[str]] = {}
    rest: list[str] = []
    for cells in chapters:
        for node in ast.parse(text_of(next(cell for cell in cells if cell["cell_type"] == "code"))).body:
            if isinstance(node, ast.ImportFrom):
                names = imported.setdefault(f"from {node.module} import", [])
            elif isinstance(node, ast.Import):
                names = imported.setdefault("import", [])
            else:
                rest += [ast.unparse(node)] if ast.unparse(node) not in rest and names_in(node) & used else []
                continue
            names += [alias.name for alias in node.names if alias.name in used - set(names)]
    workbench = [line for line in imported if "workbench" in line]  # first, for it says if the kernel is a wrong one
    order = [line for line in [*workbench, *sorted(set(imported) - set(workbench))] if imported[line]]
    lines = [import_of(line, imported[line]) for line in order]
    return "\n".join([*lines, *rest])


def names_in(node: ast.stmt) -> set[str]:
    """Return the names that a statement assigns to."""
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}


def import_of(words: str, names: list[str]) -> str:
    """Return an import of names, in one line or in a few."""
    if words == "import":
        return "\n".join(f"import {name}" for name in sorted(names))
    line = f"{words} {', '.join(sorted(names))}"
    wrapped = textwrap.fill(", ".join(sorted(names)), WIDTH, initial_indent="    ", subsequent_indent="    ")
    return line if len(line) <= WIDTH else f"{words} (\n{wrapped})"


# The legs.


def numbered_legs(road: Road) -> list[tuple[int, Leg]]:
    """Return the legs of a road, each with the number of its part: 0 for one without a notebook, as a break is."""
    counts = accumulate(bool(leg.notebook) for leg in road.legs)
    return [(count if leg.notebook else 0, leg) for count, leg in zip(counts, road.legs, strict=True)]


def cells_on(leg: Leg) -> list[Cell]:
    """Return the cells of a leg, without numbers: its title and bridge first; none of a break. Raises Trouble."""
    return list(cells_of(leg, 1, notebooks.read(PROJECT, leg.notebook)["cells"])) if leg.notebook else []


def cells_of(leg: Leg, count: int, chapter: list[Cell]) -> Iterator[Cell]:
    """Yield the cells of a leg: its title and bridge, and the sections that it reads. Raises Trouble."""
    yield markdown(f"leg-{count}", "\n\n".join(filter(None, [f"## {leg.title}", leg.bridge])))
    found = sections_of(chapter)
    for heading in leg.headings:
        if heading not in found:
            raise Trouble(f"{leg.notebook} has no section {heading!r}, which a road reads.")
        yield from (on_road(leg.notebook, cell, demoted(cell, leg.title)) for cell in found[heading])
    for number in [*leg.shown, *leg.write]:
        if number in leg.shown:
            yield shown(number)
        else:
            yield from (on_road(leg.notebook, cell, in_a_room(cell, leg.write[number]))
                        for cell in step_cells(number, chapter))


def on_road(stem: str, cell: Cell, text: str) -> Cell:
    """Return a cell of a chapter as a road has it, with a text of its own: a bug has no number but the road's."""
    return cell | {"id": id_on_road(stem, cell), "source": BUG_NUMBER.sub(r"\1.", text).splitlines(keepends=True)}


def in_a_room(cell: Cell, minutes: int) -> str:
    """Return a cell's text with the minutes that its step, if it is the heading of one, has on the road."""
    return re.sub(r"\A(#+ Step .*· )\d+( minutes)", rf"\g<1>{minutes}\2", text_of(cell))


def id_on_road(stem: str, cell: Cell) -> str:
    """Return the id that a cell of a chapter has on a road, where cells of several chapters meet."""
    return f"{stem[:4]}-{cell['id']}"


def printed(cell_id: str) -> str:
    """Return what a cell prints, by its id on a road, as its chapter was rendered last; "" for a cell that is new."""
    stem = next(chapter.stem for chapter in PROJECT.chapters if cell_id.startswith(f"{chapter.stem[:4]}-"))
    path = PROJECT.root / notebooks.RENDERED / f"{stem}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"] if path.exists() else []
    return "".join(line for cell in cells if id_on_road(stem, cell) == cell_id
                   for output in cell["outputs"] for line in output.get("text", ""))


def sections_of(chapter: list[Cell]) -> dict[str, list[Cell]]:
    """Return the cells of each section by its heading, without those of its steps."""
    found: dict[str, list[Cell]] = {}
    name = None
    for cell in chapter:
        if cell["id"].startswith("navigation"):
            name = None
        elif match := heading_in(cell):
            name = None if STEP.match(match[2]) else match[2]
        if name:
            found.setdefault(name, []).append(cell)
    return found


def step_cells(number: str, chapter: list[Cell]) -> list[Cell]:
    """Return the cells of a step: from its heading to the next one."""
    found: list[Cell] = []
    inside = False
    for cell in chapter:
        if match := heading_in(cell):
            inside = bool((step := STEP.match(match[2])) and step[1] == number)
        if inside and not cell["id"].startswith("navigation"):
            found.append(cell)
    return found


def heading_in(cell: Cell) -> re.Match[str] | None:
    """Return the match of the heading that a cell begins with, or None."""
    return HEADING.match(text_of(cell)) if cell["cell_type"] == "markdown" else None


def demoted(cell: Cell, title: str) -> str:
    """Return a cell's text with its heading one level lower, for the legs of the road have the upper one.

    A heading that is its leg's title is not said twice.
    """
    text = text_of(cell)
    if (match := heading_in(cell)) and match[2] == title:
        text = text.partition("\n")[2].lstrip("\n")
    elif text.startswith("## "):
        text = f"#{text}"
    return text


def shown(number: str) -> Cell:
    """Return a cell that shows the reference of a step."""
    step = PROJECT.steps[number]
    quotation = block(PROJECT.relative(step.path), step.name)
    title = f"### Step {number}, to read: `{step.name}`"
    words = "This one is borrowed. Read it; you need not write it."
    return markdown(f"shown-{number.replace('.', '-')}", f"{title}\n\n{words}\n\n{quotation}")
