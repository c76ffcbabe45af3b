"""Functions that were filled in from the reference.

A comment in each says so, and which they are is kept in .workshop, beside the chapters. Whether a step is borrowed is
known by comparison: code that is the reference's stays the reference's when the comment is deleted. A body of few
statements can be the same by chance: that is borrowed only if a command has filled it in, or the comment says so.
"""
import ast
import contextlib
import re
from collections.abc import Collection, Iterable
from pathlib import Path

from workshop.course.project import KEPT, Chapter, Project, Step, order
from workshop.course.source import FunctionNode, lines_of, nodes_of, read_source
from workshop.files import replacing
from workshop.files.change import Change, attempt

NOTE = "# borrowed from the reference: step {}. Write it yourself, and delete this line."
FOUND = re.compile(r"^[ \t]*# borrowed from the reference: step (\d+\.\d+).*\n?", re.MULTILINE)
BY_CHANCE = 7  # statements of a body that two people may write alike, over however many lines
LENT = "lent"  # the file in .workshop with the numbers of the steps that were filled in


def with_note(text: str, number: str) -> str:
    """Return the text of a function, indented from column 0, with the note as the first line after its docstring."""
    lines = lines_of(text)
    node = next(iter(nodes_of(text).values()))
    lines.insert(node.body[0].end_lineno or 0, f"    {NOTE.format(number)}\n")
    return "".join(lines)


def without_notes(text: str) -> str:
    """Return a text without the lines of all notes."""
    return FOUND.sub("", text)


def borrowed_in(chapter: Chapter, text: str, filled_in: Collection[str] = ()) -> list[str]:
    """Return the numbers of the steps that are the reference's in a chapter's text; it may be no Python.

    filled_in are the steps that commands have put there, as lent() knows them for a folder.
    """
    return [step.number for step in chapter.steps if is_borrowed_in(step, text, step.number in filled_in)]


def surely_borrowed_in(chapter: Chapter, text: str, filled_in: Collection[str]) -> list[str]:
    """Return those of borrowed_in that a comment or filled_in names, so that no check has to run to know it."""
    named = {*FOUND.findall(text), *filled_in}
    return [step.number for step in chapter.steps
            if step.number in named and is_borrowed_in(step, text, step.number in filled_in)]


def lent_after(project: Project, taken: Iterable[str], opened: Iterable[str] = ()) -> dict[Path, Change]:
    """Return the change of the file that keeps which steps are filled in: some more are now, and others are opened.

    Raises Trouble.
    """
    path = project.kept / LENT
    before = attempt(project.root, path, replacing.read, path)
    numbers = sorted({*lent(project.learners), *taken} - set(opened), key=order)
    after = "".join(f"{number}\n" for number in numbers).encode()
    return {path: (before, after)} if before or numbers else {}


def is_borrowed(number: str, project: Project, folder: Path) -> bool:
    """Tell whether a step, by its number, is the reference's in a folder with chapters; in the reference none is."""
    step = project.step(number)
    try:
        text = read_source(step.chapter.path_in(folder))
        return folder.resolve() != project.solutions and is_borrowed_in(step, text, number in lent(folder))
    except (OSError, UnicodeDecodeError):
        return False


def lent(folder: Path) -> set[str]:
    """Return the numbers of the steps that commands have filled in in a folder with chapters, and not opened again."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return set((folder.parent / KEPT / LENT).read_text(encoding="utf-8").split())
    return set()


def is_borrowed_in(step: Step, text: str, filled_in: bool = False) -> bool:
    """Tell whether a step is the reference's in its chapter's text, which may be no Python.

    filled_in tells whether a command has put it there.
    """
    try:
        own = nodes_of(text)
    except (SyntaxError, ValueError):
        return False
    return step.name in own and is_same(
        own[step.name], nodes_of(step.chapter.reference)[step.name],
        filled_in or step.number in FOUND.findall(text))


def is_same(own: FunctionNode, reference: FunctionNode, noted: bool) -> bool:
    """Tell whether a function's body is the reference's, and not so short that it may be so by chance."""
    return (noted or not is_short(reference)) and dumped(own) == dumped(reference)


def is_short(node: FunctionNode) -> bool:
    """Tell whether a function's body has so few statements that two people may write it alike."""
    return sum(isinstance(part, ast.stmt) for part in ast.walk(node)) - 2 <= BY_CHANCE  # less itself and the docstring


def dumped(node: FunctionNode) -> list[str]:
    """Return what stands for a body without its docstring: neither comments nor line breaks count."""
    has_docstring = isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant)
    return [ast.dump(part) for part in node.body[has_docstring:]]
