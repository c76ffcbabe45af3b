"""The tables in the pages for learners, teachers and contributors, made from the files."""
import ast
from collections.abc import Callable, Sequence
from pathlib import Path

from dev import PROJECT, preparation
from workshop.course import notebooks
from workshop.course.project import Chapter
from workshop.course.roads import WHOLE, roads
from workshop.pages.report import hours

Rows = Sequence[Sequence[str]]  # of a table; the first has the headings

COLUMNS = {
    "notebook": "notebooks/{}.ipynb",
    "exercise": "chapters/{}.py",
    "checks": "tests/{}/",
}


def minutes_of(chapter: Chapter) -> tuple[int, int]:
    """Return the minutes of reading and of exercises."""
    return notebooks.minutes_of(PROJECT, chapter.stem, notebooks.read(PROJECT, chapter.stem))


def row(chapter: Chapter) -> list[str]:
    """Return the cells of a chapter's row: question, links to what exists, number of steps, minutes of both kinds."""
    paths = [pattern.format(chapter.stem) for pattern in COLUMNS.values()]
    links = [f"[{Path(path).name}]({path})" if (PROJECT.root / path).exists() else "" for path in paths]
    minutes = map(str, minutes_of(chapter)) if chapter.stem in notebooks.names(PROJECT) else ["", ""]
    return [chapter.title, *links, str(len(chapter.steps)), *minutes]


def chapters() -> Rows:
    """Return the rows of the chapters; a column with nothing in it is left out."""
    rows = [["chapter", *COLUMNS, "steps", "minutes of reading", "of exercises"], *map(row, PROJECT.chapters)]
    columns = [column for column in zip(*rows, strict=True) if any(column[1:])]
    return list(zip(*columns, strict=True))


def lessons() -> Rows:
    """Return the rows of the chapters as a teacher plans them: the hours that a first reader needs, and mistakes."""
    rows = [["chapter", "steps", "hours", "mistakes that people make"]]
    for chapter in PROJECT.chapters:
        hours = round(sum(minutes_of(chapter)) / 30) / 2
        link = f"[{chapter.stem}.md](mistakes/{chapter.stem}.md)"
        rows.append([chapter.title, str(len(chapter.steps)), f"{hours:g}", link])
    return rows


def choice() -> Rows:
    """Return the rows of the roads: which there are, how long they take, and how they are begun."""
    rows = [("road", "alone", "in a class", "you write", "begin")]
    for road in roads(PROJECT).values():
        notebook = road.name if road.name != WHOLE else notebooks.START
        rows.append((f"[{road.title[0].lower()}{road.title[1:]}](notebooks/{notebook}.ipynb)", hours(road.alone),
                     hours(road.minutes) if road.name != WHOLE else "a chapter a week",
                     f"{len(road.steps)} functions", f"`python3 -m workshop begin {road.name}`"))
    return rows


def parts(name: str) -> Rows:
    """Return the rows of a folder's packages and modules: where each is, and what its docstring says first."""
    folder = PROJECT.root / name
    found = [path.parent if path.name == "__init__.py" else path
             for pattern in ("*.py", "*/__init__.py") for path in folder.glob(pattern)]
    found = sorted(path for path in found if path != folder and not path.name.startswith("__"))
    return [("part", "what it is"), *((f"`{name}/{path.name}`", sentence_of(path)) for path in found)]


def sentence_of(path: Path) -> str:
    """Return the first paragraph of the docstring of a module or package, as one line for a cell."""
    text = (path / "__init__.py" if path.is_dir() else path).read_text(encoding="utf-8")
    return " ".join((ast.get_docstring(ast.parse(text)) or "").partition("\n\n")[0].replace("|", "\\|").split())


PAGES: dict[str, dict[str, Callable[[], Rows]]] = {
    "README.md": {"roads": choice, "chapters": chapters},
    "teaching/README.md": {"preparation": preparation.rows, "lessons": lessons},
    "CONTRIBUTING.md": {"workshop": lambda: parts("workshop"), "dev": lambda: parts("dev")},
}


def as_markdown(rows: Rows) -> str:
    """Return rows, the first of which are headings, as a table in Markdown."""
    heading, *others = [f"| {' | '.join(cells)} |\n" for cells in rows]
    return "".join([heading, "| --- " * len(rows[0]) + "|\n", *others])


def with_tables(page: str, text: str) -> str:
    """Return the text of a page with its tables as they should be: each stands between two comments with its name."""
    for name, rows in PAGES[page].items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, found, rest = text.partition(begin)
        _, closed, after = rest.partition(end)
        assert found and closed, f"{page} has no place for the table of {name}"
        text = before + begin + as_markdown(rows()) + end + after
    return text


def files() -> dict[Path, str]:
    """Return the pages with their tables as they should be."""
    paths = {page: PROJECT.root / page for page in PAGES}
    return {path: with_tables(page, path.read_text(encoding="utf-8")) for page, path in paths.items()}
