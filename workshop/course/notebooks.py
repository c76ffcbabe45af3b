"""The notebooks as files: their cells, and what stands in them."""
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from workshop.course.project import Chapter, Project
from workshop.machine.trouble import Trouble

START = "start_here"
RENDERED = "notebooks/rendered"  # where the notebooks are with what their cells print
WORDS_A_MINUTE = 130  # of prose, read with care
LINES_A_MINUTE = 20  # of code
CELLS_A_MINUTE = 4  # that are run, and whose output is looked at
METADATA = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"}}
FENCED = re.compile(r"(?ms)^```\w*\n(.*?)^```")  # code within text
NO_WORDS = re.compile(r"(?ms)^```.*?^```|<!--.*?-->|</?\w+[^>]*>")
Cell = dict[str, Any]
AnyCell = TypeVar("AnyCell", bound=Cell)
Notebook = dict[str, Any]  # as its JSON is


def path_of(project: Project, name: str) -> Path:
    return project.root / "notebooks" / f"{name}.ipynb"


def names(project: Project) -> list[str]:
    """Return the names of the notebooks in the order in which they are read."""
    order = [START, *(chapter.stem for chapter in project.chapters)]
    return [name for name in order if path_of(project, name).exists()]


def read(project: Project, name: str) -> Notebook:
    """Return a notebook. Raises OSError, or Trouble if the file holds none."""
    path = path_of(project, name)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        found = None
    if not (isinstance(found, dict) and isinstance(found.get("cells"), list)):
        raise Trouble(f"{project.relative(path)} cannot be read as a notebook: take this file anew from where you "
                      "have the tutorial. Your code is in chapters/, and is not touched by that.")
    return found


def written(notebook: Notebook) -> str:
    """Return a notebook as JupyterLab writes it, so that saving it there changes nothing."""
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def cells_of(chapter: Chapter) -> list[Cell]:
    """Return the cells of a chapter's notebook; none if there is none. Raises Trouble."""
    try:
        return read(chapter.project, chapter.stem)["cells"]
    except OSError:
        return []


def text_of(cell: Cell) -> str:
    """Return the source of a cell."""
    return "".join(cell["source"])


def sections(cells: Iterable[AnyCell]) -> list[list[AnyCell]]:
    """Return the cells of a notebook by section: what stands before the first heading, then each with its own.

    The title of the notebook is none.
    """
    found: list[list[AnyCell]] = [[]]
    for cell in cells:
        if cell["cell_type"] == "markdown" and re.match(r"##+ ", text_of(cell)):
            found.append([])
        found[-1].append(cell)
    return found


def title_of(project: Project, name: str) -> str:
    """Return the title of a notebook: the question of its chapter."""
    chapter = project.by_stem.get(name)
    return chapter.title if chapter else "Start here"


def minutes_of(project: Project, name: str, notebook: Notebook) -> tuple[int, int]:
    """Return (minutes of reading, minutes of exercises): the second are those of the steps."""
    chapter = project.by_stem.get(name)
    exercises = sum(step.minutes for step in chapter.steps) if chapter else 0
    return max(5, 5 * round(minutes_to_read(notebook["cells"]) / 5)), exercises


def minutes_to_read(cells: Iterable[Cell]) -> float:
    """Return how long cells are read: words, lines of code and cells that run, each at its own pace.

    Navigation is not counted, and code that is quoted within text counts as code.
    """
    texts: dict[str, list[str]] = {"markdown": [], "code": []}
    for cell in cells:
        if not cell["id"].startswith("navigation"):
            texts[cell["cell_type"]].append(text_of(cell))
    runs = lines_in(texts["code"]) / LINES_A_MINUTE + len(texts["code"]) / CELLS_A_MINUTE
    return minutes_for(texts["markdown"]) + runs


def minutes_for(texts: Sequence[str]) -> float:
    """Return how many minutes texts in Markdown are read, with the code in them."""
    quoted = [block for text in texts for block in FENCED.findall(text)]
    return sum(map(words_in, texts)) / WORDS_A_MINUTE + lines_in(quoted) / LINES_A_MINUTE


def words_in(text: str) -> int:
    """Return how many words a text in Markdown has, without code: what has no letter and no digit is none."""
    return sum(any(map(str.isalnum, word)) for word in NO_WORDS.sub("", text).split())


def lines_in(code: Iterable[str]) -> int:
    """Return how many lines of code are not blank."""
    return sum(bool(line.strip()) for text in code for line in text.splitlines())
