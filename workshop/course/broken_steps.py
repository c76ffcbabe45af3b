"""Chapters that are no Python only because of the lines of one step: its `def` shows where they are, unparsed."""
import re
import warnings
from collections.abc import Callable, Iterable

from workshop.course.project import Chapter, Step
from workshop.course.source import indent_of, line_of, lines_of

DEFINITION = re.compile(r"\s*(@|def\b|async\s+def\b|class\b)")
CLOSING = (")", "]", "}")  # how the last line of a signature begins that takes several

Ends = Callable[[str], bool]  # tells of a line that is indented no deeper than a function whether it is behind it


def is_code(line: str) -> bool:
    return not line.lstrip().startswith(CLOSING)


def is_definition(line: str) -> bool:
    return DEFINITION.match(line) is not None


WAYS: tuple[Ends, ...] = (is_code, is_definition)  # the second takes in lines that have lost their indentation


def mended(text: str, steps: Iterable[Step]) -> str | None:
    """Return a text that is no Python with the lines of some steps of a chapter as the starter has them.

    It is None where that does not mend the text.
    """
    for ends in WAYS:
        changed = text
        for step in steps:
            changed = with_lines_of_starter(changed, step, ends)
        if compiles(changed):
            return changed
    return None


def step_to_blame(text: str, chapter: Chapter) -> Step | None:
    """Return the step of which alone the lines keep a chapter's text from being Python, or None."""
    return next((step for step in chapter.steps if mended(text, [step])), None)


def with_lines_of_starter(text: str, step: Step, ends: Ends) -> str:
    """Return a text in which a step has the lines of the starter, as far as both have its `def`."""
    own, given = lines_of(text), lines_of(step.chapter.starter)
    here, there = (extent(lines, step, ends) for lines in (own, given))
    own[here] = given[there] if own[here] else []
    return "".join(own)


def extent(lines: list[str], step: Step, ends: Ends) -> slice:
    """Return where the lines of a step stand, those behind it up to the next line that ends it included."""
    begin = line_of("".join(lines), step.name, step.number)
    if begin is None:
        return slice(0, 0)
    margin = len(indent_of(lines[begin - 1]))
    behind = (index for index in range(begin, len(lines))
              if lines[index].strip() and len(indent_of(lines[index])) <= margin and ends(lines[index]))
    return slice(begin - 1, next(behind, len(lines)))


def compiles(text: str) -> bool:
    """Tell whether Python takes a text, also what it refuses only after parsing, such as `return` outside a function.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True
