"""The table of chapters in README.md, made from the files."""
import re
from pathlib import Path

from dev import PROJECT
from workshop.course import notebooks
from workshop.course.project import Chapter

README = PROJECT.root / "README.md"
TABLE = re.compile(r"(<!-- chapters -->\n).*?(<!-- end of chapters -->)", re.DOTALL)
COLUMNS = {
    "notebook": "notebooks/{}.ipynb",
    "exercise": "chapters/{}.py",
    "checks": "tests/{}",
}


def files() -> dict[Path, str]:
    """Return README.md with the table as it should be."""
    return {README: TABLE.sub(lambda match: match[1] + table() + match[2], README.read_text(encoding="utf-8"))}


def row(chapter: Chapter) -> list[str]:
    """Return the cells of a chapter's row: question, links to what exists, number of steps, minutes of both kinds."""
    paths = [pattern.format(chapter.stem) for pattern in COLUMNS.values()]
    links = [f"[{path.rpartition('/')[2]}]({path})" if (PROJECT.root / path).exists() else "" for path in paths]
    minutes = notebooks.minutes_of(PROJECT, chapter.stem, {"cells": notebooks.cells_of(chapter)})
    return [chapter.title, *links, str(len(chapter.steps)), *map(str, minutes)]


def table() -> str:
    """Return the table as Markdown; a column with nothing in it is left out."""
    rows = [["chapter", *COLUMNS, "steps", "reading", "exercises"], *map(row, PROJECT.chapters)]
    columns = [column for column in zip(*rows, strict=True) if any(column[1:])]
    rows = [f"| {' | '.join(cells)} |" for cells in zip(*columns, strict=True)]
    return "\n".join([rows[0], "| --- " * len(columns) + "|", *rows[1:]]) + "\n"
